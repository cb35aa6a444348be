import { createPrivateKey } from 'node:crypto';
import { expect, it } from 'vitest';
import type { AcmeAccount } from '../../src/certs/acme/protocol.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The TTL of the box's records, in minutes. */
const TTL = 60;

it(
  'RFC 6698 §A.4: rolls the key of the box so that whoever has old or new TLSA in a cache finds its key',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(3);
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 6 * DAY, ari: false, served }),
    });
    const announced: string[] = [];
    box.installed.subscribe({
      before: ({ spkiSha256 }, at) => void announced.push(`${spkiSha256} ${at}`),
      changed: () => undefined,
    });
    await box.certificates.start();
    await box.settle();
    const tlsa = (): string[] => tlsaKeys(box);
    const used = (): string => box.installed.forName('box.example.net').spkiSha256;
    const first = used();
    expect(tlsa()).toEqual([first]);

    /** What was served in the last TTL, minute by minute: any cache holds one of these. */
    const caches: string[][] = [];
    const keys = new Set([first]);
    let most = 0;
    for (let minute = 0; minute < 10 * 24 * 60; minute += 5) {
      await clock.advance(5 * MINUTE);
      await box.settle();
      caches.push(tlsa());
      if (caches.length > TTL / 5) caches.shift();
      keys.add(used());
      most = Math.max(most, tlsa().length);
      for (const cached of caches) expect(cached).toContain(used());
    }
    expect(keys.size).toBe(3);
    expect(most).toBe(2);
    expect(tlsa()).toEqual([used()]);
    // Told before each change, with the key that was then used; the first needed no waiting.
    expect(announced.map((text) => text.split(' ')[0])).toEqual([...keys].slice(1));
    await box.close();
  },
);

it('has the key of an order wait for its TLSA when another certificate of the box came into use meanwhile', async () => {
  const clock = new FakeClock();
  const random = seededRandom(4);
  const held = Promise.withResolvers<undefined>();
  const box = await openCerts({
    clock,
    random,
    ca({ served }) {
      const ca = createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served });
      // The order for the box has two names, the other one has one.
      return {
        ...ca,
        async finalize(account, order, csr) {
          if (order.authorizations.length === 1) await held.promise;
          return ca.finalize(account, order, csr);
        },
      };
    },
  });
  const used = () => box.installed.forName('box.example.net');
  await box.certificates.start();
  const other = await box.certificates.issue(person, ['box.example.net']);
  for (let turns = 1; used().kind === 'self-signed'; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turns % 500 === 0) await clock.advance(1000);
  }
  const first = used().spkiSha256;
  await clock.advance(MINUTE);
  expect(tlsaKeys(box)).toEqual([first]);

  held.resolve(undefined);
  await box.settle();
  expect(used().spkiSha256).toBe(first);
  expect(tlsaKeys(box)).toHaveLength(2);
  await clock.advance(TTL * MINUTE + 2 * MINUTE);
  await box.settle();
  expect(used().id).toBe(other.id);
  expect(tlsaKeys(box)).toContain(used().spkiSha256);
  await box.close();
});

it('takes another kind of key though a certificate waits for its TLSA', async () => {
  const clock = new FakeClock();
  const random = seededRandom(5);
  const box = await openCerts({
    clock,
    random,
    ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served }),
  });
  await box.certificates.start();
  await box.settle();
  const [row] = box.certificates.list({ limit: 1, cursor: undefined }).items;
  await box.certificates.renew(person, row!.id);
  await box.settle();
  expect(tlsaKeys(box)).toHaveLength(2);

  await box.certificates.issue(person, [...row!.names], 'rsa-2048');
  for (let minute = 0; minute < 4 * TTL; minute += 10) {
    await clock.advance(10 * MINUTE);
    await box.settle();
    expect(tlsaKeys(box)).toContain(box.installed.forName('box.example.net').spkiSha256);
  }
  const { privateKey, spkiSha256 } = box.installed.forName('box.example.net');
  expect(createPrivateKey(privateKey).asymmetricKeyType).toBe('rsa');
  expect(tlsaKeys(box)).toEqual([spkiSha256]);
  await box.close();
});

it(
  'has the key of a wildcard in TLSA before that serves in place of the expired certificate of the box',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(6);
    let refusing = false;
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) =>
        refuseNames(
          createSimulatedCa({ clock, random, lifetime: 6 * DAY, ari: false, served }),
          (name) => refusing && name.endsWith('box.example.net'),
        ),
    });
    await box.zones.domains.add(person, domain('example.net'));
    await box.certificates.start();
    await box.settle();
    const used = () => box.installed.forName('box.example.net');
    const own = used().id;
    const wildcard = box.installed.forName('www.example.net').id;
    expect(used().names).toContain('box.example.net');

    const caches: string[][] = [];
    const serving = new Set<string>();
    /** At every moment whoever has TLSA in a cache finds the key among them. */
    async function live(days: number): Promise<void> {
      for (let minute = 0; minute < days * 24 * 60; minute += 10) {
        await clock.advance(10 * MINUTE);
        await box.settle();
        caches.push(tlsaKeys(box));
        if (caches.length > TTL / 10) caches.shift();
        for (const cached of caches) expect(cached).toContain(used().spkiSha256);
        serving.add(`${used().id} ${used().spkiSha256}`);
      }
    }
    refusing = true;
    await live(9);
    expect(used().id).toBe(wildcard);
    // It was renewed before it stood in, and once more while it did.
    expect([...serving].map((text) => text.split(' ')[0])).toEqual([own, wildcard, wildcard]);
    refusing = false;
    await live(2);
    expect(used().id).toBe(own);
    expect(serving.size).toBe(4);
    await box.close();
  },
);

it('RFC 6698 §A.1: publishes no TLSA while a wildcard serves and the box has no certificate of its own', async () => {
  const clock = new FakeClock();
  const random = seededRandom(7);
  let refusing = true;
  const box = await openCerts({
    clock,
    random,
    ca: ({ served }) =>
      refuseNames(
        createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served }),
        (name) => refusing && name.endsWith('box.example.net'),
      ),
  });
  await box.zones.domains.add(person, domain('example.net'));
  await box.certificates.start();
  await box.settle();
  const wildcard = box.installed.forName('www.example.net');
  expect(box.installed.forName('box.example.net')).toBe(wildcard);
  expect(tlsaKeys(box)).toEqual([]);

  refusing = false;
  await clock.advance(10 * MINUTE);
  await box.settle();
  const { id, spkiSha256 } = box.installed.forName('box.example.net');
  expect(id).not.toBe(wildcard.id);
  expect(tlsaKeys(box).sort()).toEqual([spkiSha256, wildcard.spkiSha256].sort());
  await box.close();
});

/** Makes validations of some names fail. */
function refuseNames(ca: SimulatedCa, refused: (name: string) => boolean): SimulatedCa {
  const accept = ca.accept.bind(ca);
  return Object.assign(ca, {
    async accept(by: AcmeAccount, url: string) {
      const { name } = await ca.authorization(by, url);
      ca.refuses = refused(name);
      const accepted = accept(by, url);
      ca.refuses = false;
      await accepted;
    },
  });
}

function tlsaKeys({ texts }: CertsBox): string[] {
  return texts('_25._tcp.box.example.net', Type.TLSA).map((text) =>
    text.split(' ').slice(3).join('').toLowerCase(),
  );
}
