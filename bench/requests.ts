import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { call, type ChildBox, rest, send, startChildBox, stopChildBox } from './kit/child-box.ts';

/*
 * Requests made to be dear: by a token that may write the records of one name, and by somebody who has none. Beside each, `/health` is
 * asked again and again: the longest that it took is what everybody else waits.
 */
export const name = 'requests: what a stranger or a small token can ask for, and what others wait';

interface Request {
  what: string;
  method: string;
  path: (zone: string) => string;
  body: (zone: string) => string;
}

const records = (zone: string) => `/zones/${zone}/records`;

const json = (value: unknown) => JSON.stringify(value);
const texts = (zone: string, count: number) =>
  json({
    records: times(count, (i) => ({ owner: `many.${zone}`, type: 'TXT', value: `"record ${i}"` })),
  });
const imported = (zone: string, count: number, owner: (i: number) => string, value: (i: number) => string) =>
  json({
    zone,
    from: {
      kind: 'zonefile',
      text: times(count, (i) => `${owner(i)}.${zone}. 300 IN ${value(i)}\n`).join(''),
    },
  });

const requests: Request[] = [
  ...[1000, 5000, 10_000].map((count) => ({
    what: `PUT ${count} TXT at one owner`,
    method: 'PUT',
    path: records,
    body: (zone: string) => texts(zone, count),
  })),
  {
    what: 'POST 10,000 A at 10,000 owners',
    method: 'POST',
    path: records,
    body: (zone) =>
      json({ records: times(10_000, (i) => ({ owner: `h${i}.${zone}`, type: 'A', value: '192.0.2.7' })) }),
  },
  {
    what: 'import 20,000 TXT at one owner',
    method: 'POST',
    path: () => '/zones/import',
    body: (zone) =>
      imported(
        zone,
        20_000,
        () => 'many',
        (i) => `TXT "record ${i}"`,
      ),
  },
  {
    what: 'import 20,000 TXT at 20,000 owners',
    method: 'POST',
    path: () => '/zones/import',
    body: (zone) =>
      imported(
        zone,
        20_000,
        (i) => `h${i}`,
        (i) => `TXT "record ${i}"`,
      ),
  },
  {
    what: 'import 20,000 A at 20,000 owners',
    method: 'POST',
    path: () => '/zones/import',
    body: (zone) =>
      imported(
        zone,
        20_000,
        (i) => `h${i}`,
        () => 'A 192.0.2.7',
      ),
  },
  {
    what: 'PUT 32 MiB of empty arrays',
    method: 'PUT',
    path: records,
    body: () => `{"records":[${'[],'.repeat((32 * 1024 * 1024) / 3)}[]]}`,
  },
  {
    what: 'PUT 256 KiB of nested arrays',
    method: 'PUT',
    path: records,
    body: () => '['.repeat(128 * 1024) + ']'.repeat(128 * 1024),
  },
];

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-requests-'));
  const box = await startChildBox({ data });
  try {
    for (const [index, request] of requests.entries()) {
      const zone = `zone${index}-example.com`;
      await call(box, 'POST', '/domains', { name: zone });
      await measure(box, request, zone);
    }
  } finally {
    await stopChildBox(box);
    rmSync(data, { recursive: true, force: true });
  }
}

async function measure(box: ChildBox, { what, method, path, body }: Request, zone: string): Promise<void> {
  const text = body(zone);
  const health = watchHealth(box);
  await rest(300);
  const began = performance.now();
  const { status } = await send(box, method, path(zone), text).catch(() => ({ status: 'closed' as const }));
  const took = performance.now() - began;
  await rest(100);
  const longest = await health.stop();
  const figures = [
    what.padEnd(36),
    `answered ${status} in ${took.toFixed(0)} ms`.padEnd(28),
    `/health at most ${longest.toFixed(0)} ms (promised ≤ 100)`,
  ];
  console.log(figures.join(' '));
}

/** Asks for the health every 5 ms, from a thread of its own; `stop` gives the longest that it took, milliseconds. */
function watchHealth(box: ChildBox): { stop(): Promise<number> } {
  const workerData = `${new URL(box.http).origin}/health`;
  const worker = new Worker(new URL('./kit/health-watcher.ts', import.meta.url), { workerData });
  return {
    async stop() {
      worker.postMessage('stop');
      const [longest] = (await once(worker, 'message')) as [number];
      return longest;
    },
  };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

if (import.meta.main) await run();
