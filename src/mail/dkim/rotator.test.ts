import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain as local, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { type Random, seededRandom, systemRandom } from '../../core/random.ts';
import { createSealer } from '../../core/seal.ts';
import { auditRows } from '../../work/audit.ts';
import { joinedText } from '../../zones/text.ts';
import { createDkim, type Dkim } from './dkim.ts';
import { generateRsa } from './key-pair.ts';
import type { FindLacking } from './live.ts';
import { createRotator, type Rotator, type RotatorOptions, type SignerState } from './rotator.ts';
import { createDkimService, type DkimService } from './service.ts';
import { type DkimReads, dkimRows } from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const sealer = createSealer(Buffer.alloc(32, 7), systemRandom);
/** Making one takes longer than all that is done with it; no test looks at the key itself. */
const rsa = { make: () => Promise.resolve(ready), end: () => Promise.resolve() };
const ready = generateRsa();

let clock: FakeClock;
let zones: ZonesBox;
let reads: DkimReads;
let random: Random;
let dkim: Dkim;
let rotator: Rotator;
let service: DkimService;
let options: RotatorOptions;
let steps: string[];
/** What other nameservers lack, and what the signer says. */
let findLacking: FindLacking;
let signerHas: (change: number) => SignerState | Promise<SignerState>;

beforeEach(async () => {
  clock = new FakeClock();
  random = seededRandom(3);
  zones = await startZones({
    clock,
    random: seededRandom(4),
    parts: [{ domainChanged: (...change) => dkim.domainChanged(...change) }],
  });
  reads = zones.work.committed.rows(dkimRows);
  findLacking = () => Promise.resolve(undefined);
  signerHas = () => ({ kind: 'has' });
  steps = [];
  known = new Map();
  zones.events.subscribe(undefined, ({ type, data }) => {
    if (type === 'dkim.step') steps.push(`${String(data['domain'])} ${String(data['step'])}`);
    if (type === 'dkim.failed' || type === 'dkim.mended') steps.push(`${String(data['domain'])} ${type}`);
  });
  const { work, publisher } = zones;
  const log = createLog({ level: 'silent' });
  const tools = { work, publisher, sealer, clock, random, log };
  dkim = createDkim({ ...tools, rsa, onFollowed: () => rotator.kick() });
  options = {
    ...tools,
    findLacking: (records) => findLacking(records),
    signerHas: (change) => Promise.resolve(signerHas(change)),
    onTaken: () => dkim.refill(),
  };
  rotator = createRotator(options);
  service = createDkimService({ ...tools, onChanged: () => rotator.kick() });
  dkim.start();
  while (reads.pooled() < 16) await pass(1);
});
afterEach(async () => {
  const state = { stopped: false };
  void Promise.all([rotator.stop(), dkim.stop()]).then(() => (state.stopped = true));
  while (!state.stopped) await pass(MINUTE);
  await zones.close();
});

/** Time goes on, and all that it brings about is done. */
async function pass(time: number, step = time): Promise<void> {
  for (let at = 0; at < time; at += step) {
    await clock.advance(step);
    for (let i = 0; i < 4; i++) await setImmediate();
  }
}

const add = (origin = 'example.com') => zones.domains.add(person, local(origin, { web: false }));
const troubled = (): string[] =>
  service.schedule().troubled.map(({ domain, reason }) => `${domain.toText()}: ${reason}`);
const summary = (origin = 'example.com'): string[] =>
  reads.keys(name(origin)).map(({ selector, state }) => `${named(selector, origin)} ${state}`);
/** Selectors by domain, in the order in which they came. */
let known: Map<string, string[]>;
/** With a letter of its turn in place of those that were drawn: `rsa2601b` is the second of its month. */
function named(selector: string, origin = 'example.com'): string {
  const seen = known.get(origin) ?? [];
  known.set(origin, seen);
  for (const key of reads.keys(name(origin))) if (!seen.includes(key.selector)) seen.push(key.selector);
  const stem = selector.slice(0, -4);
  return stem + 'abcdef'[seen.filter((one) => one.startsWith(stem)).indexOf(selector)]!;
}
/** The text at each selector that is served. */
function served(origin = 'example.com'): Map<string, string> {
  const found = new Map<string, string>();
  for (const { owner, rrsets } of zones.served(origin)!.nodes(name(`_domainkey.${origin}`)))
    for (const { rdatas } of rrsets.filter(({ type }) => type === 16))
      found.set(owner.toText().split('.')[0]!, joinedText(rdatas[0]!));
  return found;
}
/** The same by the letter of its turn. */
const shown = (): Map<string, string> =>
  new Map([...served()].map(([selector, text]) => [named(selector), text]));

