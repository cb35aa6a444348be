import fc from 'fast-check';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { clientText, createClientAddress, setClientOctets, setClientText } from './client-address.ts';

function octetsOf(text: string): number[] {
  const client = createClientAddress();
  setClientText(client, text);
  return [...client.octets.subarray(0, client.size)];
}

describe('the address of a client', () => {
  test.each([
    ['192.0.2.1', [192, 0, 2, 1]],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['2001:db8::a:1', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1]],
    ['fe80::1%eth0', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['::ffff:192.0.2.1', [192, 0, 2, 1]],
    ['', []],
    ['192.0.2', []],
    ['192.0.2.256', []],
  ])('%s', (text, octets) => {
    expect(octetsOf(text)).toEqual(octets);
  });

  test('is known by octets and by text alike (RFC 5952 §4)', () => {
    const client = createClientAddress();
    setClientOctets(client, Uint8Array.of(9, 192, 0, 2, 1), 1, 4);
    expect(clientText(client)).toBe('192.0.2.1');
    setClientOctets(client, Uint8Array.from([0x20, 1, ...Array<number>(13).fill(0), 1]), 0, 16);
    expect(clientText(client)).toBe('2001::1');
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc
        .array(fc.constantFrom(0, 0, 1, 0xab), { minLength: 16, maxLength: 16 })
        .map((octets) => Uint8Array.from(octets)),
    );
    fc.assert(
      fc.property(address, (octets) => {
        setClientOctets(client, octets, 0, octets.length);
        const text = clientText(client);
        expect(octets.length === 4 ? isIPv4(text) : isIPv6(text)).toBe(true);
        expect(octetsOf(text)).toEqual([...octets]);
      }),
    );
  });
});
