import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { expandAddresses } from './interfaces.ts';
import { addressKey } from './transport.ts';

function info(address: string): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '', internal: false, cidr: null };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

const machine = {
  lo: [info('127.0.0.1'), info('::1')],
  eth0: [info('192.0.2.1'), info('198.51.100.1'), info('2001:db8::1'), info('fe80::1'), info('febf::2')],
};

describe('addresses to bind', () => {
  test.each([
    ['one address is itself', ['192.0.2.9'], ['192.0.2.9:53']],
    ['all of IPv4', ['0.0.0.0'], ['127.0.0.1:53', '192.0.2.1:53', '198.51.100.1:53']],
    ['all of IPv6, without link-local ones', ['::'], ['[::1]:53', '[2001:db8::1]:53']],
    ['none twice', ['192.0.2.1', '0.0.0.0'], ['192.0.2.1:53', '127.0.0.1:53', '198.51.100.1:53']],
  ])('%s', (_title, requested, expected) => {
    const addresses = requested.map((address) => ({ address, port: 53 }));
    expect(expandAddresses(addresses, machine).map(addressKey)).toEqual(expected);
  });
});