describe('the keys of a domain', () => {
  it('go their way: published, seen everywhere, forgotten to be missing, sign, retired, revoked, removed', async () => {
    await add();
    rotator.start();
    const first = summary();
    expect(first).toEqual(['ed2601a active', 'rsa2601a active']);
    await service.rotate(person, name('example.com'), false);
    expect(summary()).toEqual([...first, 'ed2601b published', 'rsa2601b published']);
    expect(shown().get('rsa2601b')).toMatch(/^v=DKIM1; k=rsa; p=.+/);
    await pass(MINUTE);
    expect(steps).toEqual(['example.com publish', 'example.com see']);
    expect(service.get(name('example.com'))!.next).toMatchObject({ step: 'sign' });

    // The last field of the SOA.
    const caches = service.get(name('example.com'))!.next!.at! - clock.now();
    expect(caches).toBeGreaterThan(4 * MINUTE);
    await pass(caches - 1000);
    expect(summary().at(-1)).toBe('rsa2601b published');
    let arrived = false;
    signerHas = () => (arrived ? { kind: 'has' } : { kind: 'waiting', why: 'Rspamd lacks them.' });
    await pass(2 * MINUTE);
    expect(summary()).toEqual([...first, 'ed2601b active', 'rsa2601b active']);
    expect(service.get(name('example.com'))!.next).toMatchObject({
      step: 'retire',
      waitsFor: 'Rspamd lacks them.',
    });
    arrived = true;
    await pass(10 * MINUTE, MINUTE);
    expect(summary().slice(0, 2)).toEqual(['ed2601a retired', 'rsa2601a retired']);
    expect(shown().get('rsa2601a')).toMatch(/p=.+/);

    await pass(7 * DAY);
    expect(summary()[0]).toBe('ed2601a retired');
    await pass(HOUR + MINUTE);
    expect(summary().slice(0, 2)).toEqual(['ed2601a revoked', 'rsa2601a revoked']);
    expect(shown().get('rsa2601a')).toBe('v=DKIM1; k=rsa; p=');
    await pass(32 * DAY);
    expect(summary()).toEqual(['ed2601b active', 'rsa2601b active']);
    expect([...shown().keys()]).toEqual(['ed2601b', 'rsa2601b']);
    expect(steps.map((step) => step.split(' ')[1])).toEqual([
      'publish',
      'see',
      'sign',
      'retire',
      'revoke',
      'remove',
    ]);
    const audit = zones.work.committed.rows(auditRows).audit(undefined, 20, {});
    expect(audit.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['dkim.publish', 'dkim.remove']),
    );
  });

  it('are replaced by the schedule of the box, which counts at once when it is another; never when it is off', async () => {
    await add();
    rotator.start();
    await pass(130 * DAY, DAY);
    expect(summary()).toHaveLength(2);
    await pass(55 * DAY, DAY);
    expect(steps).toContain('example.com sign');
    await service.setSchedule(person, 0);
    steps = [];
    await pass(400 * DAY, 10 * DAY);
    expect(steps.filter((step) => step.endsWith('publish'))).toEqual([]);
    await service.setSchedule(person, 7 * 86_400);
    await pass(4 * DAY, HOUR);
    expect(steps).toContain('example.com sign');
    await expect(service.setSchedule(person, 86_400)).rejects.toThrow('every 7 to 3650 days');
  });

  it('come in one after the other while others are on their way; a second time is refused', async () => {
    await add();
    await service.rotate(person, name('example.com'), false);
    await expect(service.rotate(person, name('example.com'), false)).rejects.toMatchObject({
      code: 'in-use',
    });
    await zones.domains.add(person, local('example.org', { mail: false }));
    const rotate = (origin: string, emergency = false) => service.rotate(person, name(origin), emergency);
    await expect(rotate('example.org')).rejects.toMatchObject({ code: 'no-mail-domain' });
    await expect(rotate('example.net')).rejects.toMatchObject({ code: 'not-found' });
    await zones.domains.add(person, local('example.net', { dns: 'external' }));
    await expect(rotate('example.net')).rejects.toThrow('served elsewhere');
    expect((await rotate('example.net', true)).keys.map(({ state }) => state)).toEqual([
      ...['revoked', 'revoked', 'active', 'active'],
    ]);
  });

  it('wait while the domain takes no mail, and go on where they were', async () => {
    await add();
    rotator.start();
    await service.rotate(person, name('example.com'), false);
    await zones.domains.update(person, name('example.com'), { mail: false });
    await pass(10 * DAY, HOUR);
    expect(summary().at(-1)).toBe('rsa2601b published');
    await zones.domains.update(person, name('example.com'), { mail: true });
    await pass(MINUTE, 1000);
    expect(service.get(name('example.com'))!.next!.step).toBe('sign');
    await pass(HOUR, MINUTE);
    expect(summary().at(-1)).toBe('rsa2601b active');
    await zones.domains.remove(person, name('example.com'));
    await pass(DAY, HOUR);
    expect([summary(), reads.rotation(name('example.com'))]).toEqual([[], undefined]);
  });

  it('wait for an RSA key where there is none, without being called trouble', async () => {
    await add();
    await dkim.stop();
    await zones.work.change({ actor: person, cause: 'test' }, ({ rows }) => {
      while (rows(dkimRows).takePooled()) continue;
    });
    rotator.start();
    const view = await service.rotate(person, name('example.com'), false);
    expect(view.next).toEqual({ step: 'publish', at: undefined, waitsFor: 'An RSA key is being made.' });
    await pass(MINUTE, 1000);
    expect([summary().length, service.schedule().troubledCount]).toEqual([2, 0]);
    dkim.start();
    await pass(MINUTE, 1000);
    expect(summary()).toHaveLength(4);
  });

  it('are all revoked at once when they are in wrong hands, and others sign', async () => {
    await add();
    rotator.start();
    await service.rotate(person, name('example.com'), false);
    await service.rotate(person, name('example.com'), true);
    expect(summary().map((key) => key.split(' ')[1])).toEqual([
      ...Array<string>(4).fill('revoked'),
      'active',
      'active',
    ]);
    expect([...served().values()].filter((text) => text.endsWith('p='))).toHaveLength(4);
    await pass(MINUTE, 1000);
    expect(steps).toEqual([
      ...['example.com publish', 'example.com revoke', 'example.com sign', 'example.com retire'],
    ]);
    expect(reads.rotation(name('example.com'))!.rollsFrom).toBeGreaterThan(0);
  });
});

