import { createHmac, timingSafeEqual } from 'node:crypto';
import { tsig as tsigRdata, type Tsig } from '../rdata/tsig.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';

/**
 * Transaction signatures (RFC 8945): the one who asks and the one who answers prove to each other that they have the same secret. All of
 * this is pure: the time (seconds since the epoch) is given by the caller.
 */

/** RFC 8945 §6: those that are recommended, and two more of the same family. MD5 and SHA-1 are not. */
export const tsigAlgorithms = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const;
export type TsigAlgorithm = (typeof tsigAlgorithms)[number];

export interface TsigKey {
  name: Name;
  algorithm: TsigAlgorithm;
  secret: Uint8Array;
}

/** The TSIG record of a message, and where it stands. */
export interface SignedBy extends Tsig {
  key: Name;
  /** The offset of the record: what is before it was signed. */
  at: number;
}

/** How far the clocks of both may be apart, seconds (RFC 8945 §10). */
export const FUDGE = 300;
/** Messages of one reply that may follow each other without a signature (RFC 8945 §5.3.1). */
const MAX_UNSIGNED = 99;
const HEADER_SIZE = 12;
const ARCOUNT = 10;

const kinds: Record<TsigAlgorithm, { hash: string; wire: Name; octets: number }> = {
  'hmac-sha256': { hash: 'sha256', wire: Name.parse('hmac-sha256.'), octets: 32 },
  'hmac-sha384': { hash: 'sha384', wire: Name.parse('hmac-sha384.'), octets: 48 },
  'hmac-sha512': { hash: 'sha512', wire: Name.parse('hmac-sha512.'), octets: 64 },
};

/** Octets of a hash, which is also the length that RFC 8945 §8 wants a secret to have. */
export function secretOctets(algorithm: TsigAlgorithm): number {
  return kinds[algorithm].octets;
}

/** Octets that signing adds to a message. */
export function tsigSize({ name, algorithm }: TsigKey): number {
  const { wire, octets } = kinds[algorithm];
  return name.wire.length + 10 + wire.wire.length + 16 + octets;
}

/** The most that it adds with an error: BADTIME tells our time. */
export function tsigErrorSize(key: TsigKey): number {
  return tsigSize(key) + TIME_OCTETS;
}
const TIME_OCTETS = 6;

/**
 * The TSIG of a message, which is its last record; undefined when there is none.
 * @throws FormErr when it stands elsewhere, or is none (RFC 8945 §4.2, §5.2)
 */
export function readTsig(message: Uint8Array): SignedBy | undefined {
  const reader = new WireReader(message);
  const count = (at: number): number => (message[at]! << 8) | message[at + 1]!;
  reader.take(HEADER_SIZE);
  for (let i = count(4); i > 0; i--) {
    reader.name();
    reader.u32();
  }
  const records = count(6) + count(8) + count(ARCOUNT);
  let found: SignedBy | undefined;
  for (let left = records; left > 0; left--) {
    const at = reader.offset;
    const owner = reader.name();
    const type = reader.u16();
    const rrClass = reader.u16();
    const ttl = reader.u32();
    const length = reader.u16();
    if (type !== Type.TSIG) {
      reader.take(length);
      continue;
    }
    if (left > 1 || count(ARCOUNT) === 0) throw new FormErr('TSIG is not the last record');
    if (rrClass !== Class.ANY || ttl !== 0) throw new FormErr('TSIG has a class or a TTL');
    const rdata = new WireReader(message, reader.offset, reader.offset + length);
    found = { ...tsigRdata.decode(rdata), key: owner, at };
    if (rdata.remaining > 0) throw new FormErr('TSIG is longer than its fields');
    reader.take(length);
  }
  if (reader.remaining > 0) throw new FormErr('octets follow the message');
  return found;
}

/** The message as it was before it was signed (RFC 8945 §4.3.2): without TSIG, and with the id that it had then. */
export function withoutTsig(message: Uint8Array, { at, originalId }: SignedBy): Uint8Array {
  // Not slice(): of a Buffer that is no copy.
  const plain = new Uint8Array(message.subarray(0, at));
  put16(plain, 0, originalId);
  put16(plain, ARCOUNT, ((message[ARCOUNT]! << 8) | message[ARCOUNT + 1]!) - 1);
  return plain;
}

/** What became of a signature; the error is that of the TSIG record (RFC 8945 §3), and the RCODE of the answer is NOTAUTH. */
export type TsigCheck =
  | { kind: 'valid'; session: TsigSession }
  /** BADTIME and BADTRUNC are signed; BADKEY and BADSIG cannot be. */
  | { kind: 'invalid'; error: number; session: TsigSession | undefined };

