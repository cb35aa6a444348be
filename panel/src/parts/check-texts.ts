import type { Check } from '../api/queries.ts';
import type { Texts } from '../texts/en.ts';

/** A check in the person's words; one that the catalogue does not know of speaks for itself, in English. */
export function textsOf(check: Check, t: Texts) {
  const texts = (t.checks.of as Partial<Record<string, Texts['checks']['of']['zones']>>)[check.id];
  return texts ? { ...texts, lang: undefined } : { ...check, lang: 'en' };
}

/** What was found, in the person's words. */
export function foundIn({ code, values, sentence }: Check['findings'][number], t: Texts): string {
  if (code === null) return t.said(sentence);
  return (t.checks.found[code] as (values: Readonly<Record<string, string>>) => string)(values);
}
