import { and, asc, count, eq, gt, gte, lt, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { Domain, ParentState } from '../zones/model.ts';
import type { Reads } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { listDomains } from './domain-list.ts';
import { keyOf, NO_KEY, rangeOf } from './name-keys.ts';
import { box, domains } from './schema/zones.ts';

/** What is kept of the box and of its domains. */
export function domainReads({ orm, sqlite }: Connection) {
  const key = sql.placeholder('key');
  const boxRow = orm.select().from(box).prepare();
  // Not mapped by Drizzle: a change asks for the domains at and above each owner.
  const domainAt = sqlite.prepare<[Buffer], StoredDomain>(
    'SELECT name, dns, mail, web, ttl, created_at AS createdAt FROM domains WHERE key = ?',
  );
  const parentAt = sqlite
    .prepare<[Buffer], ParentState | 'external'>('SELECT parent FROM domains WHERE key = ?')
    .pluck();
  const mailNames = orm
    .select({ name: domains.name })
    .from(domains)
    .where(and(eq(domains.mail, true), gt(domains.key, key)))
    .orderBy(asc(domains.key))
    .limit(sql.placeholder('limit'))
    .prepare();
  const domainsIn = orm
    .select()
    .from(domains)
    .where(and(gte(domains.key, key), lt(domains.key, sql.placeholder('end'))))
    .orderBy(domains.key)
    .prepare();
  return {
    box: () => {
      const row = boxRow.get();
      if (!row) return undefined;
      const { hostname, ipv4, ipv6, adminEmail, ttl, secondaries, caaIssuer, retention } = row;
      const formerHostnames = (row.formerHostnames ?? []).map((former) => ({
        ...former,
        hostname: Name.parse(former.hostname),
        leftAt: former.leftAt,
      }));
      return {
        hostname: Name.parse(hostname),
        ipv4,
        ipv6,
        adminEmail: adminEmail ?? undefined,
        ttl,
        secondaries: secondaries.map((name) => Name.parse(name)),
        caaIssuer: caaIssuer ?? undefined,
        retention: retention ?? undefined,
        ...(formerHostnames.length > 0 ? { formerHostnames } : {}),
      };
    },

    generation: () => boxRow.get()?.generation ?? 0,

    domain: (name) => {
      const row = domainAt.get(keyOf(name));
      return row && ofStored(row);
    },
    domains: ({ after, limit }) => {
      const rows = orm
        .select()
        .from(domains)
        .where(after && gt(domains.key, keyOf(after)));
      return rows.orderBy(asc(domains.key)).limit(limit).all().map(readDomain);
    },
    listDomains: (list) => listDomains(sqlite, list),
    parentState: (name) => {
      const state = parentAt.get(keyOf(name));
      return state === undefined || state === 'external' ? 'unknown' : state;
    },
    domainCounts: () => {
      const rows = orm.select({ dns: domains.dns, count: count() }).from(domains).groupBy(domains.dns).all();
      return { local: 0, external: 0, ...Object.fromEntries(rows.map((row) => [row.dns, row.count])) };
    },
    domainsBelow: (name) => domainsIn.all(rangeOf(name)).map(readDomain),
    mailDomains: ({ after, limit }) =>
      mailNames.all({ key: after ? keyOf(after) : NO_KEY, limit }).map(({ name }) => Name.parse(name)),
  } satisfies Partial<Reads>;
}

type StoredDomain = Pick<Domain, 'dns' | 'createdAt'> & {
  name: string;
  mail: number;
  web: number;
  ttl: number | null;
};

function ofStored({ name, dns, mail, web, ttl, createdAt }: StoredDomain): Domain {
  return { name: Name.parse(name), dns, mail: mail === 1, web: web === 1, ttl: ttl ?? undefined, createdAt };
}

function readDomain({ name, ttl, key: _key, parent: _parent, ...row }: typeof domains.$inferSelect): Domain {
  return { ...row, name: Name.parse(name), ttl: ttl ?? undefined };
}
