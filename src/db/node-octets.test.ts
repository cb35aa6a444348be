import { expect, test } from 'vitest';
import { checkedOctets, nodeOctets } from './node-octets.ts';

const node = Buffer.alloc(40, 7);
node.writeUInt32BE(node.length);

test('a node comes back as it was stored', () => {
  expect(Buffer.from(nodeOctets(checkedOctets(node)))).toEqual(node);
});

test('one that was stored before there were checksums is taken as it is', () => {
  expect(nodeOctets(node)).toEqual(node);
});

test('no bit of it changes, and nothing is cut off, unnoticed', () => {
  const stored = checkedOctets(node);
  for (let bit = 0; bit < 8 * stored.length; bit++) {
    const damaged = Buffer.from(stored);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    const isLengthOfAll = damaged.readUInt32BE(0) === stored.length;
    if (isLengthOfAll) expect(nodeOctets(damaged).subarray(4, node.length)).toEqual(node.subarray(4));
    else expect(() => nodeOctets(damaged), `bit ${bit}`).toThrow('damaged');
  }
  for (let length = 0; length < stored.length; length++)
    if (length !== node.length) expect(() => nodeOctets(stored.subarray(0, length))).toThrow('damaged');
});
