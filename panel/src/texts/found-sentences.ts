import { en, type Texts } from './en.ts';

type Sentence = (values: Readonly<Record<string, string>>) => string;

/** What checks find by themselves as sentences with numbered places: others show them without their code. */
export function foundSentences(t: Texts): Record<string, string> {
  const others = t.checks.found as unknown as Record<string, Sentence>;
  return Object.fromEntries(
    Object.entries(en.checks.found as unknown as Record<string, Sentence>).map(([code, sentence]) => {
      const places = numbered();
      return [sentence(places), others[code]!(places)];
    }),
  );
}

/** Has a numbered place for each value, whatever its name. */
function numbered(): Readonly<Record<string, string>> {
  const names: string[] = [];
  return new Proxy(
    {},
    {
      get(_, name: string) {
        if (!names.includes(name)) names.push(name);
        return `{${names.indexOf(name)}}`;
      },
    },
  );
}
