import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  call,
  type ChildBox,
  print,
  quantile,
  signedAnswer,
  startChildBox,
  stopChildBox,
} from './kit/child-box.ts';

/*
 * One zone of very many names: what a change of one record takes until it is answered, signed.
 */
export const name = 'large-zone: one record of a zone of 100,000 names';

const NAMES = 100_000;
/** Records of one request. */
const CHUNK = 10_000;
const SAMPLES = 60;
const A = 1;
const zone = 'large-example.com';

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-large-'));
  const box = await startChildBox({ data });
  try {
    await call(box, 'POST', '/domains', { name: zone });
    const few = await changes(box, 'a');
    const began = performance.now();
    for (let from = 0; from < NAMES; from += CHUNK)
      await call(box, 'POST', `/zones/${zone}/records`, {
        records: Array.from({ length: CHUNK }, (_, i) => address(`h${from + i}`)),
      });
    print(`adding ${NAMES} names, ${CHUNK} at a time`, (performance.now() - began) / 1000, 's');
    const many = await changes(box, 'b');
    print('a new name to its signed answer, small zone, median', quantile(few, 0.5), 'ms');
    print(`a new name to its signed answer, ${NAMES} names, median`, quantile(many, 0.5), 'ms', '≤ 50');
    print('  p95', quantile(many, 0.95), 'ms');
  } finally {
    await stopChildBox(box);
    rmSync(data, { recursive: true, force: true });
  }
}

function address(owner: string): { owner: string; type: string; value: string } {
  return { owner: `${owner}.${zone}`, type: 'A', value: '192.0.2.7' };
}

async function changes(box: ChildBox, prefix: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const record = address(`${prefix}${i}-new`);
    const began = performance.now();
    await call(box, 'POST', `/zones/${zone}/records`, { records: [record] });
    if (!(await signedAnswer(box.dns, record.owner, A))) throw new Error(`${record.owner} is not answered`);
    times.push(performance.now() - began);
  }
  return times;
}

if (import.meta.main) await run();
