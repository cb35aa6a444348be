import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecondaries } from '../../src/certs/challenges/secondaries.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { ask } from '../kit/ask.ts';
import { LeapingClock } from '../kit/leaping-clock.ts';
import { freePort } from '../kit/free-port.ts';
import { type Peer, scratch, startKnot } from '../kit/nameserver-peers.ts';
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
  const file = join(scratch(), 'example.com.zone');
  let knot: Peer & { reload(): void };
  beforeEach(async () => {
    writeFileSync(file, zoneFile(1, ['another']));
    knot = await startKnot('example.com', file);
    await until(10, async () => (await ask(knot.address, 'example.com.', 'SOA', 300))?.answers.length);
  });
  afterEach(() => knot.stop());

  function wait(challenges: (typeof challenge)[], { port = knot.address.port, stopping = false } = {}) {
    const secondaries = createSecondaries({
      box: () => ({ secondaries: [Name.parse('ns.example.net')] }),
      resolve: () => Promise.resolve(['127.0.0.1']),
      clock,
      random: systemRandom,
      log: createLog({ level: 'silent' }),
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
      10,
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

  it('passes over one that does not serve the zone, as a CA does', () => wait([elsewhere]).done);

  it('passes over one that does not answer', async () => {
    const { done } = wait([challenge], { port: await freePort() });
    await done;
  });

  it('ends when the box stops', () => wait([challenge], { stopping: true }).done);
});
