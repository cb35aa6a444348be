import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { checkCaa } from '../kit/caa-checks.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const DAY = 86_400_000;

let data: string;
let clock: FakeClock;
let open: CertsBox[];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-caa-'));
  clock = new FakeClock();
  open = [];
});
afterEach(async () => {
  for (const box of open) await box.close();
  rmSync(data, { recursive: true, force: true });
});

/** The box (the same one, when there was one before) with a CA that looks at CAA. */
async function start(host: string, identities: string[], caaIssuer?: string) {
  const random = seededRandom(1);
  const made: { box?: CertsBox; ca?: SimulatedCa } = {};
  const account = `https://${host}/account/9`;
  const box = await openCerts({
    ...{ clock, random, data, directory: `https://${host}/directory` },
    ...(caaIssuer === undefined ? {} : { caaIssuer }),
    ca({ served }) {
      const ca = createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served });
      return (made.ca = checkCaa(ca, {
        ...{ identities, account },
        texts: (owner, type) => made.box!.texts(owner, type),
      }));
    },
  });
  made.box = box;
  open.push(box);
  return { box, ca: made.ca!, account };
}

async function stop(box: CertsBox): Promise<void> {
  open.splice(open.indexOf(box), 1);
  await box.close();
}

const caaOf = ({ texts }: CertsBox, zone: string): string[] => texts(zone, Type.CAA);
const states = ({ certificates }: CertsBox): string[] =>
  certificates.list({ limit: 10, cursor: undefined }).items.map(({ state }) => state);
const only = (issuer: string, account: string): string[] =>
  ['issue', 'issuewild'].map(
    (tag) => `0 ${tag} "${issuer}; validationmethods=dns-01; accounturi=${account}"`,
  );

it('RFC 8555 §7.1.1, RFC 8657 §3.1: names the CA that is set, and another one before its first order', async () => {
  const first = await start('ca.example', ['ca.example']);
  await first.box.zones.domains.add(person, domain('example.com'));
  // Nobody knows yet what the CA calls itself, and any name but its own would shut it out.
  expect(caaOf(first.box, 'example.com')).toEqual([]);
  await first.box.certificates.start();
  await first.box.settle();
  for (const zone of ['example.com', 'box.example.net'])
    expect(caaOf(first.box, zone)).toEqual(only('ca.example', first.account));
  expect(states(first.box)).toEqual(['valid', 'valid']);
  await stop(first.box);

  const second = await start('other.example', ['other.example', 'other.example.org']);
  await second.box.certificates.start();
  await second.box.settle();
  expect(second.ca.log).toEqual([]);
  await clock.advance(61 * DAY);
  await second.box.settle();
  for (const zone of ['example.com', 'box.example.net'])
    expect(caaOf(second.box, zone)).toEqual(only('other.example', second.account));
  expect(second.ca.log.map(({ kind }) => kind).sort()).toEqual([
    'certificate',
    'certificate',
    'order',
    'order',
  ]);
});

it('knows after a restart what the CA calls itself, though it cannot be reached', async () => {
  const first = await start('ca.example', ['ca.example']);
  await first.box.certificates.start();
  await first.box.settle();
  await stop(first.box);

  const { box, ca, account } = await start('ca.example', ['ca.example']);
  ca.trouble = () => new AcmeError({ type: 'unreachable', detail: 'simulated', retryAt: undefined });
  ca.caaIdentities = () => Promise.reject(ca.trouble!()!);
  await box.certificates.start();
  await box.zones.domains.add(person, domain('example.com'));
  expect(caaOf(box, 'example.com')).toEqual(only('ca.example', account));
});

it('RFC 8657 §5.8: follows the CA when that takes another name', async () => {
  const first = await start('ca.example', ['ca.example']);
  await first.box.certificates.start();
  await first.box.settle();
  await stop(first.box);

  const { box, ca, account } = await start('ca.example', ['new.example']);
  await box.certificates.start();
  await box.zones.domains.add(person, domain('example.com'));
  await clock.advance(1000);
  await box.settle();
  expect(caaOf(box, 'example.com')).toEqual(only('new.example', account));
  expect(ca.log.filter(({ kind }) => kind === 'failure')).toEqual([]);
});

it('RFC 8657 §3: leaves what a person set, and says so when it shuts out the CA that is set', async () => {
  const { box, ca } = await start('ca.example', ['ca.example'], 'elsewhere.example');
  await box.certificates.start();
  await box.settle();
  expect(caaOf(box, 'box.example.net')).toEqual([
    '0 issue "elsewhere.example"',
    '0 issuewild "elsewhere.example"',
  ]);
  expect(ca.log.map(({ kind }) => kind)).toEqual(['order', 'failure', 'failure']);
  const [certificate] = box.certificates.list({ limit: 1, cursor: undefined }).items;
  expect(certificate!.attempts[0]!.problem).toMatch(/^A CAA record forbids this CA/);
});

it('names none any more when no CA is set', async () => {
  const first = await start('ca.example', ['ca.example']);
  await first.box.zones.domains.add(person, domain('example.com'));
  await first.box.certificates.start();
  await first.box.settle();
  expect(caaOf(first.box, 'example.com')).toEqual(only('ca.example', first.account));
  await stop(first.box);

  const box = await openCerts({ clock, random: seededRandom(1), data, ca: undefined });
  open.push(box);
  await box.certificates.start();
  await box.settle();
  expect(caaOf(box, 'example.com')).toEqual([]);
  expect(box.certs.namesAccount()).toBe(false);
});
