import type { KeyObject } from 'node:crypto';
import { type KeySigner, type SignerFactory, algorithm, portableSigner } from './algorithms.ts';
import type { SigningKey } from './keys.ts';

/**
 * Many signatures to be made, packed: a message and an object for each would cost as much as the signature.
 * This is what a signing thread is sent; a copy stays here until its answer has come.
 */
export interface SignRequest {
  id: number;
  keys: { algorithm: number; privateKey: KeyObject }[];
  /** For each input: index of its key (16 bits), octets to repeat in the result (16), length (32), octets. */
  inputs: Uint8Array;
}

/** For each input, in order: length (16 bits), the repeated octets and the signature. */
export interface SignResponse {
  id: number;
  results: Uint8Array<ArrayBuffer>;
}

/** What stands before the octets of an input. */
const INPUT_HEAD = 8;

/** Collects inputs for one request. */
export interface ChunkBuilder {
  /** Copies `data`, which the caller may use again. */
  add(key: SigningKey, data: Uint8Array, prefix: number): void;
  /** What its signatures cost, in ones of algorithm 13. */
  readonly cost: number;
  readonly isEmpty: boolean;
  /** Hands out what was collected and begins anew. */
  take(id: number): SignRequest;
}

export function createChunkBuilder(size: number): ChunkBuilder {
  let bytes = new Uint8Array(size);
  let view = new DataView(bytes.buffer);
  let used = 0;
  let cost = 0;
  let keys: SigningKey[] = [];

  function grow(length: number): void {
    if (used + length <= bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * bytes.length, used + length));
    larger.set(bytes.subarray(0, used));
    bytes = larger;
    view = new DataView(bytes.buffer);
  }

  return {
    add(key, data, prefix) {
      grow(INPUT_HEAD + data.length);
      let index = keys.indexOf(key);
      if (index < 0) index = keys.push(key) - 1;
      view.setUint16(used, index);
      view.setUint16(used + 2, prefix);
      view.setUint32(used + 4, data.length);
      bytes.set(data, used + INPUT_HEAD);
      used += INPUT_HEAD + data.length;
      cost += algorithm(key.algorithm)?.cost ?? 1;
    },
    get cost() {
      return cost;
    },
    get isEmpty() {
      return used === 0;
    },
    take(id) {
      const request = {
        id,
        keys: keys.map(({ algorithm, privateKey }) => ({ algorithm, privateKey })),
        inputs: bytes.slice(0, used),
      };
      used = 0;
      cost = 0;
      keys = [];
      return request;
    },
  };
}

/** The work itself, on whatever thread. @throws Error when a key cannot sign */
export function signRequest(request: SignRequest, factory: SignerFactory = portableSigner): SignResponse {
  const signers: KeySigner[] = [];
  try {
    for (const key of request.keys) signers.push(factory(key.algorithm, key.privateKey));
    return { id: request.id, results: signInputs(request.inputs, signers) };
  } finally {
    for (const { release } of signers) release();
  }
}

function signInputs(inputs: Uint8Array, signers: readonly KeySigner[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(inputs.buffer, inputs.byteOffset, inputs.length);
  let results = new Uint8Array(inputs.length);
  let end = 0;
  for (let at = 0; at < inputs.length;) {
    const prefix = view.getUint16(at + 2);
    const start = at + INPUT_HEAD;
    const next = start + view.getUint32(at + 4);
    const signature = signers[view.getUint16(at)]!.sign(inputs.subarray(start, next));
    const length = prefix + signature.length;
    if (end + 2 + length > results.length) results = enlarged(results, end + 2 + length);
    results[end] = length >>> 8;
    results[end + 1] = length;
    results.set(inputs.subarray(start, start + prefix), end + 2);
    results.set(signature, end + 2 + prefix);
    end += 2 + length;
    at = next;
  }
  return results.slice(0, end);
}

function enlarged(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(2 * bytes.length, least));
  larger.set(bytes);
  return larger;
}

/** Each result: the repeated octets and the signature. */
export function unpackResults({ results }: SignResponse): Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < results.length;) {
    const length = (results[at]! << 8) | results[at + 1]!;
    list.push(results.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return list;
}
