import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { Type } from '../../dns/type-codes.ts';
import type { SignpostEvent } from '../../work/events.ts';

let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
});
afterEach(() => zones.close());

const moveTo = (address: string) => zones.box.begin(person, { ...zones.box.get()!, ipv4: [address] });

/** Domains without mail come last, so that every sixth has it. */
async function addMany(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, i) => `d${i}.example`);
  for (const [i, text] of names.entries())
    await zones.domains.add(person, domain(text, { mail: i % 6 === 0 }));
  return names;
}

/** Whether the zone serves this address. */
function serves(text: string, address: string): boolean {
  const host = text === 'box.example.net' ? text : `www.${text}`;
  const rrset = zones
    .served(text)
    ?.node(name(host))
    ?.rrsets.find(({ type }) => type === Type.A);
  return rrset?.rdatas.some((rdata) => rdata.join('.') === address) ?? false;
}

function follow(type: SignpostEvent['type']): SignpostEvent['data'][] {
  const told: SignpostEvent['data'][] = [];
  zones.events.subscribe(undefined, (event) => event.type === type && told.push(event.data));
  return told;
}

test('the box answers at once, with its own names live; a job publishes the others, those of mail domains first', async () => {
  const names = await addMany(30);
  const published = follow('zone.published');
  const progress = follow('job.progress');
  const { job } = await moveTo('198.51.100.7');
  expect(serves('box.example.net', '198.51.100.7')).toBe(true);
  expect(names.some((text) => serves(text, '198.51.100.7'))).toBe(false);
  expect(zones.jobs.get(job!)).toMatchObject({ kind: 'zones.publish', state: 'running', done: 0, total: 31 });

  expect(await zones.jobEnded(job!)).toMatchObject({
    state: 'done',
    done: 31,
    failedCount: 0,
    actor: 'test',
  });
  expect(names.every((text) => serves(text, '198.51.100.7'))).toBe(true);
  expect(published.slice(1, 6).map(({ zone }) => zone)).toEqual(
    ['d0', 'd12', 'd18', 'd24', 'd6'].map((label) => `${label}.example`),
  );
  expect(new Set(published.map(({ cause }) => cause))).toEqual(new Set(['box settings changed']));
  const dones = progress.map(({ done }) => done as number);
  expect(dones.length).toBeGreaterThan(2);
  expect(dones).toEqual([...dones].sort((a, b) => a - b));
});

test('what no zone says makes no job', async () => {
  await addMany(1);
  const retention = { versions: 0, versionsAtLeast: 1, audit: 0, jobs: 0, removedZones: 0 };
  expect((await zones.box.begin(person, { ...zones.box.get()!, retention })).job).toBeUndefined();
});

test('a zone that cannot be published is named by the job, and holds up no other', async () => {
  const names = await addMany(12);
  await zones.damageKey('d3.example', Buffer.alloc(64));
  const { job } = await moveTo('198.51.100.7');
  const ended = await zones.jobEnded(job!);
  expect(ended).toMatchObject({ state: 'done', done: 13, total: 13, failedCount: 1 });
  expect(ended.failed).toMatchObject([{ name: 'd3.example' }]);
  expect(ended.failed[0]!.detail).toMatch(/its last version is served on, and it is tried again\.$/);
  expect(zones.faults.list().map(({ zone }) => zone.toText())).toEqual(['d3.example']);
  expect(names.filter((text) => !serves(text, '198.51.100.7'))).toEqual(['d3.example']);
});

test('a stop is gone on from: no zone is published twice, and what failed before it is tried again', async () => {
  const names = await addMany(30);
  await zones.damageKey('d0.example', Buffer.alloc(64));
  const { job } = await moveTo('198.51.100.7');
  zones.jobs.start();
  await new Promise<void>((resolve) =>
    zones.events.subscribe(undefined, ({ data }) => (data['done'] as number) >= 10 && resolve()),
  );
  await zones.jobs.stop();
  expect(zones.jobs.get(job!)!.state).toBe('running');
  const { data } = zones;
  await zones.jobs.stop();
  // However many others failed before it.
  await zones.database.write(({ sqlite }) => {
    sqlite.exec('UPDATE job_failures SET id = 10000');
    const insert = sqlite.prepare('INSERT INTO job_failures VALUES (?, ?, ?, ?, ?)');
    for (let n = 1; n <= 1100; n++) insert.run(n, job, `gone${n}.example`, 'internal', '');
  });
  await zones.database.close();

  const again = openZones({ data });
  try {
    again.stale.start();
    expect(await again.jobEnded(job!)).toMatchObject({ state: 'done', done: 31, total: 31, failedCount: 1 });
    await vi.waitFor(() => expect(again.faults.list()).toHaveLength(1), { timeout: 20_000 });
    await again.stale.stop();
    const versions = (text: string) =>
      again.zones.versions(name(text), { limit: 9, cursor: undefined }).items.map(({ cause }) => cause);
    for (const text of names.slice(1))
      expect(versions(text)).toEqual(['box settings changed', `domain ${text} added`]);
    expect(again.faults.list().map(({ zone }) => zone.toText())).toEqual(['d0.example']);

    // The job has ended: after another stop the zone is tried again all the same.
    const third = openZones({ data });
    third.stale.start();
    await third.stale.stop();
    const { items } = third.jobs.list({ limit: 9, cursor: undefined });
    expect(items.map(({ kind, total }) => [kind, total])).toEqual([
      ['zones.publish', 1],
      ['zones.publish', 31],
    ]);
    await third.close();
  } finally {
    await again.close();
  }
});

