import { describe, expect, test } from 'vitest';
import { parseMailbox } from './mailbox.ts';

describe('a mailbox (RFC 5321 §2.4, §4.1.2, §4.5.3.1.1, §4.5.3.1.3)', () => {
  test.each([
    ['alice@example.com', 'alice@example.com'],
    ['Alice.B+tag@Example.COM.', 'Alice.B+tag@example.com'],
    ["o'neill&sons@example.com", "o'neill&sons@example.com"],
    ['müller@bücher.example', 'müller@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s', (text, address) => {
    expect(parseMailbox(text)?.address).toBe(address);
  });

  test.each([
    '',
    'alice',
    '@example.com',
    'alice@',
    'alice@localhost',
    'alice@192.0.2.1',
    'alice@com',
    'alice@@example.com',
    '.alice@example.com',
    'a..b@example.com',
    '"a b"@example.com',
    '<alice@example.com>',
    'alice@example.com\r\nBcc: bob',
    'alice @example.com',
    'alice@example.com ',
    'alice@_x.example.com',
    'alice@a\\.b.example.com',
    '<script>@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(62)}.${'c'.repeat(62)}.${'d'.repeat(62)}.${'e'.repeat(62)}.example`,
  ])('is not: %s', (text) => {
    expect(parseMailbox(text)).toBeUndefined();
  });
});
