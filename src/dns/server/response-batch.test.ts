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

test.each([3, 16_384, 65_535])(
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
  batch.add(filled(1, 65_535), 65_535);
  expect(batch.size).toBe(65_537);
  const first = batch.take()!;
  expect(first.octets.buffer.byteLength).toBeLessThanOrEqual(2 * first.octets.length);
  // While it is on its way, the next has other memory.
  const next = (): ReturnType<typeof batch.take> => {
    batch.add(filled(2, 65_535), 65_535);
    return batch.take();
  };
  const second = next()!;
  expect(second.octets.buffer).not.toBe(first.octets.buffer);
  first.release();
  const buffers = [next()!, next()!].map(({ octets }) => octets.buffer);
  expect(buffers).toContain(first.octets.buffer);
  expect(buffers).not.toContain(second.octets.buffer);
});
