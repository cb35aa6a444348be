import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageBuffer } from './message-buffer.ts';

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(2 + message.length);
  frame.writeUInt16BE(message.length);
  frame.set(message, 2);
  return frame;
}

const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });

// RFC 1035 §4.2.2: two octets of length before each, which they do not count.
test('gives every message, however the stream is cut, and keeps little more than what is left', () => {
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 200 })), fc.boolean(), (sent, cuts, greedy) => {
      const stream = Buffer.concat(sent.map(framed));
      const buffer = createMessageBuffer();
      const got: Buffer[] = [];
      const take = (): void => {
        for (let next = buffer.next(); next; next = greedy ? buffer.next() : undefined)
          got.push(Buffer.from(next));
        buffer.compact();
        expect(buffer.capacity).toBeLessThanOrEqual(2 * buffer.length);
      };
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        const chunk = Buffer.from(stream.subarray(at, at + cut));
        at += chunk.length;
        buffer.add(chunk);
        take();
      }
      while (buffer.hasMessage) take();
      expect(got.map((each) => each.toString('hex'))).toEqual(
        sent.map((each) => Buffer.from(each).toString('hex')),
      );
      expect(buffer.length).toBe(0);
    }),
  );
});

test('takes a long message octet by octet in time that grows with its length', () => {
  const frame = framed(Buffer.alloc(65_535, 1));
  const buffer = createMessageBuffer();
  let moves = 0;
  let capacity = 0;
  for (const octet of frame) {
    expect(buffer.hasMessage).toBe(false);
    buffer.add(Buffer.from([octet]));
    if (buffer.capacity !== capacity) moves++;
    capacity = buffer.capacity;
  }
  expect(buffer.next()).toHaveLength(65_535);
  expect(moves).toBeLessThan(20);
});
