import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { algorithm, generatePrivateKey } from '../dns/dnssec/algorithms.ts';
import { generateKey } from '../dns/dnssec/keys.ts';
import { type SignPool, createSignPool } from '../dns/dnssec/sign-pool.ts';
import { checkSignatures, curves, ecdsaSigner } from './ecdsa-signer.ts';
import { nativeSigners } from './native-signers.ts';
import { bindOpenSsl } from './openssl.ts';

const program = new URL('./sign-worker.ts', import.meta.url);

function isRight(
  number: number,
  key: Parameters<typeof createPublicKey>[0],
  data: Uint8Array,
  signature: Uint8Array,
) {
  const publicKey = { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' } as const;
  return verify(algorithm(number)!.digest, data, publicKey, signature);
}

describe('native signers', () => {
  it.each([8, 13, 14, 15])('make signatures of algorithm %i that node:crypto verifies', (number) => {
    const key = generatePrivateKey(number);
    const { sign, release } = nativeSigners()(number, key);
    for (const length of [0, 1, 55, 56, 64, 300, 70_000]) {
      const data = new Uint8Array(length).fill(length);
      expect(isRight(number, key, data, sign(data))).toBe(true);
    }
    release();
  });

  it('make right signatures whatever the length of r and s', () => {
    const key = generatePrivateKey(13);
    const { sign, release } = nativeSigners()(13, key);
    for (let i = 0; i < 600; i++) {
      const data = Uint8Array.of(i >>> 8, i);
      expect(isRight(13, key, data, sign(data))).toBe(true);
    }
    release();
  });

  it('sign with several keys in turn', () => {
    const factory = nativeSigners();
    const signers = [13, 14, 13].map((number) => {
      const key = generatePrivateKey(number);
      return { number, key, ...factory(number, key) };
    });
    const data = Buffer.from('example.com');
    for (let round = 0; round < 3; round++)
      for (const { number, key, sign } of signers) expect(isRight(number, key, data, sign(data))).toBe(true);
    for (const { release } of signers) release();
  });

  it('refuse an algorithm that none signs with', () => {
    expect(() => nativeSigners()(99, generatePrivateKey(13))).toThrow('not one to sign with');
  });

  it('refuse a key that cannot sign', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    expect(() => ecdsaSigner(bindOpenSsl(), curves.get(13)!, privateKey)).toThrow('does not sign');
  });
});

describe('the check of signatures at start', () => {
  it('takes OpenSSL as it is', () => checkSignatures(bindOpenSsl()));

  it('notices a wrong digest', () => {
    const openSsl = bindOpenSsl();
    const { sha256 } = openSsl;
    const wrong = (data: Uint8Array, length: number, digest: Uint8Array) => sha256(data, length - 1, digest);
    expect(() => checkSignatures({ ...openSsl, sha256: wrong as typeof sha256 })).toThrow('is wrong');
  });

  it('notices a failure', () => {
    const openSsl = bindOpenSsl();
    const failing = (() => 0) as unknown as typeof openSsl.sign;
    expect(() => checkSignatures({ ...openSsl, sign: failing })).toThrow('made no P-256 signature');
  });
});

describe('a native signing thread', () => {
  let pool: SignPool;
  afterEach(() => pool.close());

  const keys = [13, 14, 13, 8, 15].map((number) => generateKey({ algorithm: number }));

  async function expectRight(count: number): Promise<void> {
    const asked = Array.from({ length: count }, (_, i) => ({
      key: keys[i % 20 < keys.length ? i % 20 : 0]!,
      data: Buffer.from(`data ${i}`),
      prefix: 4,
    }));
    const results = await pool.sign(asked);
    const wrong = asked.filter(
      ({ key, data }, i) => !isRight(key.algorithm, key.privateKey, data, results[i]!.subarray(4)),
    );
    expect(wrong).toEqual([]);
  }

  it('signs for a pool, with keys of all algorithms', async () => {
    const problems: Error[] = [];
    pool = createSignPool({ threads: 1, program, onSlow: (problem) => problems.push(problem) });
    await expectRight(400);
    expect(problems).toEqual([]);
  });

  it.each([0, 30, 60, 100])('completes its work when the pool is closed after %i ms', async (delay) => {
    pool = createSignPool({ threads: 2, program });
    const signing = expectRight(1500);
    await sleep(delay);
    await pool.close();
    await signing;
  });

  it('signs with node:crypto where koffi is not to be had, and says so once', async () => {
    const problems: string[] = [];
    const withoutKoffi = `
      import { registerHooks } from 'node:module';
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === 'koffi') throw new Error('no koffi here');
          return next(specifier, context);
        },
      });
      await import(${JSON.stringify(program.href)});
    `;
    pool = createSignPool({
      threads: 2,
      program: new URL(`data:text/javascript,${encodeURIComponent(withoutKoffi)}`),
      onSlow: (problem) => problems.push(problem.message),
    });
    await expectRight(1500);
    expect(problems).toEqual(['no koffi here']);
  });
});
