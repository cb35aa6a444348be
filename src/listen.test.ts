import { expect, test } from 'vitest';
import { tlsAddressesOf } from './listen.ts';

test('RFC 7858 §3.1: DNS over TLS is on port 853 unless it is said otherwise', () => {
  const everywhere = [
    { address: '0.0.0.0', port: 853 },
    { address: '::', port: 853 },
  ];
  expect(tlsAddressesOf({ dns: undefined })).toEqual(everywhere);
  const elsewhere = [{ address: '192.0.2.1', port: 8853 }];
  expect(tlsAddressesOf({ dns: undefined, dot: elsewhere })).toEqual(elsewhere);
  expect(tlsAddressesOf({ dns: undefined, dot: 'none' })).toEqual([]);
});
