import { algorithm } from '../../dns/dnssec/algorithms.ts';
import { type DigestType, dsFromDnskey } from '../../dns/dnssec/keys.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { DnskeyView, DsView } from '../keys/views.ts';
import type { ExpectedDelegation } from './delegation.ts';
import { list } from './phrases.ts';

const SHA1 = 1;

export interface DsJudgement {
  state: 'insecure' | 'secure' | 'bogus';
  /** What to change, each as the imperative half of a sentence. */
  problems: string[];
}

/** Compares the DS records of the parent with the zone's keys. One that matches is enough for validators (RFC 4035 §5.2). */
export function judgeDs(expected: ExpectedDelegation, found: readonly DsView[]): DsJudgement {
  const { zone, dnskey } = expected;
  const stray = found.filter((ds) => !dnskey.some((key) => matches(zone, key, ds)));
  const remove = stray.map((ds) => `remove the DS record ${named(ds)}, ${whyStray(expected, ds)}`);
  // RFC 4509 §3: beside a better digest SHA-1 counts for nothing.
  const better = found.filter((ds) => isSupported(ds) && ds.digestType !== SHA1);
  const counting = better.length > 0 ? better : found;
  if (counting.some((ds) => !stray.includes(ds))) return { state: 'secure', problems: remove };
  // RFC 4035 §5.2: a zone whose DS records are all of unknown algorithms is treated as if it had none.
  const state = counting.some(isSupported) ? 'bogus' : 'insecure';
  return { state, problems: [...remove, ...setDs(expected)] };
}

function setDs({ ds }: ExpectedDelegation): string[] {
  const [first] = ds;
  if (!first) return [];
  const { keyTag, algorithm: number, digestType, digest } = first;
  return [`set the DS record "${keyTag} ${number} ${digestType} ${digest}"`];
}

/** How people find a DS record in their registrar's form. */
export function named({ keyTag, algorithm: number, digestType, digest }: DsView): string {
  return `"${keyTag} ${number} ${digestType} ${digest.slice(0, 8)}…"`;
}

export function dsNames(found: readonly DsView[]): string {
  return list(found.map(named));
}

function whyStray({ dnskey, ds: ours }: ExpectedDelegation, ds: DsView): string {
  if (!isSupported(ds)) return 'whose algorithm or digest type no resolver knows';
  const sameKey = ours.some(
    ({ keyTag, algorithm: number }) => keyTag === ds.keyTag && number === ds.algorithm,
  );
  if (sameKey) return "whose digest is not that of the zone's key";
  if (ours.some(({ keyTag }) => keyTag === ds.keyTag))
    return `whose algorithm is ${ds.algorithm} where the zone's key has ${list(dnskey.map((key) => String(key.algorithm)))}`;
  return 'which matches no key of the zone';
}

function isSupported({ algorithm: number, digestType }: DsView): boolean {
  return algorithm(number) !== undefined && isDigestType(digestType);
}

function matches(zone: Name, key: DnskeyView, ds: DsView): boolean {
  if (key.algorithm !== ds.algorithm || !isDigestType(ds.digestType)) return false;
  const own = dsFromDnskey(zone, dnskeyRdata(key), ds.digestType);
  return own.keyTag === ds.keyTag && Buffer.compare(own.digest, Buffer.from(ds.digest, 'hex')) === 0;
}

function isDigestType(type: number): type is DigestType {
  return type === 1 || type === 2 || type === 4;
}

function dnskeyRdata({ flags, protocol, algorithm: number, publicKey }: DnskeyView): Uint8Array {
  const head = [flags >>> 8, flags & 0xff, protocol, number];
  return Buffer.concat([Uint8Array.from(head), Buffer.from(publicKey, 'base64')]);
}
