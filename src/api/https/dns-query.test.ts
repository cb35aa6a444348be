import { beforeAll, describe, expect, test } from 'vitest';
import { respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, newMessage } from '../../dns/message/message.ts';
import type { ZoneSet } from '../../dns/server/zone-set.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { answerDnsQueries } from './dns-query.ts';

let zones: ZoneSet;
beforeAll(() => {
  zones = zoneSet([
    imageOf(`$ORIGIN example.com.
@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 600
@ 3600 NS ns1
ns1 300 A 192.0.2.1
`),
  ]);
});

const asked: string[] = [];
const answer = answerDnsQueries(() => new Response('another'), {
  ask(query, client) {
    asked.push(client);
    return respond(zones, query, { transport: 'tcp' });
  },
  hostnames: () => ['box.example.net'],
});

const URL_OF_BOX = 'https://box.example.net/dns-query';
const type = 'application/dns-message';

function queryOf(name: string): Buffer<ArrayBuffer> {
  const message = newMessage({
    id: 0,
    questions: [{ name: Name.parse(name), type: Type.A, class: Class.IN }],
  });
  return Buffer.from(encodeMessage(message));
}

async function send(url: string, init?: RequestInit): Promise<Response> {
  return answer(new Request(url, init), { kind: 'network', address: '192.0.2.7' });
}

async function messageIn(response: Response) {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  return decodeMessage(new Uint8Array(await response.arrayBuffer()));
}

describe('DNS over HTTPS', () => {
  const body = queryOf('ns1.example.com.');
  const post = { method: 'POST', headers: { 'Content-Type': type }, body };

  test('RFC 8484 §4.1, §4.2, §5.4: GET and POST have the same answer, for the client that asks', async () => {
    const responses = [
      await send(`${URL_OF_BOX}?dns=${body.toString('base64url')}`),
      await send(URL_OF_BOX, post),
    ];
    for (const response of responses) {
      expect(response.headers.get('cache-control')).toBe('max-age=300');
      expect(await messageIn(response)).toMatchObject({
        id: 0,
        rcode: Rcode.NOERROR,
        answers: [{ type: Type.A }],
      });
    }
    expect(asked).toEqual(['192.0.2.7', '192.0.2.7']);
  });

  test.each([
    ['nope.example.com.', Rcode.NXDOMAIN, 600],
    ['example.org.', Rcode.REFUSED, 0],
  ])(
    'RFC 8484 §4.2.1, §5.1: %s is a response of HTTP that succeeds, kept as long as its records',
    async (name, rcode, age) => {
      const response = await send(URL_OF_BOX, { ...post, body: queryOf(name) });
      expect(response.headers.get('cache-control')).toBe(`max-age=${age}`);
      expect((await messageIn(response)).rcode).toBe(rcode);
    },
  );

  test.each([
    ['no query', '', {}, 400],
    ['base64 of another kind (RFC 8484 §6)', '?dns=AA+/', {}, 400],
    ['base64url with padding (RFC 8484 §6)', `?dns=${body.toString('base64url')}=`, {}, 400],
    ['what is no message', '?dns=AAAA', {}, 400],
    ['another media type (RFC 8484 §4.1)', '', { ...post, headers: { 'Content-Type': 'text/plain' } }, 415],
    ['another method', '', { ...post, method: 'PUT' }, 405],
    ['more than a message can hold (RFC 8484 §6)', '', { ...post, body: Buffer.alloc(0x10000) }, 413],
  ])('refuses %s', async (_what, parameters, init, status) => {
    expect((await send(URL_OF_BOX + parameters, init)).status).toBe(status);
  });

  test('is answered at the box alone', async () => {
    for (const url of [
      'https://example.com/dns-query',
      'https://box.example.net/dns-query/x',
      'https://box.example.net/',
    ])
      expect(await (await send(url, post)).text()).toBe('another');
    for (const host of ['BOX.example.net.', '192.0.2.1', 'localhost'])
      expect((await send(`https://${host}/dns-query`, post)).status).toBe(200);
  });
});
