import { eq, sql } from './drizzle.ts';
import type { FactWrites } from '../work/facts.ts';
import type { Connection } from './database.ts';
import { meta } from './schema/zones.ts';

export function factRepository({ orm }: Connection): FactWrites {
  const factOf = orm
    .select()
    .from(meta)
    .where(eq(meta.key, sql.placeholder('name')))
    .prepare();
  return {
    fact: (name) => factOf.get({ name })?.value,
    putFact(name, value) {
      const set = { value: Buffer.from(value) };
      orm
        .insert(meta)
        .values({ key: name, ...set })
        .onConflictDoUpdate({ target: meta.key, set })
        .run();
    },
  };
}
