import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { createDkim, type Dkim } from '../../src/mail/dkim/dkim.ts';
import { generateRsa } from '../../src/mail/dkim/key-pair.ts';
import { dkimRows, POOL_CONTEXT } from '../../src/mail/dkim/store.ts';
import { auditRows, createAudit } from '../../src/work/audit.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { copyDatabase, cutAt, randomCuts, recordWrites, type Written } from '../kit/cut-journal.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';
import { writeRows } from '../kit/work.ts';
import { domain, name, person } from '../kit/zones-box.ts';

/** Random cuts, besides those at every write. */
const CUTS = Number(process.env['CUTS'] ?? 40);
const DAY = 86_400_000;
const D = 'example.com';

const random = seededRandom(11);
const clock = new FakeClock();
let folder: string;
let served: (name: string, value: string) => boolean;
const ca = createSimulatedCa({
  ...{ clock, random, lifetime: 90 * DAY, ari: false },
  served: (host, value) => served(host, value),
});

/** A box with its three parts: zones, DKIM keys, certificates. */
interface Box extends CertsBox {
  dkim: Dkim;
}

async function open(data: string): Promise<Box> {
  const parts: { dkim?: Dkim } = {};
  const box = await openCerts({
    ...{ clock, random, data },
    parts: [{ domainChanged: (...given) => parts.dkim?.domainChanged(...given) }],
    ca(asked) {
      served = asked.served;
      return ca;
    },
  });
  const { work, publisher } = box.zones;
  const sealer = createSealer(Buffer.alloc(32, 7), random);
  const log = createLog({ level: 'silent' });
  const dkim = (parts.dkim = createDkim({ work, publisher, sealer, clock, random, log }));
  return { ...box, dkim };
}

/** All that the services say, and what is served. */
async function said({ zones, certificates, installed, texts }: Box): Promise<unknown> {
  const page = { limit: 100, cursor: undefined };
  const { committed } = zones.work;
  const keys = committed.rows(dkimRows);
  const origins = zones.origins();
  return {
    domains: zones.domains.list(page, {}),
    origins,
    zones: await Promise.all(
      origins.map(async (origin) => ({
        zone: zones.zones.get(name(origin)),
        keys: zones.zones.keys(name(origin)),
        versions: zones.zones.versions(name(origin), page),
        records: zones.records.list(name(origin), page, {}),
        file: await zones.zones.zonefile(name(origin), { signed: true }),
        soa: texts(origin, 6),
      })),
    ),
    dkim: { keys: keys.keys(name(D)), pooled: keys.pooled(), waiting: keys.nextWaiting()?.toText() },
    certificates: certificates.list(page),
    figures: { ...certificates.figures(), attempts: undefined },
    https: [D, `www.${D}`, 'box.example.net', 'unknown.example'].map((host) => installed.forName(host)),
    audit: createAudit(committed.rows(auditRows)).list(page, {}),
  };
}

/** Goes on where the cut left it, and says what the services say. */
async function saidAfterCut(written: Written, octets: number): Promise<unknown> {
  const box = await open(cutAt(join(folder, 'cut'), written, octets));
  const all = await said(box);
  await box.close();
  return all;
}

interface Recorded {
  written: Written;
  before: unknown;
  after: unknown;
}

async function record(data: string, change: (box: Box) => Promise<unknown>): Promise<Recorded> {
  const box = await open(data);
  const before = await said(box);
  const written = await recordWrites(data, () => change(box));
  const after = await said(box);
  await box.close();
  return { written, before, after };
}

let removed: Recorded;
let addedBack: Recorded;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-kill-'));
  const base = join(folder, 'base');
  mkdirSync(base);
  const box = await open(base);
  const { publicKey, privateKey } = generateRsa();
  const sealedPrivateKey = createSealer(Buffer.alloc(32, 7), random).seal(privateKey, POOL_CONTEXT);
  for (let keys = 0; keys < 3; keys++)
    await writeRows(box.zones.work, dkimRows, (rows) => rows.addPooled({ publicKey, sealedPrivateKey }));
  await box.zones.domains.add(person, domain(D));
  await box.zones.domains.add(person, domain('example.org'));
  const own = [{ owner: `a.${D}`, type: 'A', value: '192.0.2.7' }];
  await box.zones.records.replace(person, name(D), own);
  await box.certificates.start();
  await box.settle();
  await clock.advance(1000);
  await box.settle();
  await box.close();
  removed = await record(copyDatabase(base, join(folder, 'removed')), ({ zones }) =>
    zones.domains.remove(person, name(D)),
  );
  const without = copyDatabase(join(folder, 'removed'), join(folder, 'without'));
  await clock.advance(1000);
  addedBack = await record(without, ({ zones }) => zones.domains.add(person, domain(D)));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('touches a zone, its DKIM keys and its certificate', () => {
  expect(removed.before).toMatchObject({
    origins: expect.arrayContaining([D]) as string[],
    dkim: { keys: [{ algorithm: 'ed25519' }, { algorithm: 'rsa' }] },
    https: [{ kind: 'acme' }, { kind: 'acme' }, { kind: 'acme' }, { kind: 'acme' }],
  });
  expect(removed.after).toMatchObject({ dkim: { keys: [] }, figures: { states: { valid: 2 } } });
  expect(addedBack.after).toMatchObject({
    dkim: { keys: [{ algorithm: 'ed25519' }, { algorithm: 'rsa' }], pooled: 0 },
    figures: { states: { 'self-signed': 1 } },
  });
});

describe.each([
  ['a domain that is removed', () => removed],
  ['a domain that is added back', () => addedBack],
])('kill -9 during the change of %s', (_, recorded) => {
  it(
    'at every write: all of it or nothing, and after the restart the services say what they said',
    { timeout: 300_000 },
    async () => {
      const { written, before, after } = recorded();
      expect(written.writes.length).toBeGreaterThan(50);
      const whole = written.writes.at(-1)!;
      for (const octets of written.writes)
        expect(await saidAfterCut(written, octets), `${octets} of ${whole}`).toEqual(
          octets < whole ? before : after,
        );
    },
  );

  it(`at ${CUTS / 2} random places, in the middle of a write as well`, { timeout: 3_600_000 }, async () => {
    const { written, before, after } = recorded();
    for (const octets of randomCuts(written, seededRandom(CUTS), CUTS / 2)) {
      const expected = octets < written.journal.length ? before : after;
      expect(await saidAfterCut(written, octets), `${octets}`).toEqual(expected);
    }
  });
});

it('would notice a change that is made of two', async () => {
  const data = copyDatabase(join(folder, 'base'), join(folder, 'two'));
  const { written, before, after } = await record(data, async ({ zones }) => {
    await writeRows(zones.work, dkimRows, (rows) => rows.deleteKeys(name('example.org')));
    await writeRows(zones.work, dkimRows, (rows) => rows.deleteKeys(name(D)));
    await writeRows(zones.work, dkimRows, (rows) => void rows.takePooled());
  });
  const between = [];
  for (const octets of written.writes) between.push(await saidAfterCut(written, octets));
  expect(between).toContainEqual(before);
  expect(between).toContainEqual(after);
  expect(
    between.filter((one) => !isDeepStrictEqual(one, before) && !isDeepStrictEqual(one, after)),
  ).not.toEqual([]);
});
