import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { createIterator } from '../../src/dns/client/resolve.ts';
import { generateKey } from '../../src/dns/dnssec/keys.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { SignpostEvent } from '../../src/work/events.ts';
import type { UnitOfWork } from '../../src/work/unit-of-work.ts';
import type { DsView } from '../../src/zones/keys/views.ts';
import { createRegistrar, type RegistrarOptions } from '../../src/zones/registrar/service.ts';
import type { RegistrarService } from '../../src/zones/registrar/view.ts';
import { zoneRows } from '../../src/zones/store.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';
import { openWork, writeRows } from '../kit/work.ts';
import { createPeers, type Peers } from './client-peers.ts';

// The root on BIND, `test` with the domains of a registrar on NSD, and `signed` on Knot, which signs it.
const root = '127.0.0.1';
const nsd = '127.0.0.42';
const knot = '127.0.0.43';
const closed = '127.0.0.45';

const head = '$TTL 300\n@ IN SOA ns hostmaster 1 14400 3600 1209600 3600\n';
const soaOnly = `${head}@ NS ns\n`;
const ours = ['ns1.box.host.test', 'ns2.box.host.test'];
const wrongDs = `4711 13 2 ${'AB'.repeat(32)}`;

const domains = [
  'host.test',
  'secure.test',
  'insecure.test',
  'bogus.test',
  'glue.test',
  'missing.test',
  'elsewhere.test',
  'unregistered.test',
  'nodata.test',
  'secure.signed',
  'insecure.signed',
  'domain.dead',
].map((text) => Name.parse(text));

