import { expect, test } from 'vitest';
import { parseNetwork } from '../../core/network.ts';
import { mayConnect } from './outbound.ts';

const own = ['11.53.3.1', '2a0e:53::1', 'fe80::5%eth0', '10.0.0.5'];
const networks = (text: string) =>
  text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseNetwork(part)!);

test.each([
  ['9.9.9.9', '', true],
  ['2620:fe::9', '', true],
  ['10.1.2.3', '', false],
  ['::127.0.0.1', '', false],
  ['64:ff9b::10.1.2.3', '', false],
  ['2002:7f00::1', '', false],
  ['fe80::9%eth0', '', false],
  // The box itself, in whatever form.
  ['11.53.3.1', '', false],
  ['11.53.3.2', '', true],
  ['::ffff:11.53.3.1', '', false],
  ['::ffff:b35:301', '', false],
  ['64:ff9b::b35:301', '', false],
  ['2002:b35:301::1', '', false],
  ['2a0e:53::1', '', false],
  ['2A0E:53:0:0:0:0:0:1', '', false],
  ['2a0e:53::2', '', true],
  // What the settings allow, and nothing beside it.
  ['10.1.2.3', '10.0.0.0/8', true],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['64:ff9b::10.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.4', '10.1.2.3', false],
  ['127.0.0.1', '10.0.0.0/8,fd00::/8', false],
  ['fd00::1', '10.0.0.0/8,fd00::/8', true],
  ['11.53.3.1', '11.53.3.0/24', true],
  ['fe80::9%eth0', 'fe80::/10', true],
  ['no address', '0.0.0.0/0,::/0', false],
])('%s with "%s" allowed: %s', (address, allowed, expected) =>
  expect(mayConnect({ allowed: networks(allowed), own })(address)).toBe(expected),
);
