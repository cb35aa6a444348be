import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Issued, openssl } from '../../../test/kit/openssl.ts';
import { systemClock } from '../../core/clock.ts';
import { checkChain } from './check-chain.ts';
import { type CertificateKey, createKey } from './key.ts';
import { parseChain } from './parse-chain.ts';
import { pem, pemBlocks } from './pem.ts';

const tool = openssl();
afterAll(() => tool.remove());

let chain: Uint8Array[];
let key: CertificateKey;
beforeAll(async () => {
  const root = tool.issue({ subject: 'Root', ca: true });
  const names = ['example.com'];
  const leaf: Issued = tool.issue({ subject: 'example.com', names, issuer: root });
  chain = pemBlocks(leaf.certificate + root.certificate).map(({ der }) => der!);
  key = await createKey('ecdsa-p256');
});

function readAndCheck(text: string): string[] {
  const result = parseChain(text);
  if (!result.ok) return result.problems;
  return checkChain({ chain: result.parsed, key, now: systemClock.now(), names: ['example.com'] });
}

it('says something about every damaged chain, and never throws', () => {
  const damage = fc.array(fc.tuple(fc.nat(1), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(damage, (changes) => {
      const damaged = chain.map((der) => Buffer.from(der));
      for (const [which, at, value] of changes) damaged[which]![at % damaged[which]!.length] = value;
      // The key is of neither: there always is a problem.
      expect(readAndCheck(damaged.map((der) => pem('CERTIFICATE', der)).join(''))).not.toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

it('says something about any text', () => {
  const label = fc.constantFrom('CERTIFICATE', 'PRIVATE KEY', 'CERTIFICATE REQUEST', 'X');
  const blocks = fc.array(fc.tuple(label, fc.uint8Array({ maxLength: 80 })));
  const text = fc.oneof(
    fc.string(),
    blocks.map((list) => list.map(([name, octets]) => pem(name, octets)).join('')),
  );
  fc.assert(
    fc.property(text, (one) => {
      expect(readAndCheck(one)).not.toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
