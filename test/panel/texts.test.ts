import { expect, test } from 'vitest';
import { de } from '../../panel/src/texts/de.ts';
import { en } from '../../panel/src/texts/en.ts';

/** The path of each text, with how many arguments it takes. */
function keysOf(texts: object, above = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    const path = `${above}${key}`;
    if (typeof value === 'function') return [`${path}(${value.length})`];
    return typeof value === 'string' ? [path] : keysOf(value as object, `${path}.`);
  });
}

function textsOf(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : typeof value === 'object' ? textsOf(value!) : [],
  );
}

test('every language has every text, and no other', () => {
  const keys = keysOf(en);
  expect(keys.length).toBeGreaterThan(250);
  expect(keysOf(de)).toEqual(keys);
});

test('texts have the quotation marks and apostrophes of their language', () => {
  expect(textsOf(en).filter((text) => /['"]/.test(text))).toEqual([]);
  expect(textsOf(de).filter((text) => /['"]/.test(text))).toEqual([]);
});