/**
 * Checks a request (RFC 8945 §5.2): the key, then the signature, then the time, then whether it was cut.
 * @param key the key of that name; undefined when there is none
 * @param now seconds since the epoch
 * @throws FormErr for a signature of a length that nobody may send (RFC 8945 §5.2.2.1)
 */
export function checkRequest(
  message: Uint8Array,
  signed: SignedBy,
  key: TsigKey | undefined,
  now: number,
): TsigCheck {
  if (!key || !usesKey(signed, key)) return { kind: 'invalid', error: Rcode.BADKEY, session: undefined };
  const mac = macOf(key, [withoutTsig(message, signed), variables(key, signed)]);
  if (!sameMac(mac, signed.mac)) return { kind: 'invalid', error: Rcode.BADSIG, session: undefined };
  const session = createTsigSession(key, signed.mac);
  const error = late(signed, now) ? Rcode.BADTIME : cut(signed, key) ? Rcode.BADTRUNC : 0;
  return error === 0 ? { kind: 'valid', session } : { kind: 'invalid', error, session };
}

/** Signs a request; the session checks what answers it. */
export function signRequest(
  message: Uint8Array,
  key: TsigKey,
  now: number,
): { message: Uint8Array; session: TsigSession } {
  const signed = new Uint8Array(message.length + tsigSize(key));
  signed.set(message);
  const fields = newFields(message, now);
  const mac = macOf(key, [message, variables(key, fields)]);
  const length = putTsig(signed, message.length, key.name, { ...fields, algorithm: nameOf(key), mac });
  return { message: signed.slice(0, length), session: createTsigSession(key, mac) };
}

/** The signatures of one request and of all that answers it: each goes on from the one before (RFC 8945 §5.3). */
export interface TsigSession {
  readonly key: TsigKey;
  /**
   * Signs the message of `length` octets at the start of `out`, the next one of the answer; returns its new length. `out` has room for
   * {@link tsigSize} octets more.
   */
  sign(out: Uint8Array, length: number, now: number): number;
  /** The same with an error, which adds {@link tsigErrorSize} octets at most, for a request that was `signed` so: BADTIME repeats its time and fudge, and tells our time (RFC 8945 §5.2.3). */
  signError(out: Uint8Array, length: number, signed: SignedBy, error: number, now: number): number;
  /**
   * Checks the next message of an answer; `last` is to be told only of the last one, which must be signed. Gives what is wrong, if anything.
   * @throws FormErr
   */
  verify(message: Uint8Array, now: number, last: boolean): string | undefined;
}

export function createTsigSession(key: TsigKey, requestMac: Uint8Array): TsigSession {
  let prior = requestMac;
  let first = true;
  /** Messages since the last signature. */
  let unsigned: Uint8Array[] = [];
  const next = (message: Uint8Array, fields: TsigFields): Uint8Array => {
    const end = first ? variables(key, fields) : timers(fields);
    return macOf(key, [sized(prior), ...unsigned, message, end]);
  };
  const advance = (mac: Uint8Array): void => {
    prior = mac;
    first = false;
    unsigned = [];
  };
  const append = (out: Uint8Array, length: number, fields: TsigFields): number => {
    const mac = next(out.subarray(0, length), fields);
    advance(mac);
    return putTsig(out, length, key.name, { ...fields, algorithm: nameOf(key), mac });
  };
  return {
    key,
    sign: (out, length, now) => append(out, length, newFields(out, now)),
    signError(out, length, signed, error, now) {
      const fields = { ...newFields(out, now), error };
      if (error !== Rcode.BADTIME) return append(out, length, fields);
      const { timeSigned, fudge } = signed;
      return append(out, length, { ...fields, timeSigned, fudge, otherData: time48(now) });
    },
    verify(message, now, last) {
      const signed = readTsig(message);
      if (!signed) {
        if (first || last || unsigned.length === MAX_UNSIGNED) return 'a message is not signed';
        unsigned.push(new Uint8Array(message));
        return undefined;
      }
      if (signed.error !== 0 && signed.mac.length === 0) return errorText(signed.error);
      if (!usesKey(signed, key)) return 'it is signed with another key';
      const mac = next(withoutTsig(message, signed), signed);
      if (!sameMac(mac, signed.mac)) return 'the signature is wrong';
      if (signed.error !== 0) return errorText(signed.error);
      if (late(signed, now)) return 'the clocks are too far apart';
      if (cut(signed, key)) return 'the signature was cut short';
      advance(signed.mac);
      return undefined;
    },
  };
}

/**
 * What a server says is wrong with the signature of a request, if it does. It may not have been able to sign that (RFC 8945 §5.4).
 * @throws FormErr
 */
export function refusedSignature(answer: Uint8Array): string | undefined {
  const error = readTsig(answer)?.error ?? 0;
  return error === 0 ? undefined : errorText(error);
}

/**
 * Adds a TSIG without signature, that says why a request could not be checked (RFC 8945 §5.2.1, §5.2.2): what an answer to somebody who does
 * not have the key ends with. Returns the new length.
 */
