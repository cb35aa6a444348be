import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { createRsaThread } from './rsa-thread.ts';

/** Nice values of the threads of this process that have this name. */
function priorities(thread: string): number[] {
  const named = (id: string) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === thread;
  return readdirSync('/proc/self/task').filter(named).map(Number).map(getPriority);
}

test('makes whole keys, one after the other, and ends when there is nothing to make', async () => {
  const rsa = createRsaThread();
  try {
    const [one, other] = [await rsa.make(), await rsa.make()];
    expect(one.publicKey).not.toBe(other.publicKey);
    const key = createPrivateKey({ key: Buffer.from(one.privateKey), format: 'der', type: 'pkcs8' });
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')).toBe(
      one.publicKey,
    );
    await rsa.end();
    expect((await rsa.make()).publicKey).not.toBe(other.publicKey);
  } finally {
    await rsa.end();
  }
});

test.runIf(process.platform === 'linux')('works behind all that answers', async () => {
  const rsa = createRsaThread();
  try {
    await rsa.make();
    expect(priorities('signpost-keys')).toEqual([Math.min(getPriority() + 10, 19)]);
    await rsa.end();
    expect(priorities('signpost-keys')).toEqual([]);
  } finally {
    await rsa.end();
  }
});
