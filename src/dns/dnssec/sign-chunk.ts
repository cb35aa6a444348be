import type { KeyObject } from 'node:crypto';
import { type Signer, signer } from './algorithms.ts';
import type { SigningKey } from './keys.ts';

/** One signature to be made. */
export interface SignInput {
  key: SigningKey;
  data: Uint8Array;
}

/** What a signing worker is sent: many inputs in one transferable buffer, as a message for each would cost as much as signing. */
export interface SignRequest {
  id: number;
  keys: { algorithm: number; privateKey: KeyObject }[];
  /** For each input: index of its key (16 bits), length (32 bits), octets. */
  inputs: ArrayBuffer;
}

/** What it answers: for each input, in order, length (16 bits) and signature. */
export interface SignResponse {
  id: number;
  signatures: ArrayBuffer;
}

/** Key index and length. */
const INPUT_HEAD = 6;

export function packInputs(id: number, inputs: readonly SignInput[]): SignRequest {
  const length = inputs.reduce((sum, input) => sum + INPUT_HEAD + input.data.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const indexes = new Map<SigningKey, number>();
  let at = 0;
  for (const { key, data } of inputs) {
    let index = indexes.get(key);
    if (index === undefined) indexes.set(key, (index = indexes.size));
    view.setUint16(at, index);
    view.setUint32(at + 2, data.length);
    bytes.set(data, at + INPUT_HEAD);
    at += INPUT_HEAD + data.length;
  }
  const keys = [...indexes.keys()].map(({ algorithm, privateKey }) => ({ algorithm, privateKey }));
  return { id, keys, inputs: bytes.buffer };
}

/** The worker's part. */
export function signPacked({ id, keys, inputs }: SignRequest): SignResponse {
  const signers: Signer[] = keys.map((key) => signer(key.algorithm, key.privateKey));
  const view = new DataView(inputs);
  const signatures: Uint8Array[] = [];
  for (let at = 0; at < inputs.byteLength;) {
    const length = view.getUint32(at + 2);
    const data = new Uint8Array(inputs, at + INPUT_HEAD, length);
    signatures.push(signers[view.getUint16(at)]!(data));
    at += INPUT_HEAD + length;
  }
  return { id, signatures: packSignatures(signatures) };
}

function packSignatures(signatures: readonly Uint8Array[]): ArrayBuffer {
  const length = signatures.reduce((sum, signature) => sum + 2 + signature.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const signature of signatures) {
    bytes[at++] = signature.length >>> 8;
    bytes[at++] = signature.length;
    bytes.set(signature, at);
    at += signature.length;
  }
  return bytes.buffer;
}

export function unpackSignatures({ signatures }: SignResponse): Uint8Array[] {
  const bytes = new Uint8Array(signatures);
  const list: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = (bytes[at]! << 8) | bytes[at + 1]!;
    list.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return list;
}

/** Signs on this thread. */
export function signInline(inputs: readonly SignInput[]): Uint8Array[] {
  const signers = new Map<SigningKey, Signer>();
  return inputs.map(({ key, data }) => {
    let sign = signers.get(key);
    if (!sign) signers.set(key, (sign = signer(key.algorithm, key.privateKey)));
    return sign(data);
  });
}
