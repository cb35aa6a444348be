import { beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import type { AnswerContext } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { createCookieMemory, openCookies } from './cookies.ts';
import { noFeatures } from './features.ts';
import type { ZoneSet } from './zone-set.ts';

const texts = Array.from({ length: 5 }, (_, i) => `big TXT "${String(i).repeat(250)}"`).join('\n');
const zone = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
${texts}
`;

let zones: ZoneSet;
beforeAll(() => {
  zones = zoneSet([imageOf(zone)]);
});

const COOKIE = 10;
const client = createClientAddress();
setClientText(client, '192.0.2.7');
const clock = new FakeClock();
const context: Partial<AnswerContext> = {
  client,
  features: { ...noFeatures, clock, cookies: openCookies(createCookieMemory(new Uint8Array(16).fill(1))) },
};

interface Asked {
  name?: string | undefined;
  options?: string[];
  version?: number;
}

/** Asks with options COOKIE of these octets. */
function ask({ name = 'ns1', options = [], version = 0 }: Asked, changed = context): Message {
  const query = encodeMessage(
    newMessage({
      id: 1,
      questions: name ? [{ name: Name.parse(`${name}.example.com.`), type: Type.A, class: Class.IN }] : [],
      edns: {
        udpSize: 1232,
        version,
        do: false,
        options: options.map((octets) => ({ code: COOKIE, data: Uint8Array.fromHex(octets) })),
      },
    }),
  );
  return decodeMessage(respond(zones, query, changed)!);
}

function cookiesOf({ edns }: Message): string[] {
  return edns!.options.filter(({ code }) => code === COOKIE).map(({ data }) => data.toHex());
}

const mine = '0123456789abcdef';

describe('cookies', () => {
  test('RFC 7873 §5.2.1: no cookie, none back', () => {
    expect(cookiesOf(ask({}))).toEqual([]);
  });

  test.each([0, 1, 7, 9, 15, 41])('RFC 7873 §5.2.2: %i octets are FORMERR', (length) => {
    const message = ask({ options: ['00'.repeat(length)] });
    expect(message).toMatchObject({ rcode: Rcode.FORMERR, answers: [] });
  });

  test.each([8, 16, 24, 40])('RFC 7873 §5.2.2: %i octets are a cookie', (length) => {
    expect(ask({ options: ['00'.repeat(length)] }).rcode).toBe(Rcode.NOERROR);
  });

  test('RFC 7873 §5.2.3, §5.2.4: with no server cookie, or a wrong one, the answer brings one', () => {
    for (const sent of [mine, `${mine}${'00'.repeat(16)}`]) {
      const message = ask({ options: [sent] });
      expect(message).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}] });
      const [cookie] = cookiesOf(message);
      expect(cookie).toMatch(new RegExp(`^${mine}01000000[0-9a-f]{24}$`));
      // RFC 7873 §5.2.5: it is good, and comes back.
      expect(cookiesOf(ask({ options: [cookie!] }))).toEqual([cookie]);
    }
  });

  test('RFC 7873 §5.2: of several the first one counts', () => {
    expect(cookiesOf(ask({ options: [mine, 'ff'.repeat(8)] }))[0]).toMatch(new RegExp(`^${mine}`));
  });

  test('RFC 7873 §5.2.3: errors bring one, too', () => {
    expect(cookiesOf(ask({ name: 'nope', options: [mine] }))).toHaveLength(1);
    const badVersion = ask({ options: [mine], version: 1 });
    expect(badVersion.rcode).toBe(Rcode.BADVERS);
    expect(cookiesOf(badVersion)).toHaveLength(1);
  });

  test('RFC 7873 §5.4: a query without a question asks for a cookie', () => {
    const learnt = ask({ name: '', options: [mine] });
    expect(learnt).toMatchObject({ rcode: Rcode.NOERROR, questions: [], answers: [], authorities: [] });
    const [cookie] = cookiesOf(learnt);
    expect(ask({ name: '', options: [cookie!] }).rcode).toBe(Rcode.NOERROR);
    const wrong = ask({ name: '', options: [`${mine}${'00'.repeat(16)}`] });
    expect(wrong.rcode).toBe(Rcode.BADCOOKIE);
    expect(cookiesOf(wrong)).toEqual([cookie]);
    expect(ask({ name: '' }).rcode).toBe(Rcode.FORMERR);
  });

  test('a response that is cut has room for it', () => {
    const message = ask({ name: 'big', options: [mine] });
    expect(cookiesOf(message)).toHaveLength(1);
  });

  test('a server without cookies leaves them alone', () => {
    expect(cookiesOf(ask({ options: [mine] }, { client }))).toEqual([]);
    expect(ask({ name: '', options: [mine] }, { client }).rcode).toBe(Rcode.FORMERR);
  });

  test('a question without one does not hide what its message is refused with', () => {
    const refusal = { rcode: Rcode.NOTAUTH, ede: 0 };
    const asked = { name: undefined, options: ['0102030405060708'] };
    expect(ask({ ...asked, name: '' }, { ...context, refusal }).rcode).toBe(Rcode.NOTAUTH);
    expect(ask({ ...asked, name: '' }).rcode).toBe(Rcode.NOERROR);
  });
});
