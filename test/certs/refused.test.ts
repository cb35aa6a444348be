import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openCerts } from '../kit/certs-box.ts';
import { createSimulatedCa, mostWithin, type SimulatedCa } from '../kit/simulated-ca.ts';
import { domain, person } from '../kit/zones-box.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([
  {
    what: 'whose nameservers the registrar does not know yet',
    refusal: { type: 'dns', detail: 'NXDOMAIN looking up TXT for _acme-challenge.example.com' },
    problem:
      'The CA could not look up the domain; check at the registrar that its nameservers are those of the box, and its DS.',
  },
  {
    what: 'that is still delegated elsewhere',
    refusal: { type: 'unauthorized', detail: 'No TXT record found at _acme-challenge.example.com' },
    problem:
      'The CA did not find the record that the box published; check at the registrar that the domain is delegated to the box.',
  },
  {
    what: 'whose CAA forbids it',
    refusal: { type: 'caa', detail: 'CAA record for example.com prevents issuance' },
    problem:
      'A CAA record forbids this CA or this account; let the CAA of the domain name the CA that is set, or remove it.',
  },
])(
  'tries a domain $what with growing pauses, says why in one sentence, and comes through by itself',
  { timeout: 180_000 },
  async ({ refusal, problem }) => {
    const clock = new FakeClock();
    const random = seededRandom(7);
    const made: { ca?: SimulatedCa } = {};
    const box = await openCerts({
      clock,
      random,
      ca: ({ served }) =>
        (made.ca = createSimulatedCa({ clock, random, lifetime: 90 * 24 * HOUR, ari: false, served })),
    });
    const ca = made.ca!;
    await box.certificates.start();
    await box.settle();
    ca.refusal = { ...refusal, type: `urn:ietf:params:acme:error:${refusal.type}` };
    await box.zones.domains.add(person, domain('example.com'));
    const shown = () =>
      box.certificates
        .list({ limit: 10, cursor: undefined })
        .items.find(({ names }) => names.includes('example.com'))!;

    for (let minutes = 0; minutes < 12 * 60; minutes += 5) {
      await clock.advance(5 * MINUTE);
      await box.settle();
    }
    const { attempts, nextAttemptWhy, ...rest } = shown();
    expect(rest).toMatchObject({ state: 'failed', problem });
    expect(nextAttemptWhy).toBe('back-off after a failure');
    expect(attempts.length).toBeGreaterThan(4);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ step: 'failed', problem });
      // RFC 8555 §6.7: people see the CA's own words.
      expect(attempt.detail).toBe(`example.com: ${refusal.detail}`);
    }
    const starts = attempts.map(({ startedAt }) => Date.parse(startedAt)).reverse();
    const pauses = starts.slice(1).map((at, index) => at - starts[index]!);
    expect(pauses.at(-1)).toBeGreaterThan(2 * HOUR);
    // Five minutes, doubled each time, a quarter more or less; or longer, where the CA's limit of failures wants it.
    for (const [index, pause] of pauses.entries())
      expect(pause).toBeGreaterThanOrEqual(5 * MINUTE * 2 ** index * 0.75);
    expect(mostWithin(ca, 'failure', HOUR)).toBeLessThanOrEqual(5);
    // RFC 8555 §7.5.1, §8.4: what was put there for the CA is gone, though it refused.
    expect(box.texts('_acme-challenge.example.com', 16)).toEqual([]);
    const { attempts: counted, limits } = box.certificates.figures();
    const orders = ca.log.filter(({ kind, at }) => kind === 'order' && at >= clock.now() - 3 * HOUR);
    expect(limits).toContainEqual({ limit: 'orders', uses: orders.length, allowed: 300 });
    expect(counted).toContainEqual({ outcome: 'failed', problem: refusal.type, count: attempts.length });

    ca.refusal = undefined;
    await clock.advance(Date.parse(shown().nextAttemptAt!) - clock.now() + 1000);
    await box.settle();
    expect(shown()).toMatchObject({ state: 'valid', kind: 'acme', step: 'installed', problem: undefined });
    await box.close();
  },
);
