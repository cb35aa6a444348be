import { expect, it } from 'vitest';
import { certificateRow, storedCertificate } from '../../../test/kit/certificate-row.ts';
import { box } from '../../../test/zones/input.ts';
import { Name } from '../../dns/wire/name.ts';
import { tlsaKeys } from './facts.ts';
import type { CertificateRow } from '../store.ts';

/** Of a box at box.example.com; keys are called by one letter. */
const row = (names: string[], more: Partial<CertificateRow> = {}) => certificateRow({ names, ...more });
const using = (spkiSha256: string, names: string[]) => ({
  current: storedCertificate({ spkiSha256, names }),
});

const H = 'box.example.com';
const own = row([H], using('a', [H]));
const wildcard = row(['example.com', '*.example.com'], using('w', ['example.com', '*.example.com']));
const other = row(['www.example.net'], using('o', ['www.example.net']));
const next = (publishedAt?: number, names = [H]) => ({ next: { spkiSha256: 'n', names, publishedAt } });

it.each<[string, CertificateRow[], string]>([
  ['nothing', [], ''],
  ['its certificate, expired or not', [own, other], 'a'],
  ['no wildcard while it has none of its own', [row([H]), wildcard], ''],
  ['the wildcard that would stand in for its own', [own, wildcard], 'aw'],
  ['no wildcard of another level', [own, row(['*.box.example.com'], using('w', ['*.box.example.com']))], 'a'],
  ['the next key, once it is announced', [{ ...own, ...next(1) }], 'an'],
  ['no next key that is not', [{ ...own, ...next() }], 'a'],
  ['keys that are still in caches', [{ ...own, retiring: [{ spkiSha256: 'r', until: 1 }] }], 'ar'],
  ["a person's certificate that has the name besides", [row(['www.example.net'], using('p', ['www.example.net', H]))], 'p'],
  ['the same, announced', [own, { ...other, ...next(1, ['www.example.net', H]) }], 'ano'],
])('RFC 6698 §A.1: publishes for the box the key of %s', (_, rows, expected) => {
  // As the store has them: those with any of the names.
  const naming = (names: readonly string[]): CertificateRow[] =>
    rows.filter(({ names: asked, current, next: following }) =>
      [...asked, ...(current?.names ?? []), ...(following?.names ?? [])].some((one) => names.includes(one)),
    );
  const keys = tlsaKeys({ naming }, { ...box, hostname: Name.parse(H) });
  expect(keys.sort().join('')).toBe(expected);
}); // prettier-ignore
