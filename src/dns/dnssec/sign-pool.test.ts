import { createPublicKey, verify } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { type SigningKey, generateKey } from './keys.ts';
import { type SignInput, type SignPool, type SignPoolOptions, createSignPool } from './sign-pool.ts';

let pool: SignPool;
afterEach(() => pool.close());

const p256 = generateKey();
const keys = [p256, generateKey({ algorithm: 8 }), generateKey({ algorithm: 15 })];

function inputs(count: number): SignInput[] {
  return Array.from({ length: count }, (_, i) => ({
    key: i % 50 === 0 ? keys[(i / 50) % 3]! : p256,
    data: Buffer.from(`prefix ${'x'.repeat(i % 300)} ${i}`),
    prefix: 6,
  }));
}

function isRight({ key, data }: SignInput, result: Uint8Array): boolean {
  const publicKey = { key: createPublicKey(key.privateKey), dsaEncoding: 'ieee-p1363' } as const;
  const signature = result.subarray(6);
  const digest = key.algorithm === 15 ? null : 'sha256';
  return (
    Buffer.from(result.subarray(0, 6)).toString() === 'prefix' && verify(digest, data, publicKey, signature)
  );
}

/** The nice value of each thread of this process. */
function priorities(): Map<number, number> {
  const threads = readdirSync('/proc/self/task').map(Number);
  return new Map(threads.map((thread) => [thread, getPriority(thread)]));
}

/** A program in a data: URL. */
function program(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

async function expectAllRight(options: SignPoolOptions, count: number): Promise<void> {
  pool = createSignPool(options);
  const asked = inputs(count);
  const results = await pool.sign(asked);
  expect(results.length).toBe(count);
  expect(asked.filter((input, i) => !isRight(input, results[i]!))).toEqual([]);
}

describe('a pool of signing threads', () => {
  it('signs a large batch, in the order of its inputs', () => expectAllRight({ threads: 2 }, 2000));

  it('signs a small batch without a thread', () =>
    expectAllRight({ threads: 2, program: program('throw new Error("not to be started")') }, 40));

  it('signs without threads at all', () => expectAllRight({ threads: 0 }, 500));

  it.runIf(process.platform === 'linux')(
    'signs behind the threads that answer, which keep their priority',
    async () => {
      const before = priorities();
      await expectAllRight({ threads: 2 }, 2000);
      const own = getPriority();
      const lower = Math.min(own + 10, 19);
      const added = [...priorities()].flatMap(([thread, nice]) => (before.has(thread) ? [] : nice));
      expect(added.filter((nice) => nice === lower)).toHaveLength(2);
      expect(getPriority(process.pid)).toBe(own);
    },
  );

  it('signs nothing', () => expectAllRight({ threads: 2 }, 0));

  it('does the work itself when threads cannot start', () =>
    expectAllRight({ threads: 2, program: program('throw new Error("broken")') }, 1000));

  it('does the work itself when a thread ends in the middle of it', () =>
    expectAllRight(
      {
        threads: 2,
        program: program(`
          import { parentPort } from 'node:worker_threads';
          parentPort.on('message', () => process.exit(1));
        `),
      },
      1000,
    ));

  it('serves batches that are filled at the same time', async () => {
    pool = createSignPool({ threads: 2 });
    const batches = [pool.batch(), pool.batch()];
    const asked = inputs(700);
    // The buffer is used again, as a planner does.
    const buffer = Buffer.alloc(1000);
    for (const { key, data, prefix } of asked)
      for (const batch of batches) {
        buffer.set(data);
        batch.add(key, buffer.subarray(0, data.length), prefix);
      }
    for (const results of await Promise.all(batches.map((batch) => batch.finish())))
      expect(asked.every((input, i) => isRight(input, results[i]!))).toBe(true);
  });

  it.each([
    ['sends small batches that are open at the same time to a thread', 1, true],
    ['sends them in one message', 2, false],
  ])('%s', async (_, number, isSent) => {
    let told = false;
    const telling = program(`
      import { parentPort } from 'node:worker_threads';
      import { serveSigning } from '${new URL('./sign-thread.ts', import.meta.url).href}';
      import { portableSigner } from '${new URL('./algorithms.ts', import.meta.url).href}';
      let messages = 0;
      parentPort.on('message', () => {
        if (++messages === ${number}) parentPort.postMessage({ problem: new Error('one more message') });
      });
      serveSigning(portableSigner);
    `);
    pool = createSignPool({ threads: 1, program: telling, onSlow: () => (told = true) });
    const asked = inputs(40);
    const batches = Array.from({ length: 4 }, () => pool.batch());
    const signing = batches.map((batch) => {
      for (const { key, data, prefix } of asked) batch.add(key, data, prefix);
      return batch.finish();
    });
    for (const results of await Promise.all(signing))
      expect(asked.every((input, i) => isRight(input, results[i]!))).toBe(true);
    expect(told).toBe(isSent);
  });

  it('does not wait for a batch that is abandoned', async () => {
    pool = createSignPool({ threads: 1 });
    const [small, other] = [pool.batch(), pool.batch()];
    other.add(p256, Buffer.from('given up'));
    small.add(p256, Buffer.from('prefix wanted'), 6);
    const signing = small.finish();
    other.abandon();
    other.abandon();
    const [result] = await signing;
    expect(isRight({ key: p256, data: Buffer.from('prefix wanted'), prefix: 6 }, result!)).toBe(true);
    // What it had collected is not in the next one.
    expect(await pool.sign(inputs(1))).toHaveLength(1);
  });

  it('reports a key that cannot sign', async () => {
    pool = createSignPool({ threads: 2 });
    const broken: SigningKey = { ...p256, algorithm: 99 };
    const asked = inputs(600).map((input) => ({ ...input, key: broken }));
    await expect(pool.sign(asked)).rejects.toThrow('not one to sign with');
    await expect(pool.sign(asked.slice(0, 3))).rejects.toThrow('not one to sign with');
  });

  it('completes what is under way when it is closed', async () => {
    pool = createSignPool({ threads: 1 });
    const asked = inputs(3000);
    const signing = pool.sign(asked);
    await pool.close();
    const results = await signing;
    expect(asked.every((input, i) => isRight(input, results[i]!))).toBe(true);
  });
});
