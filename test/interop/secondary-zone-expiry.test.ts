import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { type LeapingBox, startLeapingBox } from '../kit/leaping-box.ts';
import { type RunningPrimary, startKnotPrimary } from '../kit/primary-peers.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

/* A primary that dies, and comes back after weeks: refresh, retry and expire of its SOA, by a clock that leaps (RFC 1034 §4.3.5). */

const zone = 'example.org';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const text = `$ORIGIN ${zone}.
$TTL 300
@ IN SOA ns1 hostmaster 1 3600 600 604800 60
@ IN NS ns1
ns1 IN A 192.0.2.1
`;
const reason = missing({ commands: ['dig', 'knotd', 'nsupdate'] });

interface ZoneJson {
  state: string;
  serial: number | null;
  failures: number;
  checkedAt: string;
  refreshAt: string | null;
  expiresAt: string;
  checking: boolean;
}

describe.skipIf(reason)(`a primary that dies ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'expiry-'));
  let port: number;
  let box: LeapingBox;
  let knot: RunningPrimary;

  const start = (leap = 0): Promise<LeapingBox> =>
    startLeapingBox({
      ...{ dns: port, data: join(folder, 'box'), leap },
      acme: { directory: undefined },
      config: { importNetworks: [{ address: '127.0.0.0', prefix: 8 }] },
    });
  beforeAll(async () => {
    port = await freePort();
    knot = await startKnotPrimary({
      ...{ folder: join(folder, 'knot'), zones: { [zone]: text } },
      follower: { address: '127.0.0.1', port },
    });
    box = await start();
  }, 120_000);
  afterAll(async () => {
    await box.stop();
    await knot.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  const shown = async (): Promise<ZoneJson> =>
    (await box.api('GET', `/secondary-zones/${zone}`)).body as ZoneJson;
  const when = (so: (zone: ZoneJson) => boolean): Promise<ZoneJson> =>
    until(
      60,
      async () => {
        const now = await shown();
        return so(now) ? now : undefined;
      },
      async () => JSON.stringify(await shown()),
    );
  const answer = (): string =>
    spawnSync('dig', ['@127.0.0.1', '-p', `${port}`, '+norec', '+tries=1', `ns1.${zone}`, 'A'], {
      encoding: 'utf8',
    }).stdout;
  const problems = async (): Promise<string> =>
    ((await box.api('GET', '/health')).body as { problems: string[] }).problems.join('\n');

  test('is asked again, then its zone expires, through a restart; and is served when it is back', async () => {
    const body = { name: zone, primaries: [{ address: '127.0.0.1', port: knot.port }] };
    expect((await box.api('POST', '/secondary-zones', body)).status).toBe(201);
    const { refreshAt, checkedAt, expiresAt } = await when(
      ({ state, checking }) => state === 'current' && !checking,
    );
    const refresh = Date.parse(refreshAt!) - Date.parse(checkedAt);
    expect(refresh).toBeGreaterThanOrEqual(0.9 * HOUR - 1000);
    expect(refresh).toBeLessThanOrEqual(HOUR + 1000);
    expect(Date.parse(expiresAt) - Date.parse(checkedAt)).toBe(7 * DAY);

    // It is asked in time, and says that nothing is later.
    box.clock.leap(HOUR);
    const again = await when((now) => now.checkedAt !== checkedAt && !now.checking);
    expect(again).toMatchObject({ state: 'current', failures: 0 });

    await knot.stop();
    box.clock.leap(HOUR);
    const failing = await when(({ state, checking }) => state === 'failing' && !checking);
    const retry = Date.parse(failing.refreshAt!) - box.clock.now();
    expect(retry).toBeLessThanOrEqual(600_000);
    expect(retry).toBeGreaterThan(500_000);
    box.clock.leap(600_000);
    await when(({ failures, checking }) => failures >= 2 && !checking);
    expect(answer()).toContain('status: NOERROR');
    expect(await problems()).toContain(`The secondary zone ${zone} was not refreshed since`);

    box.clock.leap(7 * DAY);
    await when(({ state, checking }) => state === 'expired' && !checking);
    expect(answer()).toMatch(/status: SERVFAIL[^]*EDE: 24 /);
    expect(await problems()).toContain(`The secondary zone ${zone} has expired and answers SERVFAIL`);

    await knot.start();
    box.clock.leap(600_000);
    expect(await when(({ state }) => state === 'current')).toMatchObject({ failures: 0 });
    expect(answer()).toContain('status: NOERROR');
    expect(await problems()).not.toContain(zone);
  }, 180_000);

  test('what has expired while the box was off is not served when it starts', async () => {
    await knot.stop();
    const { clock } = box;
    await box.stop({ keep: true });
    const ahead = clock.now() - Date.now();
    box = await start(ahead + 8 * DAY);
    await when(({ state, failures }) => state === 'expired' && failures > 0);
    expect(answer()).toMatch(/status: SERVFAIL[^]*EDE: 24 /);
    await knot.start();
    knot.update(zone, [`add new.${zone}. 300 A 192.0.2.7`]);
    // It tells by itself: nobody need wait for the retry.
    await when(({ state, serial }) => state === 'current' && serial === 2);
    expect(answer()).toContain('status: NOERROR');
  }, 180_000);
});