describe('trouble', () => {
  it('of a nameserver that is behind stays with its domains, is named when it lasts, and passes', async () => {
    await add();
    await add('example.net');
    rotator.start();
    let behind = true;
    findLacking = (records) =>
      Promise.resolve(
        behind && records[0]!.owner.isAtOrBelow(name('example.com')) ? 'ns2 lacks it.' : undefined,
      );
    for (const origin of ['example.com', 'example.net']) await service.rotate(person, name(origin), false);
    await pass(9 * MINUTE, 1000);
    expect(service.schedule().troubled).toEqual([]);
    expect(service.get(name('example.com'))!.next!.waitsFor).toBe('ns2 lacks it.');
    await pass(HOUR, MINUTE);
    expect(summary('example.net').at(-1)).toBe('rsa2601b active');
    expect(summary().at(-1)).toBe('rsa2601b published');
    expect(troubled()).toEqual(['example.com: ns2 lacks it.']);
    behind = false;
    await pass(3 * HOUR, MINUTE);
    expect(summary().at(-1)).toBe('rsa2601b active');
    expect(service.schedule().troubledCount).toBe(0);
    expect(steps.filter((step) => step.includes('dkim.'))).toEqual([
      ...['example.com dkim.failed', 'example.com dkim.mended'],
    ]);
  });

  it('of one damaged key keeps the one that signs, and no other domain', async () => {
    await add();
    await add('example.net');
    for (const origin of ['example.com', 'example.net']) await service.rotate(person, name(origin), false);
    const { selector } = reads.keys(name('example.com')).at(-1)!;
    await zones.database.write(({ sqlite }) =>
      sqlite
        .prepare("UPDATE dkim_keys SET sealed_private_key = x'00' WHERE domain = ? AND selector = ?")
        .run('example.com', selector),
    );
    rotator.start();
    await pass(HOUR, MINUTE);
    expect(summary('example.net').at(-1)).toBe('rsa2601b active');
    expect(summary()).toEqual([
      'ed2601a active',
      'rsa2601a active',
      'ed2601b published',
      'rsa2601b published',
    ]);
    expect(troubled()).toEqual([
      expect.stringContaining(`The new key ${selector} of example.com is damaged`),
    ]);
    const { problem } = service.get(name('example.com'))!;
    expect(problem!.retryAt).toBeGreaterThan(clock.now());
    await service.rotate(person, name('example.com'), true);
    await pass(MINUTE);
    expect(service.schedule().troubledCount).toBe(0);
  });

  it('of a zone that cannot be published is tried again', async () => {
    await add();
    await add('example.net');
    for (const origin of ['example.com', 'example.net']) await service.rotate(person, name(origin), false);
    rotator.start();
    await pass(HOUR, MINUTE);
    const { sealedPrivateKey } = zones.store.read.keys(zones.store.read.zone(name('example.com'))!.id)[0]!;
    await zones.damageKey('example.com', Buffer.alloc(8));
    await pass(8 * DAY, HOUR);
    expect(summary()[0]).toBe('ed2601a retired');
    expect(summary('example.net')[0]).toBe('ed2601a revoked');
    expect(service.schedule().troubledCount).toBe(1);
    await zones.damageKey('example.com', sealedPrivateKey);
    await pass(2 * HOUR, MINUTE);
    expect(summary()[0]).toBe('ed2601a revoked');
    expect(service.schedule().troubledCount).toBe(0);
  });

  it('of a record of the person’s own in the place of a new key is named', async () => {
    await add();
    await service.rotate(person, name('example.com'), false);
    const owner = '_domainkey.example.com';
    await zones.records.add(person, name('example.com'), [{ owner, type: 'NS', value: 'ns.example.net.' }]);
    rotator.start();
    await pass(HOUR, MINUTE);
    expect(summary().at(-1)).toBe('rsa2601b published');
    expect(troubled()[0]).toContain('a record or a delegation of your own stands');
  });
});

