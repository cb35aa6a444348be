import { describe, expect, test } from 'vitest';
import { Name } from '../dns/wire/name.ts';
import { displayName, parseDomainName, parseOwner, type NameResult } from './names.ts';

function text(result: NameResult): string {
  return result.ok ? result.name.toText() : `! ${result.message}`;
}

describe('parseDomainName (RFC 1034 §3.5, RFC 1035 §2.3.1)', () => {
  test.each([
    ['example.com', 'example.com'],
    ['example.com.', 'example.com'],
    [' Example.COM ', 'Example.COM'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['straße.example', 'xn--strae-oqa.example'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['ｅxample．com', 'example.com'],
    ['mail.example.co.uk', 'mail.example.co.uk'],
    ['user.github.io', 'user.github.io'],
    ['2.0.192.in-addr.arpa', '2.0.192.in-addr.arpa'],
    ['zone.test', 'zone.test'],
  ])('takes %s', (input, expected) => {
    expect(text(parseDomainName(input))).toBe(expected);
  });

  test.each([
    ['', 'Write the whole name'],
    ['@', 'Write the whole name'],
    ['com', 'only one label'],
    ['localhost', 'only one label'],
    ['192.0.2.1', 'is an IP address'],
    ['１９２.0.2.1', 'is not a valid internationalised label'],
    ['example..com', 'two dots in a row'],
    ['-example.com', 'no hyphen at either end'],
    ['example-.com', 'no hyphen at either end'],
    ['ab--cd.com', 'is not a host name label'],
    ['xn--zzzz---.com', 'is not a host name label'],
    ['exa_mple.com', 'is not a host name label'],
    ['*.example.com', 'is not a host name label'],
    ['exam ple.com', 'is not a valid internationalised label'],
    ['%41ü.com', 'is not a valid internationalised label'],
    ['a\u0000.com', 'is not a valid internationalised label'],
    ['־a.example', 'is not a valid internationalised label'],
    ['_bücher.example', 'is not a valid internationalised label'],
    ['co.uk', 'is a public suffix'],
    ['CO.UK', 'is a public suffix'],
    [`${'a'.repeat(64)}.com`, '63 is the limit'],
    [`${'abcdefg.'.repeat(32)}com`, '255 is the limit'],
  ])('refuses %j: %s', (input, message) => {
    expect(text(parseDomainName(input))).toMatch(/^! /);
    expect(text(parseDomainName(input))).toContain(message);
  });
});

describe('parseOwner', () => {
  test.each([
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['*.example.com', '*.example.com'],
    ['_25._tcp.bücher.example', '_25._tcp.xn--bcher-kva.example'],
    ['1.example.com', '1.example.com'],
    ['a\\046b.example.com', 'a\\.b.example.com'],
  ])('takes %s', (input, expected) => {
    expect(text(parseOwner(input))).toBe(expected);
  });

  test.each(['www.*.example.com', '*.*.example.com'])('refuses %s', (input) => {
    expect(text(parseOwner(input))).toContain('the * must be the first label');
  });
});

test.each([
  ['xn--bcher-kva.example', 'bücher.example'],
  ['_dmarc.xn--bcher-kva.example', '_dmarc.bücher.example'],
  ['xn--zzzz---.example', 'xn--zzzz---.example'],
  ['XN--BCHER-KVA.example', 'bücher.example'],
  ['example.com', 'example.com'],
])('displays %s as %s', (input, expected) => {
  expect(displayName(Name.parse(input))).toBe(expected);
});
