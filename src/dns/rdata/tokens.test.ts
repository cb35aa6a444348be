import { expect, test } from 'vitest';
import { rdataFromText, typeCode } from './registry.ts';

test.each(['AAA', 'AAA=', 'AA', 'AA==', 'A A A ='])('%s is base64', (text) => {
  expect(rdataFromText(typeCode('OPENPGPKEY')!, text)).toHaveLength(
    text.startsWith('AAA') || text.includes(' ') ? 2 : 1,
  );
});

test.each([
  ['in the middle', `${'='.repeat(200_000)}x`],
  ['at the end', `AAAA${'='.repeat(200_000)}`],
])('padding %s is refused in linear time', (_, text) => {
  expect(() => rdataFromText(typeCode('OPENPGPKEY')!, text)).toThrow('must be base64');
});
