import { expect, test } from 'vitest';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { queryBytes } from '../../../test/kit/ask.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { withholdImage } from '../zone/image.ts';
import { answer, createAnswerContext, DEFERRED, MAX_MESSAGE } from './answer.ts';
import { Ede } from './codes.ts';
import { openZoneSet } from './zone-set.ts';

/* A zone for those who may transfer it alone: RFC 9432 §7 wants catalogs kept from everybody else. */

const catalog = imageOf(`$ORIGIN _catalog.example.com.
$TTL 0
@ SOA invalid. invalid. 1 3600 600 2147483646 0
@ NS invalid.
version TXT "2"
a.zones PTR member.example.
`);
const above = imageOf(`$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
alias CNAME a.zones._catalog
`);
const served = servedZones([catalog, above]);
withholdImage(served.get(Name.parse('_catalog.example.com'))!);
const zones = openZoneSet({
  zones: served.share(),
  onWanted: () => undefined,
  onMissing: () => undefined,
});
const out = new Uint8Array(MAX_MESSAGE);

function ask(
  name: string,
  type: string,
  how: { admitted?: boolean; defers?: boolean } = {},
): Message | number {
  const context = Object.assign(
    createAnswerContext('udp', (error) => {
      throw error;
    }),
    how,
  );
  const query = queryBytes(name, type);
  const length = answer(query, query.length, zones, out, context);
  return length > 0 ? decodeMessage(out.slice(0, length)) : length;
}

test.each([
  ['_catalog.example.com', 'SOA'],
  ['a.zones._catalog.example.com', 'PTR'],
  ['nothing._catalog.example.com', 'A'],
])('%s %s is refused, and nothing is said of it', (name, type) => {
  const message = ask(name, type) as Message;
  expect(message.rcode).toBe(Rcode.REFUSED);
  expect([...message.answers, ...message.authorities]).toEqual([]);
  // RFC 8914 §4.19: we do have it.
  expect(message.edns!.options).toEqual([{ code: 15, data: Uint8Array.of(0, Ede.prohibited) }]);
});

test('an alias does not lead into it', () => {
  const message = ask('alias.example.com', 'PTR') as Message;
  expect(message.answers).toHaveLength(1);
});

test('whoever may have it is answered', () => {
  const message = ask('_catalog.example.com', 'SOA', { admitted: true }) as Message;
  expect(message).toMatchObject({ rcode: Rcode.NOERROR, flags: { aa: true } });
  expect(message.answers).toHaveLength(1);
});

test('a worker leaves it to the one who knows who may', () => {
  expect(ask('_catalog.example.com', 'SOA', { defers: true })).toBe(DEFERRED);
  expect(ask('example.com', 'SOA', { defers: true })).not.toBe(DEFERRED);
});
