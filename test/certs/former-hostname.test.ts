import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { retireHostname } from '../../src/zones/former/retire.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';
import { name, person } from '../kit/zones-box.ts';

const DAY = 86_400_000;

it(
  'keeps and renews the certificate of a former hostname while it answers',
  { timeout: 180_000 },
  async () => {
    const clock = new FakeClock();
    const random = seededRandom(7);
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) => createSimulatedCa({ clock, random, lifetime: 30 * DAY, ari: true, served }),
    });
    const pass = async (days: number): Promise<void> => {
      for (const end = clock.now() + days * DAY; clock.now() < end;) {
        await clock.advance(DAY / 4);
        await box.settle();
      }
    };
    const shown = (host: string) => box.installed.forName(host);
    await box.certificates.start();
    await pass(1);
    const before = shown('box.example.net');
    expect(before.names).toContain('box.example.net');

    await box.zones.box.put(person, { ...box.zones.box.get()!, hostname: name('mail.example.org') });
    await pass(1);
    expect(shown('mail.example.org').names).toContain('mail.example.org');
    expect(shown('box.example.net').chain).toBe(before.chain);
    await pass(60);
    expect(shown('box.example.net').names).toContain('box.example.net');
    expect(Date.parse(shown('box.example.net').notAfter)).toBeGreaterThan(clock.now());

    await box.zones.publisher.change({ actor: person, cause: 'test' }, (change) =>
      retireHostname(change, name('box.example.net'), 'asked for'),
    );
    await pass(1);
    expect(box.certs.ofBox().map(({ names }) => names[0])).toEqual(['mail.example.org']);
    await box.close();
  },
);