/**
 * Resolvers as they are: what they were told they say until its TTL is over, that there is nothing, too. They ask the box or a secondary
 * that takes every change two hours later.
 */
function resolvers() {
  const caches = new Map<string, { until: number; text: string | undefined }>();
  let copy = new Map<string, string>();
  let copiedAt = -Infinity;
  let now: { serial: number | undefined; texts: Map<string, string> } = { serial: 0, texts: new Map() };
  /** As {@link served}, read once for each version. */
  const own = (): Map<string, string> => {
    const { serial } = zones.store.read.zone(name('example.com'))!;
    if (now.serial !== serial) now = { serial, texts: served() };
    return now.texts;
  };
  return {
    copy: () => copy,
    isCopied: () => own() === copy,
    /** What the world sees at a selector just now. */
    ask(resolver: number, selector: string): string | undefined {
      const key = `${resolver} ${selector}`;
      const known = caches.get(key);
      if (known && known.until > clock.now()) return known.text;
      const text = (random.float() < 0.5 ? copy : own()).get(selector);
      caches.set(key, { until: clock.now() + (text === undefined ? 300_000 : HOUR), text });
      return text;
    },
    transfer(): void {
      if (clock.now() - copiedAt < 2 * HOUR) return;
      [copy, copiedAt] = [own(), clock.now()];
    },
  };
}

