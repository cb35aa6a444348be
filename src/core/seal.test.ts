import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from './random.ts';
import { createSealer } from './seal.ts';
import { createSecretKey, readSecretKey } from './secret-key.ts';

const sealer = createSealer(systemRandom.bytes(32), systemRandom);

describe('sealing', () => {
  it('opens what it sealed, and nothing that was changed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (plain, at) => {
        const sealed = sealer.seal(plain, 'here');
        expect(Buffer.compare(sealer.open(sealed, 'here'), plain)).toBe(0);
        const changed = Uint8Array.from(sealed);
        changed[at % changed.length]! ^= 1;
        expect(() => sealer.open(changed, 'here')).toThrow();
        expect(() => sealer.open(sealed, 'there')).toThrow();
        expect(() => sealer.open(sealed.subarray(0, 20), 'here')).toThrow();
      }),
    );
  });

  it('tells equal texts by a digest that nobody makes without the key, nor for another use', () => {
    const digest = sealer.digest('a password', 'here');
    expect(digest).toMatch(/^[\w-]{43}$/);
    expect(sealer.digest('a password', 'here')).toBe(digest);
    expect(sealer.digest('another', 'here')).not.toBe(digest);
    expect(sealer.digest('a password', 'there')).not.toBe(digest);
    const other = createSealer(systemRandom.bytes(32), systemRandom);
    expect(other.digest('a password', 'here')).not.toBe(digest);
  });

  it('keeps its key in a file that only the owner may read, and never replaces it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signpost-seal-'));
    const path = join(folder, 'secret.key');
    expect(readSecretKey(path)).toBeUndefined();
    const key = createSecretKey(path, systemRandom);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readSecretKey(path)).toEqual(Buffer.from(key));
    expect(() => createSecretKey(path, systemRandom)).toThrow();
    expect(readFileSync(path, 'utf8').trim()).toBe(Buffer.from(key).toString('hex'));
    writeFileSync(path, 'half');
    expect(() => readSecretKey(path)).toThrow('no key');
    rmSync(folder, { recursive: true });
  });
});
