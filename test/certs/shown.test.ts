import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';

const HOST = 'box.example.net';
const DAY = 86_400_000;
const HOUR = 3_600_000;

it(
  'RFC 6698 §A.4: has TLSA of what mail servers show, until they show the new certificate',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(11);
    let shown = new Set<string>();
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 90 * DAY, ari: false, served }),
      shownKeys: () => Promise.resolve(shown),
    });
    const published = (): string[] =>
      box.texts(`_25._tcp.${HOST}`, Type.TLSA).map((text) => text.replace('3 1 1 ', '').toLowerCase());
    const pass = async (time: number): Promise<void> => {
      for (const end = clock.now() + time; clock.now() < end;) {
        await clock.advance(HOUR / 4);
        await box.settle();
      }
    };
    const inUse = (): string => box.installed.forName(HOST).spkiSha256;

    const selfSigned = inUse();
    shown = new Set([selfSigned, 'of another program']);
    await box.certificates.start();
    await box.settle();
    expect(inUse()).not.toBe(selfSigned);
    expect(published().sort()).toEqual([selfSigned, inUse()].sort());
    // Mail servers that do not take the new one, for whatever reason: their key stays.
    await pass(DAY);
    expect(published().sort()).toEqual([selfSigned, inUse()].sort());
    shown = new Set([inUse()]);
    await pass(HOUR);
    expect(published()).toEqual([inUse()]);
    await box.close();
  },
);
