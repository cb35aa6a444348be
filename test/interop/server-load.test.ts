import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import { scratch } from '../kit/nameserver-peers.ts';
import { missing } from '../kit/requires.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';
import { servedZones, signedImage } from '../kit/test-zone.ts';

const needs = missing({ commands: ['dnsperf'] });

describe.skipIf(needs)(`dnsperf ${needs ?? ''}`, () => {
  let plane: DataPlane;
  beforeAll(async () => {
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 2,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones([await signedImage(SERVER_ZONE, 'nsec')]),
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
  });
  afterAll(() => plane.close());

  it.each(['udp', 'tcp'] as const)('loses no query over %s, and the counters agree', async (mode) => {
    const questions = join(scratch(), 'questions');
    writeFileSync(
      questions,
      'web.example.com A\nnope.example.com A\nexample.com MX\nq.wild.example.com TXT\n',
    );
    const { address, port } = plane.addresses[0]!;
    const args = [
      '-s',
      address,
      '-p',
      `${port}`,
      '-d',
      questions,
      '-l',
      '2',
      '-c',
      '4',
      '-q',
      '50',
      '-m',
      mode,
      '-D',
    ];
    const dnsperf = spawn('dnsperf', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    dnsperf.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(dnsperf, 'close');
    const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
    expect(figure(/Queries lost:\s+(\d+)/)).toBe(0);
    const completed = figure(/Queries completed:\s+(\d+)/);
    expect(completed).toBeGreaterThan(1000);
    expect(figure(/NXDOMAIN (\d+)/) / completed).toBeCloseTo(0.25, 1);
    const counted = plane.counters().reduce((sum, counters) => sum + counters[mode].queries, 0);
    expect(counted).toBe(figure(/Queries sent:\s+(\d+)/));
  });
});
