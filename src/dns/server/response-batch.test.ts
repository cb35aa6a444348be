import { expect, test } from 'vitest';
import { createResponseBatch } from './response-batch.ts';

function filled(octet: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(octet);
}

test('each message stands behind its length', () => {
  const batch = createResponseBatch();
  expect(batch.take()).toBeUndefined();
  batch.add(filled(1, 3), 3);
  batch.add(filled(2, 9), 2);
  expect([...batch.take()!.octets]).toEqual([0, 3, 1, 1, 1, 0, 2, 2, 2]);
  expect(batch.take()).toBeUndefined();
});

test.each([3, 16_382, 16_384, 60_000])(
  'what was taken stays as it is until it is given back (%i octets)',
  (length) => {
    const batch = createResponseBatch();
    const taken = Array.from({ length: 20 }, (_, octet) => {
      batch.add(filled(octet, length), length);
      return batch.take()!;
    });
    for (const [octet, { octets }] of taken.entries())
      expect(Buffer.from(octets.subarray(2))).toEqual(Buffer.from(filled(octet, length)));
    for (const each of taken) each.release();
  },
);

test('memory of a full batch is used again, and is at most twice what is in it', () => {
  const batch = createResponseBatch();
  batch.add(filled(1, 16_384), 16_384);
  expect(batch.full).toBe(true);
  const first = batch.take()!;
  expect(first.octets.buffer.byteLength).toBeLessThanOrEqual(2 * first.octets.length);
  first.release();
  batch.add(filled(2, 16_384), 16_384);
  const second = batch.take()!;
  expect(second.octets.buffer).toBe(first.octets.buffer);
  // While this one is on its way, the next has other memory.
  batch.add(filled(3, 16_384), 16_384);
  expect(batch.take()!.octets.buffer).not.toBe(second.octets.buffer);
});
