import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/core/log.ts';
import type { AgentAnswer, AgentRequest } from '../../src/mail/agent/protocol.ts';
import { serveAgent } from '../../src/mail/agent/server.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { memoryQueue } from '../kit/memory-mail-servers.ts';
import { builtPanel, complaintsOf, startBrowser } from './browser.ts';
import { lookAtIt, open } from './visit.ts';

/*
 * What the panel shows of the box itself and of a domain beside its records, in a browser against the real daemon. One box and one browser for all.
 */

const MINUTE = 60_000;
const password = 'four words of nobody else';
const domain = 'example.com';

let box: RunningBox;
let agentSocket: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  await builtPanel();
  agentSocket = join(mkdtempSync(join(tmpdir(), 'signpost-agent-')), 'agent.sock');
  box = await startBox({ tokenFlags: ['--mail-agent', agentSocket], patience: 2 * MINUTE });
  browser = await startBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(MINUTE);
  complaints = complaintsOf(context, box.http);
  const [, secret] = /\/setup#(\S+)/.exec(box.output())!;
  const owner = { secret, name: 'anna@example.net', password };
  const made = await context.request.post(`${box.http}/api/v1/setup/owner`, {
    data: owner,
    headers: { origin: box.http },
  });
  expect(made.status()).toBe(201);
  expect((await box.local('POST', '/domains', { name: domain })).status).toBe(201);
  page = await context.newPage();
}, 4 * MINUTE);

afterAll(async () => {
  await browser.close();
  await box.stop();
  rmSync(dirname(agentSocket), { recursive: true });
}, MINUTE);

beforeEach(() => {
  complaints.length = 0;
});

