import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIpv6, printIpv6 } from '../rdata/ipv6.ts';
import { embeddedIPv4, isPublic } from './public-address.ts';

test.each([
  ['9.9.9.9', true],
  ['0.0.0.0', false],
  ['0.255.255.255', false],
  ['1.0.0.0', true],
  ['9.255.255.255', true],
  ['10.0.0.0', false],
  ['10.255.255.255', false],
  ['11.0.0.0', true],
  ['100.63.255.255', true],
  ['100.64.0.0', false],
  ['100.127.255.255', false],
  ['100.128.0.0', true],
  ['127.0.0.1', false],
  ['127.255.1.1', false],
  ['169.254.169.254', false],
  ['172.15.255.255', true],
  ['172.16.0.0', false],
  ['172.31.255.255', false],
  ['172.32.0.0', true],
  ['192.0.0.1', false],
  ['192.0.0.8', false],
  ['192.0.0.9', true],
  ['192.0.0.10', true],
  ['192.0.0.170', false],
  ['192.0.1.0', true],
  ['192.0.2.1', false],
  ['192.31.196.1', true],
  ['192.52.193.1', true],
  ['192.88.99.1', false],
  ['192.168.1.1', false],
  ['192.175.48.1', true],
  ['198.17.255.255', true],
  ['198.18.0.0', false],
  ['198.19.255.255', false],
  ['198.51.100.1', false],
  ['203.0.113.1', false],
  ['223.255.255.255', true],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fec0::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['ff02::1', false],
  ['100::1', false],
  ['100:0:0:1::1', false],
  ['5f00::1', false],
  ['1fff::1', false],
  ['2000::1', true],
  ['2001:db8::1', false],
  ['2001:db9::1', true],
  ['2001:1::1', true],
  ['2001:1::3', true],
  ['2001:1::4', false],
  ['2001:2::1', false],
  ['2001:3::1', true],
  ['2001:4:112::1', true],
  ['2001:4:113::1', false],
  ['2001:10::1', false],
  ['2001:20::1', true],
  ['2001:30::1', true],
  ['2001:200::1', true],
  ['2620:4f:8000::1', true],
  ['2620:fe::9', true],
  ['3fff::1', false],
  ['3fff:fff::1', false],
  ['3fff:1000::1', true],
  ['4000::1', false],
  // IPv4 in IPv6: mapped, compatible, NAT64, local NAT64, 6to4, Teredo.
  ['::ffff:9.9.9.9', true],
  ['::ffff:127.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
  ['::127.0.0.1', false],
  ['::7f00:1', false],
  ['::9.9.9.9', false],
  ['64:ff9b::9.9.9.9', true],
  ['64:ff9b::127.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['64:ff9b:0:0:0:1:909:909', false],
  ['64:ff9b:1::9.9.9.9', false],
  ['2002:909:909::1', true],
  ['2002:7f00::1', false],
  ['2002:7f00:1::1', false],
  ['2002:c0a8:101::1', false],
  // Teredo by 9.9.9.9; the client's address has its bits inverted: 9.9.9.9, 10.0.0.1.
  ['2001:0:909:909::f6f6:f6f6', true],
  ['2001:0:909:909::f5ff:fffe', false],
  ['2001:0:a00:1::f6f6:f6f6', false],
  ['', false],
  ['localhost', false],
  ['127.1', false],
  ['010.0.0.1', false],
])('%s is public: %s', (address, expected) => expect(isPublic(address)).toBe(expected));

test.each([
  ['::ffff:192.0.2.1', ['192.0.2.1']],
  ['64:ff9b::c000:201', ['192.0.2.1']],
  ['2002:c000:201::5', ['192.0.2.1']],
  ['2001:0:909:909::3fff:fdfe', ['9.9.9.9', '192.0.2.1']],
  ['2001:db8::c000:201', []],
  ['192.0.2.1', []],
])('what %s carries: %j', (address, expected) => expect(embeddedIPv4(address)).toEqual(expected));

const ipv4 = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('127.0.0.1', '10.1.2.3', '169.254.169.254', '172.16.0.1', '192.168.0.1', '100.64.0.1'),
);

/** The octets of a network with those of the IPv4 address in their place. */
function carrying(network: string, at: number, address: string, inverted = false): string {
  const octets = parseIpv6(network)!;
  octets.set(
    address.split('.').map((octet) => (inverted ? 255 - Number(octet) : Number(octet))),
    at,
  );
  return printIpv6(octets);
}

test('whatever carries a refused IPv4 address is refused, in every form of the text', () => {
  fc.assert(
    fc.property(ipv4, fc.boolean(), (address, upper) => {
      const forms = [
        carrying('::', 12, address),
        carrying('::ffff:0:0', 12, address),
        `0:0:0:0:0:ffff:${address}`,
        carrying('64:ff9b::', 12, address),
        `64:ff9b::${address}`,
        carrying('64:ff9b:1:7::', 12, address),
        carrying('2002::1', 2, address),
        carrying('2001:0:909:909::', 12, address, true),
        carrying('2001::f6f6:f6f6', 4, address),
      ].map((text) => (upper ? text.toUpperCase() : text));
      if (!isPublic(address)) expect(forms.filter(isPublic)).toEqual([]);
      // And of two forms that only say how it is written, the address decides.
      else expect([forms[1]!, forms[3]!].every(isPublic)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
