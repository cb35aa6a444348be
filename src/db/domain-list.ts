import { Name } from '../dns/wire/name.ts';
import type { ParentState } from '../zones/model.ts';
import type { DomainFilter, DomainList, DomainOrder, ListedDomain } from '../zones/store.ts';
import type { Connection } from './database.ts';

/*
 * Domains of several kinds (what the parent said, with mail or without) lie in as many ranges of an index, each in the order of the list. SQLite
 * merges them as they are read, so that a page costs what is on it, however many other domains there are.
 */

type Parent = ParentState | 'external';

const parents: readonly Parent[] = [
  'external',
  'unknown',
  'not-delegated',
  'glue-wrong',
  'insecure',
  'secure',
  'bogus',
];

interface Row {
  key: Buffer;
  name: string;
  dns: ListedDomain['dns'];
  mail: number;
  web: number;
  ttl: number | null;
  createdAt: string;
  parent: Parent;
}

/** What a list of domains asks for. */
export function listDomains(sqlite: Connection['sqlite'], list: DomainList): ListedDomain[] {
  const { filter, order, after, limit } = list;
  const statement = sqlite.prepare<[Record<string, unknown>], Row>(statementOf(list));
  const rows = statement.all({
    limit,
    ...(filter.search && { text: `%${filter.search.replaceAll(/[%_]/g, '')}%` }),
    ...(after && { key: Buffer.from(after.name.sortKey) }),
    ...(after && order.by === 'createdAt' && { createdAt: after.createdAt }),
  });
  return rows.map(({ key: _key, name, mail, web, ttl, parent, ...row }) => ({
    ...row,
    name: Name.parse(name),
    mail: mail === 1,
    web: web === 1,
    ttl: ttl ?? undefined,
    parent: parent === 'external' ? undefined : parent,
  }));
}

/** The statement for a list; words of the request are in it as parameters alone. */
function statementOf({ filter, order, after }: DomainList): string {
  const direction = order.descending ? 'DESC' : 'ASC';
  const terms = order.by === 'name' ? 'key' : `createdAt ${direction}, key`;
  const also = [...(after ? [behind(order)] : []), ...(filter.search ? ['name LIKE @text'] : [])];
  const arms = kindsOf(filter, order).map(({ from, where }) => {
    const conditions = [...where, ...also];
    const what = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    return `SELECT key, name, dns, mail, web, ttl, created_at AS createdAt, parent FROM ${from}${what}`;
  });
  return `${arms.join(' UNION ALL ')} ORDER BY ${terms} ${direction} LIMIT @limit`;
}

function behind({ by, descending }: DomainOrder): string {
  const sign = descending ? '<' : '>';
  return by === 'name' ? `key ${sign} @key` : `(created_at, key) ${sign} (@createdAt, @key)`;
}

interface Kind {
  from: string;
  where: string[];
}

/** The ranges that hold what is wanted. */
function kindsOf(filter: DomainFilter, { by }: DomainOrder): Kind[] {
  const { dns, mail, parent } = filter;
  if (by === 'name' && dns === undefined && mail === undefined && parent === undefined)
    return [{ from: 'domains', where: [] }];
  const from = `domains INDEXED BY ${by === 'name' ? 'domains_by_name' : 'domains_by_time'}`;
  const isWanted = (one: Parent): boolean =>
    (dns === undefined || (one === 'external') === (dns === 'external')) &&
    (parent === undefined || parent.some((wanted) => wanted === one));
  const uses = mail === undefined ? [0, 1] : [Number(mail)];
  const wanted = parents.filter(isWanted);
  const kinds = wanted.flatMap((one) =>
    uses.map((use) => ({ from, where: [`parent = '${one}'`, `mail = ${use}`] })),
  );
  // Nothing is of no kind.
  return kinds.length > 0 ? kinds : [{ from: 'domains', where: ['key IS NULL'] }];
}
