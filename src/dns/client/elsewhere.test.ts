import { expect, test } from 'vitest';
import { isElsewhere } from './elsewhere.ts';

test.each([
  ['192.0.2.1', true],
  ['10.0.0.1', true],
  ['2001:db8::1', true],
  ['127.0.0.1', false],
  ['127.255.1.1', false],
  ['0.0.0.0', false],
  ['169.254.169.254', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['ff02::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
])('%s is elsewhere: %s', (address, expected) => expect(isElsewhere(address)).toBe(expected));