test('two changes one after the other: each has its job, and both end with what the box is last', async () => {
  const names = await addMany(15);
  const first = await moveTo('198.51.100.7');
  const second = await moveTo('198.51.100.8');
  expect(await zones.jobEnded(second.job!)).toMatchObject({ state: 'done', done: 16, total: 16 });
  expect(await zones.jobEnded(first.job!)).toMatchObject({ state: 'done', done: 16, total: 16 });
  expect(names.every((text) => serves(text, '198.51.100.8'))).toBe(true);
});

test('who needs a zone as the box now is has it ahead of all others', async () => {
  await addMany(20);
  const { job } = await moveTo('198.51.100.7');
  await zones.stale.publishNow({ actor: person, cause: 'wanted' }, [name('d19.example')]);
  expect(serves('d19.example', '198.51.100.7')).toBe(true);
  expect(serves('d0.example', '198.51.100.7')).toBe(false);
  expect(await zones.jobEnded(job!)).toMatchObject({ done: 21, total: 21 });
});

describe('a zone of many names', { timeout: 90_000 }, () => {
  const owners = Array.from({ length: 650 }, (_, i) => `h${i}.large.example`);

  async function addLarge(): Promise<void> {
    await zones.domains.add(person, domain('large.example', { mail: false }));
    const records = owners.map((owner) => ({ owner, type: 'A', ttl: undefined, value: 'local' }));
    await zones.records.add(person, name('large.example'), records);
  }

  const versions = () =>
    zones.zones
      .versions(name('large.example'), { limit: 20, cursor: undefined })
      .items.filter(({ cause }) => cause === 'box settings changed');
  const unchanged = (address: string) =>
    owners.filter((owner) => {
      const rrsets = zones.served('large.example')!.node(name(owner))!.rrsets;
      return rrsets.find(({ type }) => type === Type.A)?.rdatas.join() !== address.replaceAll('.', ',');
    });
  /** Does it once the first part of the zone is live. */
  function amid(work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const stop = zones.events.subscribe(undefined, ({ type, data }) => {
        if (type !== 'zone.published' || data['zone'] !== 'large.example') return;
        stop();
        work().then(resolve, reject);
      });
    });
  }

  test('is published in slices, between which other changes have their turn', async () => {
    await addLarge();
    const published = follow('zone.published');
    const { job } = await moveTo('198.51.100.7');
    const other = amid(() => zones.domains.add(person, domain('other.example', { mail: false })));
    expect(await zones.jobEnded(job!)).toMatchObject({ state: 'done', failedCount: 0 });
    await other;

    const order = published.map(({ zone }) => zone);
    expect(order.indexOf('other.example')).toBeLessThan(order.lastIndexOf('large.example'));
    expect(versions().length).toBeGreaterThanOrEqual(3);
    for (const { added, removed } of versions()) expect(Math.max(added, removed)).toBeLessThanOrEqual(310);
    expect(unchanged('198.51.100.7')).toEqual([]);
    const { generation, serial } = zones.store.read.zone(name('large.example'))!;
    expect(generation).toBe(zones.store.read.generation());
    // Nothing was forgotten: made anew as a whole it is the same.
    await zones.publisher.change({ actor: person, cause: 'all' }, (change) =>
      change.touch(name('large.example'), { owners: 'all' }),
    );
    expect(zones.store.read.zone(name('large.example'))!.serial).toBe(serial);
  });

  test('that the box changes again in the midst of it ends as the box is last', async () => {
    await addLarge();
    const first = await moveTo('198.51.100.7');
    const second = amid(() => moveTo('198.51.100.8'));
    await zones.jobEnded(first.job!);
    const { job } = (await second) as { job: string };
    expect(await zones.jobEnded(job)).toMatchObject({ state: 'done', failedCount: 0 });
    expect(unchanged('198.51.100.8')).toEqual([]);
    expect(zones.store.read.staleZoneCount()).toBe(0);
  });
});
