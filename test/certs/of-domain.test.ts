import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

it('finds what is kept for a domain, and others for its name', { timeout: 60_000 }, async () => {
  const [clock, random] = [new FakeClock(), seededRandom(7)];
  const served: { now: (name: string, value: string) => boolean } = { now: () => false };
  const ca = createSimulatedCa({
    ...{ clock, random, lifetime: 7_776_000_000, ari: true },
    served: (name, value) => served.now(name, value),
  });
  const box = await openCerts({
    clock,
    random,
    ca(asked) {
      served.now = asked.served;
      return ca;
    },
  });
  try {
    await box.certificates.start();
    for (const name of ['example.com', 'shop.example.com']) await box.zones.domains.add(person, domain(name));
    await box.settle();
    await box.certificates.issue(person, ['example.com', 'old.example.com']);
    const of = (name: string) =>
      box.certificates.ofDomain(Name.parse(name)).map(({ purpose, names }) => [purpose.kind, names[0]]);
    expect(of('Example.COM')).toEqual([
      ['domain', 'example.com'],
      ['requested', 'example.com'],
    ]);
    expect(of('shop.example.com')).toEqual([['domain', 'shop.example.com']]);
    expect(of('example.org')).toEqual([]);
  } finally {
    await box.close();
  }
});
