import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The TTL of the box's records, in minutes. */
const TTL = 60;

it(
  'rolls the key of the box so that whoever has old or new TLSA in a cache finds its key',
  { timeout: 60_000 },
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
    const tlsa = (): string[] =>
      box
        .texts('_25._tcp.box.example.net', Type.TLSA)
        .map((text) => text.split(' ').slice(3).join('').toLowerCase());
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
