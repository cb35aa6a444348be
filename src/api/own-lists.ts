import type { Name } from '../dns/wire/name.ts';
import type { Page, PageRequest } from '../work/page.ts';

/*
 * Lists as a domain administrator sees them: what is asked for is asked for by the name of each of their domains, so that it costs the same
 * however many others there are.
 */

/** What there is at each of the names, in the order of the alphabet; the cursor is a name. */
export function pageOfNames<T>(
  names: readonly Name[],
  { limit, cursor }: PageRequest,
  get: (name: Name) => T | undefined,
): Page<T> {
  const items: T[] = [];
  let last: string | undefined;
  for (const name of sorted(names)) {
    const text = textOf(name);
    if (cursor !== undefined && text <= cursor) continue;
    const item = get(name);
    if (item === undefined) continue;
    if (items.length === limit) return { items, next: last };
    items.push(item);
    last = text;
  }
  return { items, next: undefined };
}

/** The same of a list of addresses, which is ordered by domain and whose cursors are addresses. */
export function pageOfDomains<T extends { address: string }>(
  domains: readonly Name[],
  { limit, cursor }: PageRequest,
  list: (page: PageRequest, domain: Name) => Page<T>,
): Page<T> {
  const from = cursor?.slice(cursor.lastIndexOf('@') + 1);
  const items: T[] = [];
  for (const domain of sorted(domains)) {
    const text = textOf(domain);
    if (from !== undefined && text < from) continue;
    // A page has one item at least, so the next one can begin after it.
    if (items.length === limit) return { items, next: items.at(-1)!.address };
    const page = list({ limit: limit - items.length, cursor: text === from ? cursor : undefined }, domain);
    items.push(...page.items);
    if (page.next !== undefined) return { items, next: page.next };
  }
  return { items, next: undefined };
}

const textOf = (name: Name): string => name.canonical().toText();

const sorted = (names: readonly Name[]): Name[] => names.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
