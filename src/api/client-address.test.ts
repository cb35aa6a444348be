import { describe, expect, test } from 'vitest';
import { clientNetwork } from '../core/client-network.ts';
import { clientAddress, createProxyList } from './client-address.ts';

describe('clientNetwork', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
  ])('%s is %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});

describe('clientAddress', () => {
  const isProxy = createProxyList(['198.51.100.10', '2001:db8::10', '10.1.0.0/16', '2001:db8:f::/48']);
  test.each([
    ['203.0.113.1', undefined, '203.0.113.1'],
    ['203.0.113.1', '192.0.2.1', '203.0.113.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    // Nobody is believed whom the settings do not name, the machine itself included.
    ['127.0.0.1', '192.0.2.1', '127.0.0.1'],
    ['::1', '192.0.2.1', '::1'],
    ['::ffff:127.0.0.1', '192.0.2.1', '127.0.0.1'],
    ['10.1.255.1', '192.0.2.1', '192.0.2.1'],
    ['10.2.0.1', '192.0.2.1', '10.2.0.1'],
    ['2001:db8:f::1', '192.0.2.66, 192.0.2.1', '192.0.2.1'],
    ['::ffff:198.51.100.10', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.9', undefined, '192.0.2.9'],
    ['10.1.0.1', '192.0.2.1, 198.51.100.10', '192.0.2.1'],
    ['2001:db8::10', '2001:db8:1::1', '2001:db8:1::1'],
    ['10.1.0.1', 'unknown', '10.1.0.1'],
    ['10.1.0.1', '', '10.1.0.1'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
  ])('from %s with X-Forwarded-For %s is %s', (address, forwarded, client) => {
    expect(clientAddress({ kind: 'network', address }, forwarded, isProxy)).toBe(client);
  });

  test('over the unix socket there is none', () => {
    expect(clientAddress({ kind: 'local' }, '192.0.2.1', isProxy)).toBeUndefined();
  });
});
