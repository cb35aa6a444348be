import { beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { Name } from '../../dns/wire/name.ts';
import { boxPolicy } from '../../mail/discovery/mta-sts.ts';
import type { Box } from '../../zones/model.ts';
import { createDiscoveryApp } from './app.ts';
import { sentences } from './refuse.ts';

const hostname = Name.parse('box.example.net');
const box: Box = {
  hostname,
  ipv4: ['192.0.2.1'],
  ipv6: [],
  adminEmail: undefined,
  ttl: 3600,
  secondaries: [],
  caaIssuer: undefined,
};
/** example.com has mail and MTA-STS, example.org has mail without it; the box announces a policy for itself, but has no mailboxes. */
const mail = ['example.com', 'example.org'];
const policies = ['example.com', 'box.example.net'];

let clock: FakeClock;
let state: { box: Box | undefined; signs?: boolean };
let app: ReturnType<typeof createDiscoveryApp>;

beforeEach(() => {
  clock = new FakeClock();
  state = { box };
  app = createDiscoveryApp({
    box: () => state.box,
    mailDomain: (domain) => mail.includes(domain.toText()),
    mtaStsPolicy: (domain) => (policies.includes(domain.toText()) ? boxPolicy(hostname) : undefined),
    signProfile: (profile) => Promise.resolve(state.signs ? Buffer.from(`signed: ${profile}`) : undefined),
    clock,
    log: createLog({ level: 'silent' }),
  });
});

async function ask(url: string, init: RequestInit = {}, address = '203.0.113.9'): Promise<Response> {
  return app.request(`https://${url}`, init, { peer: { kind: 'network', address } });
}

const mtaSts = '/.well-known/mta-sts.txt';
const config = '/mail/config-v1.1.xml';
const draft = '/.well-known/mail-v1.xml';
const wellKnown = '/.well-known/autoconfig/mail/config-v1.1.xml';
const pox = '/autodiscover/autodiscover.xml';
const json = '/autodiscover/autodiscover.json?Protocol=AutodiscoverV1';
const apple = '/email.mobileconfig';
const alice = 'alice@example.com';

function outlookRequest(address: string): RequestInit {
  const schemas = 'http://schemas.microsoft.com/exchange/autodiscover/outlook';
  const body = `<Autodiscover xmlns="${schemas}/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schemas}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`;
  return { method: 'POST', body, headers: { 'Content-Type': 'text/xml' } };
}

test('400: an address that is no UTF-8', async () => {
  for (const address of ['%ff@example.com', 'alice%zz@example.com']) {
    const answer = await ask(`autoconfig.example.com${config}?emailaddress=${address}`);
    expect([answer.status, await answer.text()]).toEqual([400, `${sentences.illegible}\n`]);
  }
});

describe('what is where', () => {
  test.each([
    [`mta-sts.example.com${mtaSts}`, 'text/plain; charset=utf-8'],
    [`MTA-STS.Example.COM.:8443${mtaSts}`, 'text/plain; charset=utf-8'],
    [`mta-sts.box.example.net${mtaSts}`, 'text/plain; charset=utf-8'],
    [`autoconfig.example.com${config}`, 'text/xml; charset=utf-8'],
    [`autoconfig.example.com${config}?emailaddress=${alice}`, 'text/xml; charset=utf-8'],
    [`autoconfig.example.com${wellKnown}`, 'text/xml; charset=utf-8'],
    [`example.com${wellKnown}`, 'text/xml; charset=utf-8'],
    [`autoconfig.example.com${draft}?emailaddress=${alice}`, 'text/xml; charset=utf-8'],
    [`autoconfig.example.com${config}?emailaddress=alice+tag@example.com`, 'text/xml; charset=utf-8'],
    [`box.example.net${draft}?EmailAddress=alice%2Btag%40example.com`, 'text/xml; charset=utf-8'],
    [`box.example.net${config}?email=${alice}`, 'text/xml; charset=utf-8'],
    [`box.example.net${config}?emailaddress=${alice}`, 'text/xml; charset=utf-8'],
    [`box.example.net${wellKnown}?emailaddress=${alice}`, 'text/xml; charset=utf-8'],
    [`autodiscover.example.com${json}`, 'application/json; charset=utf-8'],
    [`autodiscover.example.com${json}&Email=${alice}`, 'application/json; charset=utf-8'],
    [
      `example.com/Autodiscover/Autodiscover.json/v1.0/${alice}?Protocol=autodiscoverv1`,
      'application/json; charset=utf-8',
    ],
    [`box.example.net${json}&Email=${alice}`, 'application/json; charset=utf-8'],
    [
      `box.example.net/autodiscover/autodiscover.json?email=${alice}&protocol=AutodiscoverV1&redirectcount=1`,
      'application/json; charset=utf-8',
    ],
    [`example.com${apple}`, 'application/x-apple-aspen-config; charset=utf-8'],
    [`autoconfig.example.org${apple}?email=${alice}`, 'application/x-apple-aspen-config; charset=utf-8'],
    [`box.example.net${apple}?email=${alice}`, 'application/x-apple-aspen-config; charset=utf-8'],
  ])('200: %s', async (url, type) => {
    const answer = await ask(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const box = url.startsWith('box.example.net');
    expect(answer.headers.get('strict-transport-security')).toBe(box ? 'max-age=15552000' : null);
    const head = await ask(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test.each([
    // Hosts that are none of ours.
    `example.net${wellKnown}`,
    `autoconfig.example.net${config}`,
    `mta-sts.example.net${mtaSts}`,
    `192.0.2.1${wellKnown}`,
    `[2001:db8::1]${wellKnown}`,
    `localhost${config}`,
    `autoconfig.autoconfig.example.com${config}`,
    `www.example.com${wellKnown}`,
    // Right documents at the wrong hosts.
    `example.com${mtaSts}`,
    `box.example.net${mtaSts}`,
    `autoconfig.example.com${mtaSts}`,
    `mta-sts.example.com${config}`,
    `mta-sts.example.com${apple}`,
    `autodiscover.example.com${config}`,
    // No policy is announced.
    `mta-sts.example.org${mtaSts}`,
    // The box alone says nothing about which domain, and has no mailboxes itself.
    `box.example.net${wellKnown}`,
    `box.example.net${apple}`,
    `autoconfig.box.example.net${config}`,
    // Mailboxes that are elsewhere, or are none.
    `autoconfig.example.com${config}?emailaddress=alice@example.net`,
    `autoconfig.example.com${config}?emailaddress=<script>`,
    `example.com${apple}?email=alice%22@example.com`,
    `example.com${apple}?email=alice@www.example.com`,
    'example.com/',
    'example.com/.well-known/security.txt',
    'box.example.net/api/v1/box',
  ])('404, without a word of the question: %s', async (url) => {
    const answer = await ask(url);
    const text = await answer.text();
    expect(answer.status).toBe(404);
    expect(Object.values(sentences)).toContain(text.trimEnd());
    expect(text).toMatch(/^[A-Z].*\.\n$/);
    expect((await ask(url, { method: 'HEAD' })).status).toBe(404);
  });

  test.each([
    [`example.net${wellKnown}`, sentences.unknownHost],
    [`192.0.2.1${wellKnown}`, sentences.unknownHost],
    ['example.com/', sentences.nothing],
    [`box.example.net${apple}`, sentences.nobody],
    [`example.com${apple}?email=alice@example.net`, sentences.elsewhere],
  ])('%s: %s', async (url, sentence) => {
    expect(await (await ask(url)).text()).toBe(`${sentence}\n`);
  });

  test('a page for browsers, a problem (RFC 9457 §4.2.1) for programs that ask for JSON, else a line', async () => {
    const told = async (Accept: string): Promise<[string, string]> => {
      const answer = await ask('example.net/', { headers: { Accept } });
      expect([answer.status, answer.headers.get('vary')]).toEqual([404, 'Accept']);
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'(; style-src 'sha256-[^']+')?$/,
      );
      return [answer.headers.get('content-type')!, await answer.text()];
    };
    const firefox = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const [page, html] = await told(firefox);
    expect(page).toBe('text/html; charset=utf-8');
    expect(html).toContain(`<h1>Not Found</h1>\n<p>${sentences.unknownHost}</p>`);
    for (const accept of ['application/json', 'application/problem+json, application/json;q=0.5']) {
      const [type, problem] = await told(accept);
      expect(type).toBe('application/problem+json');
      expect(JSON.parse(problem)).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: sentences.unknownHost,
      });
    }
    for (const accept of ['', '*/*', 'text/plain', 'text/xml', ';q=,,'])
      expect(await told(accept)).toEqual(['text/plain; charset=utf-8', `${sentences.unknownHost}\n`]);
  });

  test('404 everywhere before the box has a hostname', async () => {
    state.box = undefined;
    expect((await ask(`mta-sts.example.com${mtaSts}`)).status).toBe(404);
  });
});

describe('what is in it', () => {
  test('the domain of the host, or of the mailbox', async () => {
    const own = await (await ask(`autoconfig.example.org${config}`)).text();
    expect(own).toContain('<domain>example.org</domain>');
    const asked = await (await ask(`autoconfig.example.org${config}?emailaddress=${alice}`)).text();
    expect(asked).toContain('<domain>example.com</domain>');
    expect(asked).not.toContain('alice');
  });

  test('RFC 8461 §3.3: the policy with its CRLF, as text/plain (§3.2), and an ETag that spares sending it again', async () => {
    const first = await ask(`mta-sts.example.com${mtaSts}`);
    expect(await first.text()).toBe(
      'version: STSv1\r\nmode: enforce\r\nmx: box.example.net\r\nmax_age: 604800\r\n',
    );
    expect(first.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('public, max-age=3600');
    const headers = { 'If-None-Match': first.headers.get('etag')! };
    expect((await ask(`mta-sts.example.com${mtaSts}`, { headers })).status).toBe(304);
  });

  test('a profile to install, for one person and not for caches', async () => {
    const { headers } = await ask(`example.com${apple}?email=${alice}`);
    expect(headers.get('content-disposition')).toBe('attachment; filename="example.com.mobileconfig"');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('a profile that is signed as soon as the box has a certificate that others trust', async () => {
    const profile = async () => {
      const answer = await ask(`example.com${apple}?email=${alice}`);
      return [answer.headers.get('content-type'), (await answer.text()).slice(0, 13)];
    };
    expect(await profile()).toEqual(['application/x-apple-aspen-config; charset=utf-8', '<?xml version']);
    state.signs = true;
    expect(await profile()).toEqual(['application/x-apple-aspen-config', 'signed: <?xml']);
  });

  test.each([
    ['example.com', '?Protocol=%3Cb%3E', 400, 'InvalidProtocol'],
    ['example.com', `?Protocol=ActiveSync&Email=${alice}`, 400, 'InvalidProtocol'],
    ['example.com', `?Email=${alice}`, 400, 'MandatoryParameterMissing'],
    ['box.example.net', '?Protocol=AutodiscoverV1', 400, 'MandatoryParameterMissing'],
    ['autodiscover.example.com', '?Protocol=AutodiscoverV1&Email=alice@example.net', 404, 'UserNotFound'],
    ['autodiscover.example.com', '?Protocol=AutodiscoverV1&Email=%3Cscript%3E', 404, 'UserNotFound'],
  ])('Outlook is told in JSON what is wrong: %s%s', async (host, query, status, code) => {
    const answer = await ask(`${host}/autodiscover/autodiscover.json${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual({ ErrorCode: code, ErrorMessage: expect.any(String) as string });
    expect(text).not.toMatch(/[<>]|alice/);
  });
});

describe('Outlook', () => {
  test.each(['autodiscover.example.com', 'example.com', 'box.example.net', 'autodiscover.example.org'])(
    '200: settings at %s',
    async (host) => {
      const answer = await ask(`${host}/Autodiscover/Autodiscover.XML`, outlookRequest(alice));
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<LoginName>alice@example.com</LoginName>');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  test.each([
    ['alice@example.net', 500],
    ['alice@box.example.net', 500],
    ['alice', 500],
    ['', 600],
    ['&xxe;@example.com', 500],
  ])('200: an error for %s', async (address, code) => {
    const text = await (await ask(`autodiscover.example.com${pox}`, outlookRequest(address))).text();
    expect(text).toContain(`<ErrorCode>${code}</ErrorCode>`);
    expect(text).not.toContain('alice');
  });

  test('404 at other hosts', async () => {
    for (const host of ['autodiscover.example.net', 'mta-sts.example.com', 'autoconfig.example.com'])
      expect((await ask(`${host}${pox}`, outlookRequest(alice))).status).toBe(404);
  });

  test('413: more than 16 KiB, announced or not', async () => {
    const body = 'x'.repeat(16_385);
    expect((await ask(`example.com${pox}`, { method: 'POST', body })).status).toBe(413);
    const stream = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(4096)) });
    const endless = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    expect((await ask(`example.com${pox}`, endless)).status).toBe(413);
  });
});

test.each([
  ['POST', `mta-sts.example.com${mtaSts}`, 'GET, HEAD'],
  ['PUT', `autoconfig.example.com${config}`, 'GET, HEAD'],
  ['GET', `autodiscover.example.com${pox}`, 'POST'],
  ['DELETE', `example.com${apple}`, 'GET, HEAD'],
])('405: %s %s', async (method, url, allow) => {
  const answer = await ask(url, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  expect(await answer.text()).toBe(`Use ${allow.replace(', ', ' or ')} here.\n`);
});

test('429 for a network that asks without end; others go on, and so does this one when time has passed', async () => {
  const url = `mta-sts.example.com${mtaSts}`;
  for (let i = 0; i < 200; i++) expect((await ask(url, {}, `2001:db8::${i}`)).status).toBe(200);
  const refused = await ask(url, {}, '2001:db8::ffff');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect((await ask(url, {}, '198.51.100.7')).status).toBe(200);
  await clock.advance(50);
  expect((await ask(url, {}, '2001:db8::1')).status).toBe(200);
});

test('500 says nothing of the inside', async () => {
  const broken = createDiscoveryApp({
    box: () => {
      throw new Error('SQLITE_CORRUPT');
    },
    mailDomain: () => true,
    mtaStsPolicy: () => undefined,
    signProfile: () => Promise.resolve(undefined),
    clock,
    log: createLog({ level: 'silent' }),
  });
  const answer = await broken.request('https://example.com/', {}, { peer: { kind: 'local' } });
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('Something went wrong inside the box. Its log has the cause.\n');
});
