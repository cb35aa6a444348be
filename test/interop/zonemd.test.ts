import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import { ask } from '../kit/ask.ts';
import { freePort } from '../kit/free-port.ts';
import { missing } from '../kit/requires.ts';
import { imageOf, servedZones, signedImage } from '../kit/test-zone.ts';
import { imageView } from '../../src/dns/zone/image-view.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { zoneRecords } from '../../src/zones/publisher/node-records.ts';
import { until } from '../kit/until.ts';

const reason = missing({ commands: ['knotd'] });

const zone = (origin: string): string => `$ORIGIN ${origin}
@ SOA ns1 hostmaster 7 3600 600 1209600 300
@ NS ns1
ns1 A 192.0.2.1
Mail MX 10 Mail
*.wild TXT "any"
sub NS ns.sub
ns.sub A 192.0.2.2
occluded.sub TXT "below a cut"
`;

/* Knot takes a zone only when its digest (RFC 8976) is right: each kind of denial, and one that was changed on the way. */
describe.skipIf(reason)(`a digest of ours that Knot looks at ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonemd-'));
  const whole = ['nsec.example', 'nsec3.example', 'unsigned.example'];
  const tampered = 'tampered.example';
  let plane: DataPlane;
  let knot: ChildProcess;
  let output = '';
  let port: number;

  beforeAll(async () => {
    const text = (origin: string, denial: 'nsec' | 'nsec3' | 'unsigned') =>
      signedImage(zone(origin), denial, undefined, { digest: true });
    const right = await text(`${tampered}.`, 'nsec');
    const printed = [...zoneRecords(imageView(right))].map((record) => printRecord(record)).join('\n');
    const images = [
      await text('nsec.example.', 'nsec'),
      await text('nsec3.example.', 'nsec3'),
      await text('unsigned.example.', 'unsigned'),
      imageOf(`$ORIGIN ${tampered}.\n${printed.replace('192.0.2.2', '192.0.2.3')}\n`),
    ];
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones(images),
      transfers: { keys: [], addresses: ['127.0.0.1'] },
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
    port = await freePort();
    writeFileSync(
      join(folder, 'knot.conf'),
      `server:
    rundir: "${folder}"
    listen: 127.0.0.1@${port}
    tcp-workers: 1
    udp-workers: 1
    background-workers: 1
database:
    storage: "${folder}"
log:
  - target: stdout
    any: info
remote:
  - id: box
    address: 127.0.0.1@${plane.addresses[0]!.port}
template:
  - id: default
    storage: "${folder}"
    master: box
    zonemd-verify: on
zone:
${[...whole, tampered].map((name) => `  - domain: ${name}`).join('\n')}
`,
    );
    knot = spawn('knotd', ['-c', join(folder, 'knot.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [knot.stdout!, knot.stderr!]) stream.on('data', (data) => (output += String(data)));
  }, 180_000);
  afterAll(async () => {
    const ended = once(knot, 'exit');
    knot.kill('SIGKILL');
    await ended;
    await plane.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const answers = async (name: string): Promise<number | undefined> =>
    (await ask({ address: '127.0.0.1', port }, name, 'SOA', 1000))?.answers.length || undefined;
  const said = (): Promise<string> => Promise.resolve(output);

  test.each(whole)(
    '%s is taken',
    async (name) => {
      expect(await until(60, () => answers(name), said)).toBeGreaterThan(0);
    },
    90_000,
  );

  test('one that was changed on the way is not', async () => {
    const refused = () => /\[tampered\.example\.\].*(?:ZONEMD|digest).*/i.exec(output)?.[0];
    await until(60, () => Promise.resolve(refused()), said);
    expect(await answers(tampered)).toBeUndefined();
  }, 90_000);
});
