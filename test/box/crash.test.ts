import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../../src/core/random.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { fromWire } from '../../src/dns/rdata/registry.ts';
import { soa } from '../../src/dns/rdata/soa.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';

const changes = 200;

/** What must be served: values of the A record by owner, undefined for removed. */
type Expected = Map<string, string | undefined>;

interface Change {
  owner: string;
  value: string | undefined;
  domain: string;
}

async function serial(box: RunningBox, zone: string): Promise<number> {
  const answer = await ask(box.dns, zone, 'SOA');
  return fromWire(soa, answer!.answers.find((record) => record.type === Type.SOA)!.rdata).serial;
}

async function served(box: RunningBox, owner: string): Promise<string | undefined> {
  const answer = await ask(box.dns, owner, 'A');
  return answer!.answers.find((record) => record.type === Type.A)?.rdata.join('.');
}

/** Asks for the change; true when the box acknowledged it, false when it died first. */
async function acknowledged(box: RunningBox, change: Change): Promise<boolean> {
  const zone = `/zones/${change.domain}/records`;
  try {
    const answer =
      change.value === undefined
        ? await box.api('DELETE', `${zone}?owner=${change.owner}&type=A`)
        : await box.api('PUT', zone, { owner: change.owner, type: 'A', ttl: 60, value: change.value });
    // 404: there was nothing to delete, which is what was wanted.
    expect([200, 201, 204, 404]).toContain(answer.status);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; // fetch: the connection broke
    throw error;
  }
}

it(
  `serves every acknowledged change after kill -9, ${changes} times; the serial never goes back`,
  { timeout: 2_700_000 },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'signpost-crash-'));
    const random = seededRandom(9);
    const domains = ['alpha.example.com', 'beta.example.org', 'gamma.example.net'];
    const expected: Expected = new Map();
    const serials = new Map<string, number>();
    let box = await startBox({ data });
    for (const name of domains) expect((await box.api('POST', '/domains', { name })).status).toBe(201);

    for (let round = 0; round < changes; round++) {
      const domain = domains[randomInteger(random, domains.length)]!;
      const owner = `h${randomInteger(random, 20)}.${domain}`;
      const value = random.float() < 0.25 ? undefined : `198.51.100.${randomInteger(random, 256)}`;
      // Killed at a random instant of the change, often before, often after the acknowledgement.
      const delay = randomInteger(random, 30);
      const change = acknowledged(box, { owner, value, domain });
      const killed = new Promise<void>((resolve) => setTimeout(resolve, delay)).then(() => box.kill());
      const done = await change;
      await killed;

      box = await startBox({ data });
      const now = await served(box, owner);
      // Not acknowledged: before or after, but nothing else.
      if (done) expect(now, `round ${round}: ${owner}`).toBe(value);
      else expect([value, expected.get(owner)], `round ${round}: ${owner}`).toContain(now);
      expected.set(owner, now);
      for (const name of domains) {
        const current = await serial(box, name);
        expect(current, `round ${round}: serial of ${name}`).toBeGreaterThanOrEqual(serials.get(name) ?? 0);
        serials.set(name, current);
      }
    }
    for (const [owner, value] of expected) expect(await served(box, owner), owner).toBe(value);
    await box.stop();
    rmSync(data, { recursive: true, force: true });
  },
);
