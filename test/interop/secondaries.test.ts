import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecondaries } from '../../src/certs/challenges/secondaries.ts';
import {
  createSecondaryTroubles,
  type SecondaryTroubles,
} from '../../src/certs/challenges/secondary-troubles.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { fromWire } from '../../src/dns/rdata/registry.ts';
import { soa } from '../../src/dns/rdata/soa.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { secondaryFound } from '../../src/found.ts';
import { ask } from '../kit/ask.ts';
import { LeapingClock } from '../kit/leaping-clock.ts';
import { freePort } from '../kit/free-port.ts';
import { type KnotPeer, scratch, startKnot } from '../kit/nameserver-peers.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const reason = missing({ commands: ['knotd'] });
const challenge = { owner: Name.parse('_acme-challenge.example.com'), value: 'x'.repeat(43) };
const elsewhere = { ...challenge, owner: Name.parse('_acme-challenge.example.org') };

/** A zone as a secondary has it, with or without the challenge, and another one's beside it. */
function zoneFile(serial: number, values: string[]): string {
  const txt = values.map((value) => `_acme-challenge TXT "${value}"`);
  return [
    '$ORIGIN example.com.',
    '$TTL 60',
    `@ SOA ns hostmaster ${serial} 60 60 60 60`,
    '@ NS ns',
    ...txt,
    '',
  ].join('\n');
}

describe.skipIf(reason)(`waiting for secondaries ${reason ?? ''}`, () => {
  const clock = new LeapingClock();
  const log = createLog({ level: 'silent' });
  const file = join(scratch(), 'example.com.zone');
  let knot: KnotPeer;
  let troubles: SecondaryTroubles;
  let told: string[];
  beforeEach(async () => {
    writeFileSync(file, zoneFile(1, ['another']));
    knot = await startKnot('example.com', file);
    await until(60, async () => (await ask(knot.address, 'example.com.', 'SOA', 300))?.answers.length);
  });
  beforeEach(() => {
    told = [];
    const events = {
      publish: (type: string, data: Record<string, unknown>) =>
        void told.push([type, data['secondary'], data['address'], data['reason']].filter(Boolean).join(' ')),
    };
    troubles = createSecondaryTroubles({ isSecondary: () => true, events, clock, log });
  });
  afterEach(async () => {
    await troubles.stop();
    knot.resume();
    await knot.stop();
  });

  function wait(challenges: (typeof challenge)[], { port = knot.address.port, stopping = false } = {}) {
    const secondaries = createSecondaries({
      box: () => ({ secondaries: [Name.parse('ns.example.net')] }),
      resolve: () => Promise.resolve(['127.0.0.1']),
      zoneOf: () => ({ name: Name.parse('example.com'), serial: 2 }),
      troubles,
      clock,
      random: systemRandom,
      log,
      port,
    });
    let over = false;
    const done = secondaries(challenges, () => stopping).finally(() => (over = true));
    // What it comes to is looked at later.
    done.catch(() => undefined);
    return { done, over: () => over };
  }

  it('lasts until the secondary has the zone with the record', async () => {
    const { done, over } = wait([challenge]);
    await until(
      60,
      async () => (await ask(knot.address, challenge.owner.toString(), 'TXT', 300))?.answers.length,
    );
    expect(over()).toBe(false);
    writeFileSync(file, zoneFile(2, ['another', challenge.value]));
    knot.reload();
    await done;
    const served = await ask(knot.address, challenge.owner.toString(), 'TXT');
    expect(served?.answers).toHaveLength(2);
  });

  it('ends with the name of one that never gets it', async () => {
    const { done } = wait([challenge]);
    clock.leap(2 * 60_000);
    await expect(done).rejects.toMatchObject({
      problem: {
        type: 'secondaryBehind',
        detail: 'ns.example.net (127.0.0.1) has no such TXT record at _acme-challenge.example.com',
      },
    });
  });

  it('names one that is behind until it has caught up, and has others wait less for it', async () => {
    const first = wait([challenge]);
    clock.leap(2 * 60_000);
    await expect(first.done).rejects.toBeDefined();
    expect(told).toEqual(['secondary.failed ns.example.net 127.0.0.1 behind']);
    expect(secondaryFound(troubles.list()[0]!).sentence).toMatch(
      /^The secondary ns\.example\.net \(127\.0\.0\.1\) does not have the newest version of its zones since .* wait for it, for six hours at most: .* It is asked again at .*\.$/,
    );
    const second = wait([challenge]);
    clock.leap(31_000);
    await expect(second.done).rejects.toBeDefined();
    // What it does not serve need not wait for it.
    await wait([elsewhere]).done;
    expect(told).toHaveLength(1);

    writeFileSync(file, zoneFile(2, ['another']));
    knot.reload();
    await until(60, async () => {
      const record = (await ask(knot.address, 'example.com.', 'SOA'))?.answers[0];
      return (record && fromWire(soa, record.rdata).serial === 2) || undefined;
    });
    clock.leap(60 * 60_000);
    await until(60, () => Promise.resolve(troubles.list().length === 0 || undefined));
    expect(told.at(-1)).toBe('secondary.mended ns.example.net 127.0.0.1');
  });

  it('tries orders without one that stays behind for hours, and names it as before', async () => {
    const first = wait([challenge]);
    clock.leap(2 * 60_000);
    await expect(first.done).rejects.toBeDefined();
    clock.leap(5 * 3_600_000);
    const held = wait([challenge]);
    clock.leap(31_000);
    await expect(held.done).rejects.toBeDefined();
    clock.leap(3_600_000);
    await wait([challenge]).done;
    expect(troubles.list()).toMatchObject([{ reason: 'behind' }]);
    expect(told).toEqual(['secondary.failed ns.example.net 127.0.0.1 behind']);
  });

  it('holds up one order for seconds when a secondary hangs, and no other; it is asked again by itself', async () => {
    knot.pause();
    const begun = performance.now();
    await wait([challenge]).done;
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(told).toEqual(['secondary.failed ns.example.net 127.0.0.1 silent']);
    expect(secondaryFound(troubles.list()[0]!).sentence).toMatch(
      /does not answer since .*; certificates are ordered without it\./,
    );

    const next = performance.now();
    for (let order = 0; order < 50; order++) await wait([challenge, elsewhere]).done;
    expect(performance.now() - next).toBeLessThan(10_000);
    const { retryAt } = troubles.list()[0]!;
    clock.leap(61_000);
    // It hangs yet: the next look comes later.
    await until(60, () => Promise.resolve(troubles.list()[0]!.retryAt > retryAt + 61_000 || undefined));

    knot.resume();
    clock.leap(60 * 60_000);
    await until(60, () => Promise.resolve(troubles.list().length === 0 || undefined));
    expect(told.at(-1)).toBe('secondary.mended ns.example.net 127.0.0.1');
    const { done } = wait([challenge]);
    clock.leap(2 * 60_000);
    await expect(done).rejects.toMatchObject({ problem: { type: 'secondaryBehind' } });
  }, 180_000);

  it('passes over one that does not serve the zone, as a CA does', async () => {
    await wait([elsewhere]).done;
    expect(told).toEqual([]);
  });

  it('passes over one that does not answer', async () => {
    const { done } = wait([challenge], { port: await freePort() });
    await done;
  });

  it('ends when the box stops', () => wait([challenge], { stopping: true }).done);
});
