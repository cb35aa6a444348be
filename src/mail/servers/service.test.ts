import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { createEvents } from '../../work/events.ts';
import type { AgentRequest, DriverResult, DriverStatus } from '../agent/protocol.ts';
import type { DriverName } from '../drivers/driver.ts';
import type { MailModel } from '../drivers/model.ts';
import { drivers } from '../drivers/registry.ts';
import { createMailServers } from './service.ts';

const web = { api: 'http://127.0.0.1:8080', sessionKey: 'k'.repeat(32) };
const model = { hostname: 'box.example.net', web } as MailModel;

const mail: DriverName[] = ['unbound', 'mta-sts', 'redis', 'rspamd', 'dovecot', 'postfix'];

/** What the box asks an agent that manages these, and what it says of them. */
function withAgent(managed: readonly DriverName[]) {
  const clock = new FakeClock();
  const asked: AgentRequest[] = [];
  const names = new Set([...mail, ...managed]);
  const status = [...names].map((name): DriverStatus => {
    const detected = { kind: 'installed', version: '1' } as const;
    return { name, detected, managed: managed.includes(name), running: true };
  });
  const log = createLog({ level: 'silent' });
  const events = createEvents({ clock, log });
  const results: DriverResult[] = [];
  const servers = createMailServers({
    ...{
      drivers,
      wants: { web },
      clock,
      events,
      log,
    },
    model: () => model,
    syncKeys: () => Promise.resolve(),
    ask(request) {
      asked.push(request);
      return Promise.resolve(request.do === 'status' ? { ok: true, status } : { ok: true, results });
    },
    machine: {
      run: () => Promise.resolve({ status: 127, output: '' }),
      greeting: () => Promise.resolve(undefined),
    },
  });
  return {
    clock,
    servers,
    events,
    results,
    applied: () => asked.filter((request) => request.do === 'apply'),
  };
}

test('applies changes of mail by itself while the web, which is wanted too, was not accepted', async () => {
  const { clock, servers, applied } = withAgent(mail);
  servers.start();
  await clock.advance(5000);
  expect(applied()).toEqual([{ do: 'apply', model: { hostname: model.hostname }, replaceEdited: false }]);
  expect((await servers.status()).servers).toMatchObject([
    ...mail.map((name) => ({ name, managed: true })),
    { name: 'roundcube', managed: false, detected: { kind: 'missing' } },
    { name: 'nginx', managed: false, detected: { kind: 'missing' } },
  ]);
  await servers.stop();
});

test('applies all of it once a person has accepted it', async () => {
  const { clock, servers, applied } = withAgent([...mail, 'roundcube', 'nginx']);
  servers.start();
  await clock.advance(5000);
  expect(applied()).toEqual([{ do: 'apply', model, replaceEdited: false }]);
  await servers.stop();
});

test('applies nothing by itself before a person has accepted the mail servers', async () => {
  const { clock, servers, applied } = withAgent(['roundcube', 'nginx']);
  servers.start();
  await clock.advance(5000);
  expect(applied()).toEqual([]);
  await servers.stop();
});

test('says what could not be configured until it could', async () => {
  const { servers, results } = withAgent(mail);
  expect(servers.problems()).toEqual([]);
  results.push({ name: 'postfix', outcome: 'refused', detail: 'postconf: fatal: bad line 7.\nand more' });
  await servers.apply(false);
  expect(servers.problems()).toEqual([
    'The mail server postfix was not configured anew and goes on as before (postconf: fatal: bad line 7): signpost mail plan shows what was to change, signpost mail apply tries again.',
  ]);
  results[0] = {
    name: 'dovecot',
    outcome: 'unchanged',
    refused: ['/etc/x.sieve is not used as it is: line 1.'],
  };
  await servers.apply(false);
  expect(servers.problems()).toEqual([
    'An addition of your own was left as it was, and the mail servers go on without it: /etc/x.sieve is not used as it is: line 1; mend it, then: signpost mail apply',
  ]);
  results[0] = { name: 'postfix', outcome: 'applied' };
  await servers.apply(false);
  expect(servers.problems()).toEqual([]);
});

test('says that a change waits until the servers have it', async () => {
  const { clock, servers, events } = withAgent(mail);
  const waiting = async () => (await servers.status()).waiting;
  servers.start();
  expect(await waiting()).toBe(true);
  await clock.advance(5000);
  expect(await waiting()).toBe(false);
  events.publish('mail.settings-changed', {});
  expect(await waiting()).toBe(true);
  await clock.advance(5000);
  expect(await waiting()).toBe(false);
  await servers.stop();
});

test('nothing waits where no plan was accepted', async () => {
  const { servers, events } = withAgent([]);
  servers.start();
  events.publish('mail.settings-changed', {});
  expect(await servers.status()).toMatchObject({ accepted: false, waiting: false });
  await servers.stop();
});
