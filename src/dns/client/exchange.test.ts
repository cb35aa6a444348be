import { expect, test } from 'vitest';
import { portOf } from './exchange.ts';

test.each([
  ['in clear text', undefined, 53],
  ['RFC 7858 §3.1, RFC 9103 §7.3: by TLS', { name: 'ns1.example.net', pins: [] }, 853],
])('the port that is asked %s', (_how, tls, port) => {
  expect(portOf({ address: '192.0.2.1', tls })).toBe(port);
  expect(portOf({ address: '192.0.2.1', tls, port: 5300 })).toBe(5300);
});
