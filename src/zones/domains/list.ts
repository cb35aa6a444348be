import type { Name } from '../../dns/wire/name.ts';
import { nameCursor, strangeCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Domain } from '../model.ts';
import type { DomainFilter, DomainOrder, ListedDomain, Reads } from '../store.ts';

/** What a list of domains is asked for. */
export interface DomainListRequest extends DomainFilter {
  /** By name when left out. */
  order?: DomainOrder | undefined;
  /** None but these: it costs what they are, however many others there are. */
  among?: readonly Name[] | undefined;
}

type Place = Pick<Domain, 'name' | 'createdAt'>;

const byName: DomainOrder = { by: 'name', descending: false };

/** A page of the domains. @throws AppError invalid-request for a cursor of no such list */
export function pageOfDomains(
  reads: Pick<Reads, 'domain' | 'listDomains' | 'parentState'>,
  { limit, cursor }: PageRequest,
  { order = byName, among, ...filter }: DomainListRequest,
): Page<ListedDomain> {
  const after = cursor === undefined ? undefined : readCursor(cursor, order);
  const found = among
    ? among
        .flatMap((name) => reads.domain(name) ?? [])
        .map((domain) => listed(reads, domain))
        .filter((domain) => fits(domain, filter) && (!after || compare(order, domain, after) > 0))
        .sort((a, b) => compare(order, a, b))
    : reads.listDomains({ filter, order, after, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? cursorOf(items.at(-1)!, order) : undefined };
}

/** A domain as lists have it. */
export function listed(reads: Pick<Reads, 'parentState'>, domain: Domain): ListedDomain {
  return { ...domain, parent: domain.dns === 'local' ? reads.parentState(domain.name) : undefined };
}

function fits(domain: ListedDomain, { search = '', dns, mail, parent }: DomainFilter): boolean {
  return (
    domain.name.canonical().toText().includes(search.toLowerCase()) &&
    (dns === undefined || domain.dns === dns) &&
    (mail === undefined || domain.mail === mail) &&
    (parent === undefined || parent.some((one) => one === domain.parent))
  );
}

function compare({ by, descending }: DomainOrder, a: Place, b: Place): number {
  const time = a.createdAt < b.createdAt ? -1 : Number(a.createdAt > b.createdAt);
  const order = (by === 'createdAt' && time) || a.name.compare(b.name);
  return descending ? -order : order;
}

function cursorOf({ name, createdAt }: Place, { by }: DomainOrder): string {
  return by === 'name' ? name.toText() : `${createdAt} ${name.toText()}`;
}

function readCursor(cursor: string, { by }: DomainOrder): Place {
  if (by === 'name') return { name: nameCursor(cursor), createdAt: '' };
  const [, createdAt, name] = /^(\S+) (\S+)$/.exec(cursor) ?? [];
  if (createdAt === undefined || name === undefined) throw strangeCursor();
  return { name: nameCursor(name), createdAt };
}
