import { expect, test } from 'vitest';
import { de } from '../../panel/src/texts/de.ts';
import { en } from '../../panel/src/texts/en.ts';
import { boxChecks, type CheckSources } from '../../src/checks/box-checks.ts';
import { foundCodes, sentences } from '../../src/checks/sentences.ts';

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

test('every check of the box has texts in the catalogues, and the English ones are those of the box', () => {
  const nothing = {} as CheckSources;
  for (const { id, title, why, mend } of boxChecks(nothing, () => 0))
    expect((en.checks.of as Record<string, object>)[id], id).toEqual({ title, why, mend });
});

test('whatever a check finds by itself has texts in the catalogues, with all values in them', () => {
  type Sentences = Record<string, (values: Record<string, string>) => string>;
  const values = Object.fromEntries(
    [
      ...['address', 'again', 'count', 'domain', 'hook', 'hostname', 'hosts', 'line', 'name', 'names'],
      ...['reason', 'secondary', 'server', 'since', 'worker'],
    ].map((name) => [name, `<${name}>`]),
  );
  const valuesIn = (sentence: string): string[] => (sentence.match(/<\w+>/g) ?? []).sort();
  expect(Object.keys(en.checks.found)).toEqual(foundCodes);
  for (const code of foundCodes) {
    const sentence = (sentences as unknown as Sentences)[code]!(values);
    expect(sentence).not.toContain('undefined');
    expect((en.checks.found as unknown as Sentences)[code]!(values)).toBe(sentence);
    expect(valuesIn((de.checks.found as unknown as Sentences)[code]!(values)), code).toEqual(
      valuesIn(sentence),
    );
  }
});
