import { createHmac } from 'node:crypto';
import { toWire } from '../../src/dns/rdata/registry.ts';
import { type Tsig, tsig } from '../../src/dns/rdata/tsig.ts';
import type { TsigKey } from '../../src/dns/message/tsig.ts';
import { Name } from '../../src/dns/wire/name.ts';

/* Signatures as RFC 8945 describes them, written down a second time: for requests that no client of ours sends, and to look at what we sign. */

const u16 = (value: number): Buffer => Buffer.of(value >>> 8, value & 255);
const time = (seconds: number): Buffer => {
  const octets = Buffer.alloc(6);
  octets.writeUIntBE(seconds, 0, 6);
  return octets;
};

/** RFC 8945 §4.3.3: what of the TSIG is signed, in this order. */
export function tsigVariables(name: Name, fields: Omit<Tsig, 'mac' | 'originalId'>): Buffer {
  const { algorithm, timeSigned, fudge, error, otherData } = fields;
  return Buffer.concat([
    ...[name.canonical().wire, u16(255), Buffer.alloc(4), algorithm.canonical().wire],
    ...[time(timeSigned), u16(fudge), u16(error), u16(otherData.length), otherData],
  ]);
}

/** RFC 8945 §4.3.3.1: what of it is signed from the second message of an answer on. */
export function tsigTimers({ timeSigned, fudge }: Pick<Tsig, 'timeSigned' | 'fudge'>): Buffer {
  return Buffer.concat([time(timeSigned), u16(fudge)]);
}

/** RFC 8945 §4.3.1: a signature that goes into another one, behind its length. */
export function sizedMac(mac: Uint8Array): Buffer {
  return Buffer.concat([u16(mac.length), mac]);
}

export function hmac({ algorithm, secret }: TsigKey, ...parts: Uint8Array[]): Buffer {
  const made = createHmac(algorithm.replace('hmac-', ''), secret);
  for (const part of parts) made.update(part);
  return made.digest();
}

/** A message with a TSIG of these fields, and the signature that belongs to them; `cut` has it shortened or lengthened. */
export function signByHand(
  message: Uint8Array,
  key: TsigKey,
  changes: Partial<Tsig>,
  cut: (mac: Buffer) => Uint8Array = (mac) => mac,
): Uint8Array {
  const originalId = (message[0]! << 8) | message[1]!;
  const fields = {
    ...{ algorithm: Name.parse(`${key.algorithm}.`), timeSigned: 0, fudge: 300, originalId, error: 0 },
    ...{ otherData: new Uint8Array(0), ...changes },
  };
  const mac = changes.mac ?? cut(hmac(key, message, tsigVariables(key.name, fields)));
  return withTsig(message, key.name, toWire(tsig, { ...fields, mac }));
}

/** A message with a TSIG of this rdata behind it. */
export function withTsig(message: Uint8Array, name: Name, rdata: Uint8Array): Uint8Array {
  const signed = Buffer.concat([
    ...[message, name.wire, u16(250), u16(255), Buffer.alloc(4), u16(rdata.length), rdata],
  ]);
  signed.writeUInt16BE(signed.readUInt16BE(10) + 1, 10);
  return signed;
}