it('two years of replacements: every message verifies, whenever it was sent and whoever asks, for a week', async () => {
  await add();
  for (let i = 0; i < 2; i++) await add(`example${i}.net`);
  const world = resolvers();
  findLacking = (records) => {
    const lacks = records.some(
      ({ owner, rdata }) =>
        owner.isAtOrBelow(name('example.com')) &&
        world.copy().get(owner.toText().split('.')[0]!) !== joinedText(rdata),
    );
    return Promise.resolve(lacks ? 'The secondary is behind.' : undefined);
  };
  // Rspamd has its keys some time later, at times much later.
  let has = reads.lastChange().sequence;
  const signing = () => {
    const newest = new Map(
      reads
        .keys(name('example.com'))
        .filter(({ state }) => state === 'active')
        .map((key) => [key.algorithm, key]),
    );
    return [...newest.values()].map(({ selector, publicKey }) => ({ selector, publicKey }));
  };
  let rspamd = signing();
  signerHas = (change) => (has >= change ? { kind: 'has' } : { kind: 'waiting', why: 'Rspamd is behind.' });
  rotator.start();
  const sent: { at: number; selector: string; publicKey: string }[] = [];
  let verified = 0;
  const most = new Set<number>();
  const end = clock.now() + 2 * 365 * DAY;
  while (clock.now() < end) {
    // Closer looks while others sign than before, or are about to.
    const { rollsFrom } = reads.rotation(name('example.com'))!;
    const isCalm = rollsFrom !== undefined && world.isCopied() && has === reads.lastChange().sequence;
    await pass(isCalm ? 12 * HOUR : 5 * MINUTE);
    world.transfer();
    if (random.float() < 0.1 || isCalm) [rspamd, has] = [signing(), reads.lastChange().sequence];
    sent.push(...rspamd.map((key) => ({ at: clock.now(), ...key })));
    // Somebody asks for what is not there yet.
    for (const { selector } of reads.keys(name('example.com')))
      world.ask(Math.floor(random.float() * 5), selector);
    while (sent[0] && sent[0].at < clock.now() - 7 * DAY) sent.shift();
    for (const { selector, publicKey } of [sent[0]!, sent.at(-1)!, sent[Math.floor(sent.length / 2)]!]) {
      const text = world.ask(Math.floor(random.float() * 5), selector);
      expect(text, `${selector} at ${new Date(clock.now()).toISOString()}`).toContain(`p=${publicKey}`);
      verified += 1;
    }
    most.add(reads.keys(name('example.com')).length);
  }
  const signs = steps.filter((step) => step === 'example.com sign').length;
  expect([signs, verified > 3000]).toEqual([expect.toSatisfy((n: number) => n >= 4 && n <= 5), true]);
  expect(Math.max(...most)).toBe(4);
  // They did not all roll on one day: the first is done before the last begins.
  expect(new Set(steps.slice(0, 4).map((step) => step.split(' ')[0])).size).toBe(1);
}, 120_000);

/** As after kill -9: what a change wrote is there or not, and nobody knows any more what was to come. */
it.each(['before', 'after'])('goes on wherever it was killed: %s any of its changes', async (moment) => {
  await add();
  rotator.start();
  let left = 0;
  const process = { dead: false };
  const isDead = (): boolean => process.dead;
  const killed: RotatorOptions['publisher'] = {
    view: (zone) => zones.publisher.view(zone),
    async change(...given) {
      if (process.dead) return new Promise<never>(() => undefined);
      if (left-- > 0) return zones.publisher.change(...given);
      process.dead = true;
      if (moment === 'after') await zones.publisher.change(...given);
      return new Promise<never>(() => undefined);
    },
  };
  for (let count = 0; count < 5; count++) {
    await rotator.stop();
    [left, process.dead] = [count, false];
    const dying = createRotator({ ...options, publisher: killed });
    dying.start();
    const before = summary().length;
    await service.rotate(person, name('example.com'), false);
    for (let day = 0; day < 50 && !isDead(); day++) await pass(DAY, 3 * HOUR);
    expect([before, process.dead]).toEqual([2, true]);
    rotator = createRotator(options);
    rotator.start();
    await pass(50 * DAY, 3 * HOUR);
    expect(summary().map((key) => key.split(' ')[1])).toEqual(['active', 'active']);
    expect(reads.rotation(name('example.com'))!.wakeAt).toBeUndefined();
  }
  const taken = steps.map((step) => step.split(' ')[1]);
  expect(taken.filter((step) => step === 'sign').length).toBe(5);
});
