import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOutlookRequest, type OutlookRequest } from './outlook-request.ts';

const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const MOBILE = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

const parse = (text: string): OutlookRequest => parseOutlookRequest(Buffer.from(text));

function request(address: string, schema = RESPONSE): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${REQUEST}">
  <Request>
    <EMailAddress>${address}</EMailAddress>
    <AcceptableResponseSchema>${schema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>`;
}

describe('a request is understood', () => {
  test.each([
    ['as Outlook writes it', request('alice@example.com'), 'alice@example.com'],
    ['with a byte order mark', `\ufeff${request('alice@example.com')}`, 'alice@example.com'],
    ['with white space', request(' alice@example.com\n'), 'alice@example.com'],
    ['with escapes', request('o&apos;neill&amp;sons@example.com'), "o'neill&sons@example.com"],
    ['with characters by number', request('o&#39;neill&#x26;sons@example.com'), "o'neill&sons@example.com"],
    ['in no namespace', request('alice@example.com').replace(/ xmlns="[^"]*"/, ''), 'alice@example.com'],
    [
      'in the namespace of phones',
      request('alice@example.com').replace('/outlook/requestschema', '/mobilesync/requestschema'),
      'alice@example.com',
    ],
    [
      'with a namespace at each element',
      request('alice@example.com').replaceAll(/<(EMail|Acc)(\w+)>/g, `<$1$2 xmlns="${REQUEST}">`),
      'alice@example.com',
    ],
    [
      'with a schema by https, as in some of its descriptions',
      request('alice@example.com', RESPONSE.replace('http', 'https')),
      'alice@example.com',
    ],
    [
      'with a prefix',
      `<a:Autodiscover xmlns:a="${REQUEST}"><a:Request><a:AcceptableResponseSchema>${RESPONSE}</a:AcceptableResponseSchema>` +
        '<a:EMailAddress>alice@example.com</a:EMailAddress></a:Request></a:Autodiscover>',
      'alice@example.com',
    ],
  ])('%s', (_, text, address) => {
    expect(parse(text)).toMatchObject({ ok: true, mailbox: { address } });
  });
});

describe('a request is refused', () => {
  const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
  test.each([
    ['nothing', '', 600],
    ['no XML', 'EMailAddress=alice@example.com', 600],
    ['no address', request('alice@example.com').replaceAll('EMailAddress', 'LegacyDN'), 600],
    ['two addresses', request('a@example.com</EMailAddress><EMailAddress>b@example.com'), 600],
    ['no schema wanted', request('alice@example.com').replaceAll('AcceptableResponseSchema', 'Other'), 600],
    ['another schema wanted', request('alice@example.com', MOBILE), 601],
    ['a phone', request('alice@example.com', MOBILE).replace('/outlook/', '/mobilesync/'), 601],
    ['a character that there is not', request('&#1114112;@example.com'), 500],
    [
      'an external entity',
      request('&e;@example.com').replace('<Autodiscover', `${doctype}<Autodiscover`),
      600,
    ],
    ['an entity that is nowhere declared', request('&e;@example.com<'), 600],
    ['a comment inside', request('alice<!-- x -->@example.com'), 600],
    ['an address that is none', request('nobody'), 500],
    ['an address of 2 KiB', request(`${'a'.repeat(2048)}@example.com`), 600],
  ])('%s', (_, text, code) => {
    expect(parse(text)).toEqual({ ok: false, code });
  });

  test('octets that are not UTF-8', () => {
    expect(parseOutlookRequest(Uint8Array.of(0xff, 0xfe, 0x3c, 0x00))).toEqual({ ok: false, code: 600 });
  });

  test('whatever else comes, without a throw and in no time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(400), (junk, at) => {
        const octets = Buffer.from(request('alice@example.com'));
        const body = Buffer.concat([octets.subarray(0, at), junk, octets.subarray(at)]);
        expect(parseOutlookRequest(body).ok).toBeTypeOf('boolean');
      }),
    );
    for (const filler of [
      ' ',
      '<EMailAddress>',
      '<a:EMailAddress',
      '<EMailAddress ',
      '<AcceptableResponseSchema>x',
    ])
      expect(parse(request(filler.repeat(16_384 / filler.length))).ok).toBe(false);
  });
});
