/**
 * Sentences of the box in other words. The box says in English what it finds, for every client alike; a language has a table from its sentences, with
 * numbered places for what changes (`There is no domain {0}.`), to the same in that language. A place of ours may have a mark: `{0*}` is a
 * single word of the box, put into other words too, and `{0-}` is left out. Whatever is in no table is the word of somebody else, and stays as it is.
 */
export interface SaidTable {
  /** Whole sentences, and halves that stand inside of others. */
  sentences: Readonly<Record<string, string>>;
  /** Single words, for the places that are marked so. */
  words: Readonly<Record<string, string>>;
  /** What stands between the last two of a list. */
  and: string;
}

interface Pattern {
  pattern: RegExp;
  /** The number of the place that each group is. */
  places: number[];
  said: string;
}

const PLACE = /\{(\d+)\}/;

/** `There is no domain {0}.` as an expression with a group for each place. */
function patternOf([template, said]: [string, string]): Pattern {
  const pieces = template.split(PLACE);
  const source = pieces.map((piece, index) => (index % 2 === 1 ? '(.*?)' : literally(piece))).join('');
  const places = pieces.filter((_, index) => index % 2 === 1).map(Number);
  return { pattern: new RegExp(`^${source}$`, 's'), places, said };
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Characters of a sentence that is looked for: what is longer has somebody else's words in it, and would take long to be compared. */
const LONGEST = 2000;
/** Sentences that are remembered: a list says the same again and again. */
const MANY = 2000;

/** How much of a template is its own: of several that fit, the one with most of it is meant. */
const weightOf = ([template]: [string, string]): number => template.replaceAll(/\{\d+\}/g, '').length;

/** Says sentences of the box by the words of a table. */
export function createSayAgain(table: SaidTable): (sentence: string) => string {
  const entries = Object.entries(table.sentences);
  const fixed = new Map(entries.filter(([template]) => !PLACE.test(template)));
  let patterns: Pattern[] | undefined;
  const known = new Map<string, string | undefined>();

  function find(sentence: string): string | undefined {
    const exact = fixed.get(sentence);
    if (exact !== undefined) return exact;
    patterns ??= entries
      .filter(([template]) => PLACE.test(template))
      .sort((a, b) => weightOf(b) - weightOf(a))
      .map(patternOf);
    for (const { pattern, places, said } of patterns) {
      const found = pattern.exec(sentence);
      if (found) return filled(said, new Map(places.map((place, index) => [place, found[index + 1]!])));
    }
    return undefined;
  }

  function filled(said: string, values: ReadonlyMap<number, string>): string {
    return said.replaceAll(/\{(\d+)([*-]?)\}/g, (_, place: string, mark: string) => {
      const value = values.get(Number(place)) ?? '';
      if (mark === '-') return '';
      return (mark === '*' ? table.words[value] : undefined) ?? inner(value);
    });
  }

  /** What stands in a sentence may be one of ours itself, or a list; a name, a number or a path is neither. */
  function inner(value: string): string {
    if (!value.trim().includes(' ')) return value;
    const said = again(value);
    if (said !== undefined) return said;
    if (value.startsWith(': ')) return `: ${inner(value.slice(2))}`;
    const [, head, tail] = /^(.+)( \([^()]*\))$/s.exec(value) ?? [];
    const saidTail = tail === undefined ? undefined : again(tail);
    if (saidTail !== undefined) return inner(head!) + saidTail;
    return value.replace(/ and (\S+(?: \([^)]*\))?)$/, ` ${table.and} $1`);
  }

  /** Whole, or in one of the forms in which sentences are put together. */
  function again(sentence: string): string | undefined {
    if (known.size > MANY) known.clear();
    if (known.has(sentence)) return known.get(sentence);
    const said =
      find(sentence) ?? withStop(sentence) ?? capital(sentence) ?? ofField(sentence) ?? joined(sentence);
    known.set(sentence, said);
    return said;
  }

  /** A half that became a sentence by its stop. */
  function withStop(sentence: string): string | undefined {
    const half = sentence.endsWith('.') ? again(sentence.slice(0, -1)) : undefined;
    return half === undefined ? undefined : `${half}.`;
  }

  /** And by its first letter. */
  function capital(sentence: string): string | undefined {
    const lower = sentence.charAt(0).toLowerCase() + sentence.slice(1);
    const half = lower === sentence ? undefined : again(lower);
    return half === undefined ? undefined : half.charAt(0).toUpperCase() + half.slice(1);
  }

  /** `records[3].value: …`, and how many there are besides. */
  function ofField(sentence: string): string | undefined {
    const [, field, rest, count] =
      /^([\w.[\]/-]+: )(.+?)(?: \(and (?:at least )?(\d+) more\))?$/s.exec(sentence) ?? [];
    const said = rest === undefined ? undefined : again(rest);
    return said === undefined ? undefined : `${field!}${said}${count === undefined ? '' : ` (+ ${count})`}`;
  }

  /** Several halves. */
  function joined(sentence: string): string | undefined {
    const parts = sentence.split('; ');
    if (parts.length === 1) return undefined;
    const halves = parts.map(again);
    return halves.includes(undefined) ? undefined : halves.join('; ');
  }

  return (sentence) => (sentence.length > LONGEST ? sentence : (again(sentence) ?? sentence));
}
