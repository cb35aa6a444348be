import { randomInteger } from '../../core/random.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { SignedRRset } from '../zone/node.ts';
import type { SigningKey } from './keys.ts';
import type { SignOptions } from './policy.ts';
import {
  canonicalRdatas,
  putCanonicalName,
  recordsLength,
  RRSIG_FIXED,
  rrsigFields,
  writeRecords,
  writeRrsigFixed,
} from './sign.ts';
import { secondsUntil } from './verify.ts';

/** Takes a signature to be made; the RRSIG that comes of it goes to `signatures[index]`. */
export type AddTask = (task: SignTask) => void;

export interface SignTask {
  key: SigningKey;
  /** What the signature covers: only until the call returns, as the buffer is used again. */
  data: Uint8Array;
  /** So many octets of `data` are the RRSIG's rdata up to the signature. */
  prefix: number;
  signatures: Uint8Array[];
  index: number;
}

export interface RRsetSigner {
  /**
   * Gives an RRset its signatures; `before` is what is served under that owner and type. Every signature that is still good
   * is kept; the missing ones become tasks. When nothing is to do the answer is `before` itself.
   */
  sign(rrset: RRset, before: SignedRRset | undefined): SignedRRset;
  /** The first moment (seconds since the epoch) at which one of the signatures seen so far expires, the new ones included. */
  earliestExpiration(): number | undefined;
}

/** Stands in a list of signatures until the task is done. */
const PENDING = new Uint8Array(0);

/** `known` are the keys that the served version publishes: signatures with the tag of another are not its own (RFC 4034 App. B). */
export function rrsetSigner(
  options: SignOptions,
  addTask: AddTask,
  known: ReadonlySet<SigningKey> = new Set(),
): RRsetSigner {
  const { origin, keys, policy, now, random } = options;
  const keySigners = keys.filter((key) => key.roles.signsKeys);
  const zoneSigners = keys.filter((key) => key.roles.signsZone);
  const inception = (now - policy.inceptionOffset) >>> 0;
  const prefix = RRSIG_FIXED + origin.wire.length;
  let scratch = scratchFor(origin, 4096);
  let earliest = Infinity;

  function keep(rdata: Uint8Array): Uint8Array {
    earliest = Math.min(earliest, expirationOf(rdata, now));
    return rdata;
  }

  function make(rrset: RRset, key: SigningKey, signatures: Uint8Array[], index: number): void {
    const expiration = now + policy.validity - randomInteger(random, policy.jitter + 1);
    earliest = Math.min(earliest, expiration);
    const fields = rrsigFields(rrset, key, origin, { inception, expiration: expiration >>> 0 });
    const rdatas = canonicalRdatas(rrset);
    const length = prefix + recordsLength(rrset.owner, rdatas);
    if (scratch.length < length) scratch = scratchFor(origin, 2 * length);
    writeRrsigFixed(scratch, fields);
    writeRecords(scratch, prefix, rrset, rdatas);
    addTask({ key, data: scratch.subarray(0, length), prefix, signatures, index });
  }

  return {
    sign(rrset, before) {
      const signers = isKeyRRset(rrset.type) ? keySigners : zoneSigners;
      const same = before && sameContent(rrset, before) ? before : undefined;
      const signatures = new Array<Uint8Array>(signers.length).fill(PENDING);
      let made = 0;
      for (let i = 0; i < signers.length; i++) {
        const key = signers[i]!;
        const old = known.has(key)
          ? same?.signatures.find((rdata) => isGood(rdata, key, rrset, options))
          : undefined;
        if (old) signatures[i] = keep(old);
        else {
          make(rrset, key, signatures, i);
          made++;
        }
      }
      if (same && made === 0 && same.signatures.length === signers.length) return same;
      const { owner, type, ttl, rdatas } = same ?? rrset;
      return { owner, type, ttl, rdatas, signatures };
    },
    earliestExpiration: () => (earliest === Infinity ? undefined : earliest),
  };
}

/** Room for signed data, with the signer's name, which is always the same, in its place. */
function scratchFor(origin: Name, size: number): Uint8Array {
  const scratch = new Uint8Array(size);
  putCanonicalName(scratch, RRSIG_FIXED, origin);
  return scratch;
}

/** DNSKEY, and CDS and CDNSKEY, which the parent accepts only from a key that it knows (RFC 7344 §4.1). */
function isKeyRRset(type: number): boolean {
  return type === Type.DNSKEY || type === Type.CDS || type === Type.CDNSKEY;
}

/** Same TTL and same records, in whatever order. */
export function sameContent(a: RRset, b: RRset): boolean {
  if (a.ttl !== b.ttl || a.rdatas.length !== b.rdatas.length) return false;
  if (a.rdatas.every((rdata, i) => equal(rdata, b.rdatas[i]!))) return true;
  const octets = new Set(b.rdatas.map(octetsKey));
  return a.rdatas.every((rdata) => octets.has(octetsKey(rdata)));
}

/** Octets as a Map key. */
function octetsKey(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

/** The keys that stand in a DNSKEY RRset, octet for octet. */
export function keysIn(dnskeys: RRset | undefined, keys: readonly SigningKey[]): Set<SigningKey> {
  return new Set(keys.filter((key) => dnskeys?.rdatas.some((rdata) => equal(rdata, key.dnskey))));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}

/** Whether an RRSIG is of this key and lasts. `rrset` is known to be the one that it covers, but for the TTL it has now. */
function isGood(rdata: Uint8Array, key: SigningKey, rrset: RRset, options: SignOptions): boolean {
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
  const { now, policy } = options;
  return (
    view.getUint8(2) === key.algorithm &&
    view.getUint16(16) === key.keyTag &&
    view.getUint32(4) === rrset.ttl &&
    secondsUntil(view.getUint32(8), now) > policy.refresh &&
    secondsUntil(view.getUint32(12), now) <= 0
  );
}

/** The moment an RRSIG expires, seconds since the epoch; `now` tells the era of the 32-bit serial (RFC 4034 §3.1.5). */
function expirationOf(rdata: Uint8Array, now: number): number {
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
  return now + secondsUntil(view.getUint32(8), now);
}
