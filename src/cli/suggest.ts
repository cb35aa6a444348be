import type { Call } from './client.ts';
import { alternatives, didYouMean } from './values.ts';

type Get = (path: string) => Promise<unknown>;

/** Names that are looked through for one that may have been meant: on a box with more of them the list is another command's. */
const PAGES = 10;
const PAGE = 500;
/** So few names are told in full. */
const FEW = 5;

/** Where it is seen what there is. */
const lists: [what: RegExp, sentence: string][] = [
  [/^There is no certificate /, ' signpost cert list shows those there are.'],
  [/^There is no token /, ' signpost token list shows those there are.'],
  [/^The zone (\S+) has no version /, ' signpost zone show $1 --all lists those there are.'],
];

/** What to say after that there is nothing of the name in the call. */
export async function suggestion({ path }: Call, detail: string, get: Get): Promise<string> {
  for (const [what, sentence] of lists) {
    const found = what.exec(detail);
    if (found) return sentence.replace('$1', found[1] ?? '');
  }
  const [, list, typed] = /^\/(zones|domains)\/([^/?]+)/.exec(path) ?? [];
  const none = /^There is no (zone|domain) |is no domain of this box/.test(detail);
  if (list === undefined || typed === undefined || !none) return '';
  const name = decodeURIComponent(typed).toLowerCase().replace(/\.$/, '');
  try {
    return (
      (list === 'zones' && (await elsewhere(name, get))) ||
      (await near(name, list as 'zones' | 'domains', get))
    );
  } catch {
    // It is told that there is none, and that is enough.
    return '';
  }
}

/** A domain whose DNS is not ours has no zone. */
async function elsewhere(name: string, get: Get): Promise<string | undefined> {
  const domain = (await get(`/domains/${encodeURIComponent(name)}`).catch(() => undefined)) as
    { dns: string } | undefined;
  return domain?.dns === 'external'
    ? ` It is a domain whose DNS is elsewhere (signpost domain show ${name}); the box serves its zone after signpost domain set ${name} --dns local.`
    : undefined;
}

async function near(name: string, list: 'zones' | 'domains', get: Get): Promise<string> {
  const { names, all } = await namesOf(list, get);
  const holder = names
    .filter((candidate) => name.endsWith(`.${candidate}`))
    .sort((a, b) => b.length - a.length)[0];
  const word = list.slice(0, -1);
  if (holder !== undefined) return ` ${name} is a name in the ${word} ${holder}.`;
  const meant = didYouMean(name, names);
  if (meant !== '') return meant;
  if (all && names.length === 0) return ` There is no ${word} at all yet: signpost domain add ${name}`;
  if (all && names.length <= FEW)
    return ` There ${names.length === 1 ? 'is' : 'are'} ${alternatives(names).replace(' or ', ' and ')}.`;
  return ` signpost ${word} list names those there are.`;
}

async function namesOf(list: string, get: Get): Promise<{ names: string[]; all: boolean }> {
  const names: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = (await get(`/${list}?limit=${PAGE}${from}`)) as {
      items: { name: string }[];
      next: string | null;
    };
    names.push(...answer.items.map((item) => item.name));
    cursor = answer.next;
    if (cursor === null) return { names, all: true };
  }
  return { names, all: false };
}
