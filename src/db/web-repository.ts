import { type WebRule, type WebSiteRow, type WebWrites } from '../mail/web/store.ts';
import type { Connection } from './database.ts';
import { asc, eq, sql } from './drizzle.ts';
import { webSites } from './schema/mail.ts';

export function webRepository({ orm }: Connection): WebWrites {
  const siteOf = orm
    .select()
    .from(webSites)
    .where(eq(webSites.domain, sql.placeholder('domain')))
    .prepare();
  const first = orm
    .select()
    .from(webSites)
    .orderBy(asc(webSites.domain))
    .limit(sql.placeholder('limit'))
    .prepare();
  // Of a thousand and one at most.
  const load = orm
    .select({
      sites: sql<number>`count(*)`,
      octets: sql<number>`coalesce(sum(length(${webSites.rules})), 0)`,
    })
    .from(webSites)
    .orderBy(asc(webSites.domain))
    .limit(1)
    .prepare();
  return {
    siteLoad: () => load.get()!,
    site(domain) {
      const row = siteOf.get({ domain });
      return row && toSite(row);
    },
    sites: (limit) => first.all({ limit }).map((row) => ({ domain: row.domain, ...toSite(row) })),
    putSite(domain, site) {
      orm.delete(webSites).where(eq(webSites.domain, domain)).run();
      if (!site) return;
      const { hsts, rules } = site;
      orm
        .insert(webSites)
        .values({
          domain,
          hstsSeconds: hsts?.seconds ?? null,
          hstsSubdomains: hsts?.subdomains ?? false,
          rules: rules.map((rule): WebRule => ({ ...rule })),
        })
        .run();
    },
  };
}

function toSite({ hstsSeconds, hstsSubdomains, rules }: typeof webSites.$inferSelect): WebSiteRow {
  const hsts = hstsSeconds === null ? undefined : { seconds: hstsSeconds, subdomains: hstsSubdomains };
  return { hsts, rules };
}
