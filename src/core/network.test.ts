import { expect, test } from 'vitest';
import { parseNetwork } from './network.ts';

test.each([
  ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8 }],
  ['192.0.2.1', { address: '192.0.2.1', prefix: 32 }],
  ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0 }],
  ['fd00::/8', { address: 'fd00::', prefix: 8 }],
  ['::1', { address: '::1', prefix: 128 }],
  ['10.0.0.0/33', undefined],
  ['fd00::/129', undefined],
  ['10.0.0.0/', undefined],
  ['10.0.0/8', undefined],
  ['fe80::1%eth0/64', undefined],
  ['example.com', undefined],
  ['', undefined],
])('%s', (text, expected) => expect(parseNetwork(text)).toEqual(expected));
