import { expect, test } from 'vitest';
import { createResponseBatch, LARGE_BATCH, type TakenResponses } from './response-batch.ts';

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

test.each([3, 16_384, 65_535, 200_000])(
  'what was taken stays as it is until it is given back (%i octets)',
  (length) => {
    const batch = createResponseBatch();
    // More than a message may have in several.
    const parts = Math.ceil(length / 65_535);
    const taken = Array.from({ length: 20 }, (_, octet) => {
      for (let i = 0; i < parts; i++) batch.add(filled(octet, 65_535), Math.floor(length / parts));
      return batch.take()!;
    });
    for (const [octet, { octets }] of taken.entries())
      expect(octets.subarray(2, 2 + Math.floor(length / parts)).every((each) => each === octet)).toBe(true);
    for (const each of taken) each.release();
  },
);

test('memory of a full batch is used again, and is little more than what is in it', () => {
  const batch = createResponseBatch();
  const next = (): TakenResponses => {
    for (let i = 0; i < 3; i++) batch.add(filled(2, 65_535), 65_535);
    expect(batch.size).toBe(LARGE_BATCH);
    return batch.take()!;
  };
  const first = next();
  expect(first.octets.buffer.byteLength).toBeLessThanOrEqual((4 / 3) * first.octets.length);
  // While it is on its way, the next has other memory.
  const second = next();
  expect(second.octets.buffer).not.toBe(first.octets.buffer);
  first.release();
  const buffers = [next(), next()].map(({ octets }) => octets.buffer);
  expect(buffers).toContain(first.octets.buffer);
  expect(buffers).not.toContain(second.octets.buffer);
});