export function putUnsignedError(
  out: Uint8Array,
  length: number,
  signed: SignedBy,
  error: number,
  now: number,
): number {
  const fields = { ...newFields(out, now), error };
  return putTsig(out, length, signed.key, { ...fields, algorithm: signed.algorithm, mac: nothing });
}

/** Octets that {@link putUnsignedError} adds. */
export function unsignedErrorSize({ key, algorithm }: SignedBy): number {
  return key.wire.length + 10 + algorithm.wire.length + 16;
}

type TsigFields = Omit<Tsig, 'algorithm' | 'mac'>;
const nothing = new Uint8Array(0);

function newFields(message: Uint8Array, now: number): TsigFields {
  const originalId = (message[0]! << 8) | message[1]!;
  return { timeSigned: now, fudge: FUDGE, originalId, error: 0, otherData: nothing };
}

function nameOf({ algorithm }: TsigKey): Name {
  return kinds[algorithm].wire;
}

/** A known name with another algorithm is no known key (RFC 8945 §5.2.1). */
function usesKey(signed: SignedBy, key: TsigKey): boolean {
  return signed.key.equals(key.name) && signed.algorithm.equals(nameOf(key));
}

function late({ timeSigned, fudge }: SignedBy, now: number): boolean {
  return Math.abs(now - timeSigned) > fudge;
}

/** RFC 8945 §5.2.4: whole signatures are our policy; who cuts them is told so. */
function cut({ mac }: SignedBy, key: TsigKey): boolean {
  return mac.length < kinds[key.algorithm].octets;
}

/** RFC 8945 §5.2.2.1: at least 10 octets, at least half of the hash, and no more than all of it. */
function sameMac(expected: Uint8Array, received: Uint8Array): boolean {
  const { length } = received;
  if (length > expected.length) throw new FormErr('the signature is longer than its hash');
  if (length < Math.max(10, expected.length / 2)) throw new FormErr('the signature is too short');
  return timingSafeEqual(expected.subarray(0, length), received);
}

function macOf({ algorithm, secret }: TsigKey, parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac(kinds[algorithm].hash, secret);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
}

/** RFC 8945 §4.3.1: a signature that goes into the next one stands behind its length. */
function sized(mac: Uint8Array): Uint8Array {
  const octets = new Uint8Array(2 + mac.length);
  put16(octets, 0, mac.length);
  octets.set(mac, 2);
  return octets;
}

/** RFC 8945 §4.3.3: what of the TSIG itself is signed. */
function variables(key: TsigKey, { timeSigned, fudge, error, otherData }: TsigFields): Uint8Array {
  const writer = new WireWriter();
  writer.name(key.name.canonical());
  writer.u16(Class.ANY);
  writer.u32(0);
  writer.name(nameOf(key));
  writer.bytes(timers({ timeSigned, fudge }));
  writer.u16(error);
  writer.u16(otherData.length);
  writer.bytes(otherData);
  return writer.finish();
}

/** RFC 8945 §4.3.3.1: the same in all messages of an answer but the first. */
function timers({ timeSigned, fudge }: Pick<TsigFields, 'timeSigned' | 'fudge'>): Uint8Array {
  const octets = new Uint8Array(TIME_OCTETS + 2);
  octets.set(time48(timeSigned));
  put16(octets, TIME_OCTETS, fudge);
  return octets;
}

function time48(seconds: number): Uint8Array {
  const writer = new WireWriter({ size: TIME_OCTETS });
  writer.u16(Math.floor(seconds / 2 ** 32));
  writer.u32(seconds % 2 ** 32);
  return writer.finish();
}

/** Writes a TSIG record behind a message, and counts it. */
function putTsig(out: Uint8Array, length: number, key: Name, fields: Tsig): number {
  const writer = new WireWriter();
  writer.name(key);
  writer.u16(Type.TSIG);
  writer.u16(Class.ANY);
  writer.u32(0);
  writer.lengthPrefixed(() => tsigRdata.encode(fields, writer));
  const octets = writer.finish();
  out.set(octets, length);
  put16(out, ARCOUNT, ((out[ARCOUNT]! << 8) | out[ARCOUNT + 1]!) + 1);
  return length + octets.length;
}

function put16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value;
}

function errorText(error: number): string {
  switch (error) {
    case Rcode.BADKEY:
      return 'it does not know the key (BADKEY)';
    case Rcode.BADSIG:
      return 'it has another secret for the key (BADSIG)';
    case Rcode.BADTIME:
      return 'its clock is too far from ours (BADTIME)';
    case Rcode.BADTRUNC:
      return 'it wants more of the signature than it was sent (BADTRUNC)';
    default:
      return `it refuses the signature (error ${error})`;
  }
}
