import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Texts of tests, and the goldens and rules whose RFCs stand in the titles of theirs. */
const places = [
  'src/**/*.test.ts',
  'test/**/*.ts',
  'panel/**/*.test.ts',
  'test/goldens/derive/*.zone',
  'src/zones/derive/*.ts',
];

/** An introduction to others, without a rule of its own. */
const WITHOUT_RULES = new Set(['4033']);

test('each RFC of the README is quoted where it is tested', () => {
  const [, section] = /^## RFCs\n(.*?)^## /ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
  const listed = [...new Set(section!.match(/\b\d{4}\b/g))];
  expect(listed.length).toBeGreaterThan(90);
  const texts = places
    .flatMap((place) => globSync(place, { cwd: root }))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  // `RFC 4034`, `rfc4034Key`, `4034 §5.4`
  const quoted = (rfc: string): boolean => new RegExp(`rfc ?${rfc}|\\b${rfc} §`, 'i').test(texts);
  expect(listed.filter((rfc) => !quoted(rfc) && !WITHOUT_RULES.has(rfc))).toEqual([]);
});