const reason = missing({ commands: ['named', 'nsd', 'knotd'] });
describe.skipIf(reason)(`what the parent has ${reason ?? ''}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'signpost-registrar-'));
  const events: SignpostEvent['type'][] = [];
  let database: Database;
  let work: UnitOfWork;
  let peers: Peers;
  let registrar: RegistrarService;

  const options = (): RegistrarOptions => ({
    reads: work.committed.rows(zoneRows),
    work,
    iterator: createIterator({
      roots: [{ name: Name.parse('ns.root'), addresses: [root] }],
      port: peers.port,
      clock: systemClock,
      random: systemRandom,
      timeout: 1000,
      retries: 1,
      acceptAddress: () => true,
    }),
    clock: systemClock,
    publish: (type) => void events.push(type),
    log: createLog({ level: 'silent' }),
  });

  beforeAll(async () => {
    database = openDatabase(join(directory, 'signpost.sqlite'));
    work = openWork(database);
    peers = await createPeers();
    await fill();
    registrar = createRegistrar(options());
    await Promise.all([
      peers.named(root, { '.': rootZone }),
      peers.nsd(nsd, { test: await testZone() }),
      peers.knot(knot, { signed: await signedZone() }, { signed: ['signed'] }),
    ]);
  }, 180_000);

  afterAll(async () => {
    await peers.stop();
    await database.close();
    rmSync(directory, { recursive: true });
  });

  /** The box, and a zone with a key for each domain. */
  const fill = (): Promise<void> =>
    writeRows(work, zoneRows, (tx) => {
      tx.putBox({
        hostname: Name.parse('box.host.test'),
        ipv4: ['192.0.2.1', '192.0.2.2'],
        ipv6: ['2001:db8::1'],
        adminEmail: undefined,
        ttl: 3600,
        secondaries: [],
        caaIssuer: undefined,
      });
      for (const name of domains) {
        const createdAt = '2026-01-01T00:00:00Z';
        tx.putDomain({ name, dns: 'local', mail: true, web: false, ttl: undefined, createdAt });
        const zone = tx.insertZone({ name, ttl: undefined, denial: 'nsec' });
        tx.updateZone(zone.id, { active: true });
        const { keyTag, algorithm, flags, dnskey } = generateKey();
        const key = { keyTag, algorithm, flags, dnskey, role: 'CSK' as const, state: 'active', createdAt };
        tx.insertKey(zone.id, key, () => new Uint8Array());
      }
    });

  const dsOf = async (zone: string): Promise<string[]> => {
    const { ds } = await registrar.get(Name.parse(zone), { refresh: false });
    return ds.map((record) => `${zone}. DS ${dsText(record)}`);
  };
  const toUs = (zone: string): string[] => ours.map((server) => `${zone}. NS ${server}.`);

  const rootZone = [
    `${head}@ NS ns.root.`,
    `ns.root. A ${root}`,
    ...[`test NS ns.test.`, `ns.test. A ${nsd}`],
    ...[`signed NS ns.signed.`, `ns.signed. A ${knot}`],
    ...[`dead NS ns.dead.`, `ns.dead. A ${closed}`, ''],
  ].join('\n');

  const testZone = async (): Promise<string> =>
    [
      `${soaOnly}ns A ${nsd}`,
      ...toUs('host.test'),
      'ns1.box.host.test. A 192.0.2.1',
      'ns1.box.host.test. AAAA 2001:db8::1',
      'ns2.box.host.test. A 192.0.2.2',
      'ns2.box.host.test. AAAA 2001:db8::1',
      ...(await dsOf('host.test')),
      ...toUs('secure.test'),
      ...(await dsOf('secure.test')),
      ...toUs('insecure.test'),
      ...toUs('bogus.test'),
      `bogus.test. DS ${wrongDs}`,
      'glue.test. NS ns1.box.host.test.',
      'glue.test. NS ns2.box.host.test.',
      'glue.test. NS ns3.glue.test.',
      'ns3.glue.test. A 203.0.113.9',
      'missing.test. NS ns1.box.host.test.',
      'elsewhere.test. NS ns.provider.signed.',
      `elsewhere.test. DS ${wrongDs}`,
      'nodata.test. TXT "registered, not delegated"',
      '',
    ].join('\n');

  const signedZone = async (): Promise<string> =>
    [
      `${soaOnly}ns A ${knot}`,
      ...toUs('secure.signed'),
      ...(await dsOf('secure.signed')).slice(1),
      ...toUs('insecure.signed'),
      '',
    ].join('\n');

  test.each<[string, string, RegExp]>([
    ['host.test', 'secure', /^Nothing to do/],
    ['secure.test', 'secure', /^Nothing to do/],
    ['secure.signed', 'secure', /^Nothing to do/],
    ['insecure.test', 'insecure', /^Set the DS record "\d+ 13 2 [0-9A-F]{64}"\.$/],
    ['insecure.signed', 'insecure', /^Set the DS record/],
    [
      'bogus.test',
      'bogus',
      /^Resolvers refuse the zone.*remove the DS record "4711 13 2 ABABABAB…".*; set the DS/,
    ],
    ['glue.test', 'glue-wrong', /^Remove the nameserver ns3\.glue\.test/],
    ['missing.test', 'glue-wrong', /^Add the nameserver ns2\.box\.host\.test/],
    [
      'elsewhere.test',
      'not-delegated',
      /^The nameservers are ns\.provider\.signed: remove the DS record "4711/,
    ],
    ['unregistered.test', 'not-delegated', /^There is no unregistered\.test in test: register/],
    ['nodata.test', 'not-delegated', /^There are no nameservers of nodata\.test in test: set/],
    ['domain.dead', 'unknown', /^The parent's servers could not be asked \(.*127\.0\.0\.45/],
  ])('%s is %s', async (zone, state, message) => {
    const before = await registrar.get(Name.parse(zone), { refresh: false });
    expect(before.parent).toMatchObject({ state: 'unknown', checkedAt: undefined });
    const { parent } = await registrar.get(Name.parse(zone), { refresh: true });
    expect(parent.state).toBe(state);
    expect(parent.message).toMatch(message);
    const after = await registrar.get(Name.parse(zone), { refresh: false });
    expect(JSON.stringify(after.parent)).toBe(JSON.stringify(parent));
    expect(work.committed.rows(zoneRows).parentState(Name.parse(zone))).toBe(state);
    // Whoever waited for the delegation is told.
    const found = state === 'secure' || state === 'insecure';
    expect(events.splice(0)).toEqual(['registrar.checked', ...(found ? ['zone.delegated'] : [])]);
  });

  test('shows what the parent has', async () => {
    const { parent } = await registrar.get(Name.parse('host.test'), { refresh: false });
    expect(parent.nameservers.map((name) => name.toText()).sort()).toEqual(ours);
    expect(parent.glue.find(({ name }) => name.equals(Name.parse(ours[0]!)))?.addresses.sort()).toEqual([
      '192.0.2.1',
      '2001:db8::1',
    ]);
    expect(parent.ds.map(({ digestType }) => digestType).sort()).toEqual([2, 4]);
  });

  test('does not ask twice within some seconds, nor twice at once', async () => {
    const count = events.length;
    const zone = Name.parse('secure.test');
    const [a, b] = await Promise.all([
      registrar.get(zone, { refresh: true }),
      registrar.get(zone, { refresh: true }),
    ]);
    expect(a.parent.checkedAt).toBe(b.parent.checkedAt);
    expect(events.length - count).toBeLessThanOrEqual(1);
  });

  test('refuses what is no domain of the box', async () => {
    const unknown = registrar.get(Name.parse('www.secure.test'), { refresh: false });
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a domain inside another zone has the delegation of that zone', async () => {
    const inside = Name.parse('sub.secure.test');
    await writeRows(work, zoneRows, (tx) => {
      const createdAt = '2026-01-01T00:00:00Z';
      tx.putDomain({ name: inside, dns: 'local', mail: true, web: false, ttl: undefined, createdAt });
    });
    const view = await registrar.get(inside, { refresh: false });
    const outer = await registrar.get(Name.parse('secure.test'), { refresh: false });
    expect(JSON.stringify(view)).toBe(JSON.stringify(outer));
  });

  test('asks by itself for all of them, and keeps what it knew of one that cannot be asked for', async () => {
    // A day later, where hours go by in seconds, but for the limit of one look-up.
    const later: Clock = {
      now: () => systemClock.now() + 86_400_000,
      monotonic: () => systemClock.monotonic(),
      after: (delay, action) => systemClock.after(delay === 15_000 ? delay : delay / 600, action),
    };
    const missingBefore = await registrar.get(Name.parse('missing.test'), { refresh: false });
    const deadBefore = await registrar.get(Name.parse('domain.dead'), { refresh: false });
    events.length = 0;
    const watching = createRegistrar({ ...options(), clock: later });
    watching.start();
    await until(60, () => Promise.resolve(events.length >= domains.length - 1 || undefined));
    await watching.stop();
    expect(new Set(events)).toEqual(new Set(['registrar.checked']));
    const { parent } = await registrar.get(Name.parse('missing.test'), { refresh: false });
    expect(parent.state).toBe(missingBefore.parent.state);
    expect(Date.parse(parent.checkedAt!)).toBeGreaterThan(Date.parse(missingBefore.parent.checkedAt!));
    const dead = await registrar.get(Name.parse('domain.dead'), { refresh: false });
    expect(dead.parent.checkedAt).toBe(deadBefore.parent.checkedAt);
  });
});

function dsText({ keyTag, algorithm, digestType, digest }: DsView): string {
  return `${keyTag} ${algorithm} ${digestType} ${digest}`;
}