describe('mail of a domain', { timeout: 3 * MINUTE }, () => {
  it('shows what others are told, and the keys', async () => {
    await open(page, box.http, `/domains/${domain}/mail`);
    await page.getByRole('article', { name: 'SPF' }).getByText('v=spf1').waitFor();
    // Without a certificate that others trust there is no policy to fetch.
    await page
      .getByRole('article', { name: 'MTA-STS' })
      .getByText('once the box has a certificate')
      .waitFor();
    await page.getByText(/Forgeries (are|go)/).waitFor();
    await page.getByText('Ed25519').waitFor();
    await lookAtIt(page, 'domain-mail');
    expect(complaints).toEqual([]);
  });

  it('replaces the keys when a person says so', async () => {
    await page.getByRole('button', { name: 'Replace now' }).click();
    await page.getByText('published', { exact: true }).first().waitFor();
    const { body } = await box.local('GET', `/domains/${domain}/dkim`);
    expect((body as { keys: unknown[] }).keys).toHaveLength(4);
  });

  it('changes what happens to mail for it, and says at its field what is wrong', async () => {
    const nextHop = page.getByRole('textbox', { name: 'Mail for addresses that are not here goes on to' });
    await nextHop.fill('no such..host');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    complaints.length = 0;
    await nextHop.fill('mail.example.net');
    await page.getByLabel('Messages that a mailbox may send').fill('500');
    await page.getByLabel('Messages that all mailboxes of a domain together may send').fill('4000');
    await page.getByLabel('Into Junk from a score of').fill('5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await page.getByText('0 of 4,000 are sent.').waitFor();
    const { body } = await box.local('GET', `/domains/${domain}/mail`);
    expect(body).toEqual({
      sendLimit: { messages: 500, seconds: 86_400 },
      totalSendLimit: { messages: 4000, seconds: 86_400 },
      totalSending: { messages: 4000, seconds: 86_400, sent: 0 },
      nextHop: { host: 'mail.example.net', port: 25 },
      spamFilter: true,
      scores: { junk: 5, reject: 15 },
    });
  });

  it('takes the domain out of mail and back, and its records with it', async () => {
    const mail = page.getByRole('switch', { name: 'Takes part in mail' });
    await mail.click();
    await page.getByText('What others are told').waitFor({ state: 'detached' });
    expect((await box.local('GET', `/domains/${domain}`)).body).toMatchObject({ mail: false });
    await mail.click();
    await page.getByText('What others are told').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what the web site is besides its files', async () => {
    await page.getByRole('tab', { name: 'Web' }).click();
    await page.getByRole('button', { name: 'Add a path' }).click();
    await page.getByLabel('Path', { exact: true }).fill('/old');
    await page.getByLabel('To', { exact: true }).fill('https://example.net/new');
    await page.getByRole('switch', { name: 'Browsers use HTTPS alone (HSTS)' }).click();
    await lookAtIt(page, 'domain-web');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').last().waitFor();
    expect((await box.local('GET', `/domains/${domain}/web`)).body).toEqual({
      hsts: { seconds: 15_552_000, subdomains: false },
      rules: [{ path: '/old', kind: 'redirect', to: 'https://example.net/new' }],
    });
    expect(complaints).toEqual([]);
  });
});

describe('what DNSSEC of a domain does next', { timeout: 3 * MINUTE }, () => {
  it('is said, drawn, and said of each row', async () => {
    const { body } = await box.local('GET', `/zones/${domain}`);
    const { signatures } = body as { signatures: { renewAt: string; expireAt: string } };
    expect(Date.parse(signatures.renewAt)).toBeLessThan(Date.parse(signatures.expireAt));
    await open(page, box.http, `/domains/${domain}/dnssec`);
    const next = page.getByRole('region', { name: 'What comes next' });
    await next.getByText(/^The box renews the signatures (in \d+ days|next week) \(.+\)\./).waitFor();
    await next.getByText('No key is due to be replaced').waitFor();
    // Nobody delegates it: the DS record is not for now.
    await next.getByRole('link', { name: 'What to set at the registrar' }).waitFor();
    const picture = next.getByRole('img', { name: /^Timetable of the keys/ });
    for (const word of ['now', 'renewal', 'Signatures', 'DS at the registry'])
      expect(await picture.getByText(word, { exact: true }).count(), word).toBe(1);
    await next
      .getByRole('term')
      .filter({ hasText: /^Key \d+:$/ })
      .waitFor();
    await next
      .getByRole('definition')
      .filter({ hasText: /^valid from .+ to .+, renewal due on / })
      .waitFor();
    await lookAtIt(page, 'dnssec-next');
    expect(complaints).toEqual([]);
  });
});

describe('the digest of a zone', { timeout: 3 * MINUTE }, () => {
  it('comes and goes by its switch', async () => {
    await open(page, box.http, `/domains/${domain}/dnssec`);
    const publish = page.getByRole('switch', { name: 'Publish a digest' });
    expect(await publish.isChecked()).toBe(false);
    await publish.check();
    await expect
      .poll(async () => (await box.local('GET', `/zones/${domain}`)).body)
      .toMatchObject({
        zonemd: true,
        zonemdWarning: null,
      });
    await lookAtIt(page, 'dnssec');
    await publish.uncheck();
    await expect
      .poll(async () => (await box.local('GET', `/zones/${domain}`)).body)
      .toMatchObject({
        zonemd: false,
      });
    expect(complaints).toEqual([]);
  });

  it('is refused a zone with too many records, and says why', async () => {
    const large = 'large.example';
    expect((await box.local('POST', '/domains', { name: large })).status).toBe(201);
    const records = Array.from({ length: 2500 }, (_, n) => ({
      owner: `h${n}.${large}`,
      type: 'A',
      value: '192.0.2.7',
    }));
    expect((await box.local('POST', `/zones/${large}/records`, { records })).status).toBe(201);
    await open(page, box.http, `/domains/${large}/dnssec`);
    await page.getByRole('switch', { name: 'Publish a digest' }).click();
    await page.getByRole('alert').getByText('2500 at most').waitFor();
    expect((await box.local('DELETE', `/domains/${large}`)).status).toBe(200);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });
});

describe('a record while it is typed', { timeout: 2 * MINUTE }, () => {
  const value = () => page.getByRole('textbox', { name: 'Value' });
  const good = () => page.getByText('The box can serve this.');

  it('may be the word for the addresses of the box', async () => {
    await open(page, box.http, `/domains/${domain}`);
    await page.getByRole('button', { name: 'Add a record' }).click();
    await page.getByLabel('Name', { exact: true }).fill('here');
    await value().fill('local');
    await good().waitFor();
    expect(complaints).toEqual([]);
  });

  it('gets no word that was said of another text', async () => {
    await value().fill('192.0.2.7');
    await good().waitFor();
    await value().press('End');
    await value().press('9');
    // In the same moment, before the box was asked.
    expect(await good().count()).toBe(0);
  });

  it('is of another zone when its name ends with a dot', async () => {
    await page.getByLabel('Name', { exact: true }).fill('www.example.net.');
    await page.locator('form [aria-live=polite]', { hasText: /\S/ }).waitFor();
    expect(await good().count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('windows that nobody sees', { timeout: 2 * MINUTE }, () => {
  const hide = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );
  const streams = async (): Promise<string> => {
    const response = await context.request.get(`${box.http}/metrics`);
    return /^signpost_event_streams (\d+)$/m.exec(await response.text())![1]!;
  };

  it('leave the stream of events, and know what happened when they are seen again', async () => {
    await open(page, box.http, '/domains');
    await expect.poll(streams).toBe('1');
    await hide(true);
    await expect.poll(streams).toBe('0');
    await box.local('POST', '/domains', { name: 'example.org' });
    await hide(false);
    await page.getByRole('link', { name: /example\.org/ }).waitFor();
    await expect.poll(streams).toBe('1');
    expect(complaints).toEqual([]);
  });
});

describe('checks', { timeout: 3 * MINUTE }, () => {
  it('say of everything how it is, why it matters and how to mend it; the overview leads there', async () => {
    await open(page, box.http, '/');
    await page.getByRole('link', { name: 'All checks' }).click();
    const certificate = page.getByRole('article', {
      name: 'The box has a certificate that everybody trusts',
    });
    await certificate.getByText('Something is to be done').waitFor();
    await certificate.getByText('It is self-signed').waitFor();
    await certificate.getByText('It comes by itself once the world finds the box').waitFor();
    await lookAtIt(page, 'checks');
  });

  it('are looked at again, one and all', async () => {
    const title = 'Every worker of the nameserver runs';
    const before = (await box.local('GET', '/checks')).body as { items: { id: string; at: string }[] };
    const at = (list: typeof before, id: string) => list.items.find((one) => one.id === id)!.at;
    await page.getByRole('button', { name: `Look again: ${title}` }).click();
    await expect
      .poll(async () => at((await box.local('GET', '/checks')).body as typeof before, 'workers'))
      .not.toBe(at(before, 'workers'));
    await page.getByRole('button', { name: 'Look at all again' }).click();
    await page.getByRole('article', { name: title }).getByText('In order').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('statistics of the nameserver', { timeout: 3 * MINUTE }, () => {
  it('show what was asked, as it goes on', async () => {
    const resolver = new Resolver();
    resolver.setServers([`${box.dns.address}:${box.dns.port}`]);
    for (let query = 0; query < 20; query++) await resolver.resolveMx(domain);
    await open(page, box.http, '/nameserver');
    await page.getByText('Queries by type').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'MX' }).waitFor();
    await page
      .getByRole('region', { name: 'Zones that are asked most' })
      .getByText(domain, { exact: true })
      .waitFor();
    await page.getByRole('region', { name: 'How long answers take' }).getByText('UDP').waitFor();
    await lookAtIt(page, 'nameserver');
    await page.getByText('1 hour').click();
    await page.waitForURL('**/nameserver?minutes=60');
    expect(complaints).toEqual([]);
  });

  it('are a chart of the overview, beside that of mail', async () => {
    await open(page, box.http, '/');
    await page.getByRole('img', { name: 'Queries to the nameserver' }).waitFor();
    // No filter was configured: why there is nothing to count.
    await page.getByRole('region', { name: 'Mail of the last day' }).locator('p').waitFor();
    await lookAtIt(page, 'overview');
    expect(complaints).toEqual([]);
  });
});

describe('settings of the mail servers', { timeout: 3 * MINUTE }, () => {
  const save = () => page.getByRole('button', { name: 'Save' });

  it('say while they are typed what is wrong, and what would reload', async () => {
    await open(page, box.http, '/mail-settings');
    // There is no agent on this machine: nothing is said to be applied.
    await page.getByText('holds once the mail servers are configured from here').waitFor();
    await page.getByLabel('Refused from a score of').fill('5');
    await page.getByText('must score more than what goes into Junk').waitFor();
    await page.getByLabel('Refused from a score of').fill('12');
    await page.getByText('These reload when it is saved: rspamd.').waitFor();
    await page.getByLabel('Relay host').fill('smtp.example.net');
    await page.getByLabel('User', { exact: true }).fill('box@example.net');
    await page.getByText('Give the password of box@example.net at smtp.example.net').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('never shown again');
    await page.getByText('These reload when it is saved: rspamd, postfix.').waitFor();
    complaints.length = 0;
    await lookAtIt(page, 'mail-settings');
    expect(complaints).toEqual([]);
  });

  it('are kept, and the password is not shown again', async () => {
    await save().click();
    await page.getByText('One is kept, and not shown.').waitFor();
    await expect.poll(() => save().isDisabled()).toBe(true);
    expect((await box.local('GET', '/mail/settings')).body).toMatchObject({
      relay: { host: 'smtp.example.net', port: 587, user: 'box@example.net', hasPassword: true },
      scores: { junk: 6, reject: 12 },
    });
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    await page.getByLabel('Relay host').fill('');
    await save().click();
    await expect
      .poll(async () => (await box.local('GET', '/mail/settings')).body)
      .toMatchObject({ relay: null });
    expect(complaints).toEqual([]);
  });
});

/** An agent at the socket where the box asks. */
const serveAnswers = (answer: (request: AgentRequest) => Promise<AgentAnswer>): Promise<Server> =>
  serveAgent({
    agent: { start: () => Promise.resolve(), answer, close: () => Promise.resolve() },
    path: agentSocket,
    peerOf: () => ({ pid: 1, uid: 0 }),
    allowed: () => true,
    log: createLog({ level: 'silent' }),
  });

describe('the log of a mail server', { timeout: 3 * MINUTE }, () => {
  let agent: Server;
  let lines: string[] = [];
  const shown = () => page.getByRole('region', { name: 'Log of postfix' });

  /** An agent that has configured Postfix. */
  function answer(request: AgentRequest): Promise<AgentAnswer> {
    const detected = { kind: 'installed', version: '3.7.11' } as const;
    const postfix = { name: 'postfix', detected, managed: true, running: true } as const;
    if (request.do !== 'log') return Promise.resolve({ ok: true, plan: [{ ...postfix, changes: [] }] });
    const problem = 'The log of postfix is empty: it has said nothing yet, or does not run.';
    const log = lines.length > 0 ? { lines: lines.slice(-request.lines) } : { lines, problem };
    return Promise.resolve({ ok: true, log });
  }

  beforeAll(async () => {
    agent = await serveAnswers(answer);
  });
  afterAll(() => new Promise<void>((resolve) => void agent.close(() => resolve())));

  it('says that it is empty, and has the last 100 lines as text once there are some', async () => {
    await open(page, box.http, '/mail-servers');
    await page.getByText('Log', { exact: true }).click();
    await page.getByText('it has said nothing yet').waitFor();
    lines = Array.from({ length: 150 }, (_, n) => `4D2F31A0B${n}: <b>removed</b>`);
    await page.getByRole('button', { name: 'Look again' }).click();
    await shown().getByText('4D2F31A0B149: <b>removed</b>').waitFor();
    expect((await shown().textContent())!.split('\n')).toHaveLength(100);
    await lookAtIt(page, 'mail-server-log');
    expect(complaints).toEqual([]);
  });

  it('follows it when that is wanted, and stays at its end', async () => {
    lines.push('4D2F31A0C0: later');
    await page.getByRole('switch', { name: 'Follow' }).click();
    await shown().getByText('4D2F31A0C0: later').waitFor();
    const below = `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)
      (document.querySelector('pre[role=region]'))`;
    await expect.poll(() => page.evaluate<number>(below)).toBeLessThan(8);
    expect(complaints).toEqual([]);
  });

  it('says what the box says when the agent is gone', async () => {
    await page.getByRole('switch', { name: 'Follow' }).click();
    await new Promise<void>((resolve) => void agent.close(() => resolve()));
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('alert').getByText('The agent does not answer').waitFor();
  });
});

describe('the mail queue', { timeout: 3 * MINUTE }, () => {
  let agent: Server;
  const asked: AgentRequest[] = [];
  const message = (id: string) => page.getByRole('group', { name: id });

  /** An agent with two messages in its queue, which go when they are deleted. */
  beforeAll(async () => {
    const gone = new Set<string>();
    const answer = async (request: AgentRequest): Promise<AgentAnswer> => {
      asked.push(request);
      if (
        request.do === 'queue-act' &&
        request.action === 'delete' &&
        request.choice &&
        'id' in request.choice
      )
        gone.add(request.choice.id);
      const said = await memoryQueue(request);
      if (!('queue' in said)) return said;
      return {
        ...said,
        queue: { ...said.queue, messages: said.queue.messages.filter(({ id }) => !gone.has(id)) },
      };
    };
    agent = await serveAnswers(answer);
  });
  afterAll(() => new Promise<void>((resolve) => void agent.close(() => resolve())));

  it('says what waits and why, and finds it by address', async () => {
    await open(page, box.http, '/mail-queue');
    await message('4D2F31A0B0').getByText('connection refused').waitFor();
    await page.getByText('Tried again: 2').waitFor();
    await lookAtIt(page, 'mail-queue');
    await page.getByLabel('Part of an address that sent or is to get it').fill('example.org');
    await page.waitForURL('**/mail-queue?address=example.org');
    await message('4D2F31A0B0').waitFor({ state: 'detached' });
    await message('4D2F31A0B1').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tries, holds and deletes a message, the last after a question', async () => {
    await message('4D2F31A0B1').getByRole('button', { name: 'Try now' }).click();
    await message('4D2F31A0B1').getByRole('button', { name: 'Hold' }).click();
    await message('4D2F31A0B1').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await message('4D2F31A0B1').waitFor({ state: 'detached' });
    await page.getByText('Nothing of that kind waits.').waitFor();
    const done = asked.flatMap((request) => (request.do === 'queue-act' ? [request] : []));
    expect(done.map(({ action }) => action).sort()).toEqual(['delete', 'hold', 'retry']);
    expect(done.every(({ choice }) => choice && 'id' in choice && choice.id === '4D2F31A0B1')).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe('what the spam filter looked at', { timeout: 3 * MINUTE }, () => {
  it('says why there is nothing to read where no filter was configured', async () => {
    await open(page, box.http, '/mail-history');
    await page.locator('main section p').first().waitFor();
    await lookAtIt(page, 'mail-history');
    await page.getByRole('searchbox').fill('Anna@example.net');
    await expect.poll(() => page.url()).toContain('?address=anna%40example.net');
    await page.reload();
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('anna@example.net');
    expect(complaints).toEqual([]);
  });
});
