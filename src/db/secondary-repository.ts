import { asc, eq } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { Secondary, SecondaryWrites, TsigKeyRow } from '../zones/secondaries/store.ts';
import type { Connection } from './database.ts';
import { secondaries, tsigKeys } from './schema/secondaries.ts';

export function secondaryRepository({ orm }: Connection): SecondaryWrites {
  return {
    keys: () => orm.select().from(tsigKeys).orderBy(asc(tsigKeys.name)).all().map(toKey),
    key(name) {
      const row = orm
        .select()
        .from(tsigKeys)
        .where(eq(tsigKeys.name, textOf(name)))
        .get();
      return row && toKey(row);
    },
    secondaries: () => orm.select().from(secondaries).orderBy(asc(secondaries.name)).all().map(toSecondary),
    secondary(name) {
      const row = orm
        .select()
        .from(secondaries)
        .where(eq(secondaries.name, textOf(name)))
        .get();
      return row && toSecondary(row);
    },
    insertKey: (key) =>
      void orm
        .insert(tsigKeys)
        .values({
          ...key,
          name: textOf(key.name),
          sealedSecret: Buffer.from(key.sealedSecret),
          transfer: key.transfer === 'all' ? 'all' : key.transfer.map(textOf),
          update: key.update.map(({ zone, owners, types }) => ({
            zone: textOf(zone),
            ...(owners && { owners: owners.map(textOf) }),
            ...(types && { types: [...types] }),
          })),
        })
        .run(),
    deleteKey: (name) =>
      void orm
        .delete(tsigKeys)
        .where(eq(tsigKeys.name, textOf(name)))
        .run(),
    putSecondary(secondary) {
      const { name, addresses, tsigKey } = secondary;
      const row = {
        ...secondary,
        name: textOf(name),
        addresses: [...addresses],
        tsigKey: tsigKey ? textOf(tsigKey) : null,
      };
      orm.insert(secondaries).values(row).onConflictDoUpdate({ target: secondaries.name, set: row }).run();
    },
    deleteSecondary: (name) =>
      void orm
        .delete(secondaries)
        .where(eq(secondaries.name, textOf(name)))
        .run(),
  };
}

function textOf(name: Name): string {
  return name.canonical().toText();
}

function toKey({ name, transfer, update, ...row }: typeof tsigKeys.$inferSelect): TsigKeyRow {
  const zones = transfer === 'all' ? transfer : transfer.map((zone) => Name.parse(zone));
  const grants = update.map(({ zone, owners, types }) => ({
    zone: Name.parse(zone),
    owners: owners?.map((owner) => Name.parse(owner)),
    types,
  }));
  return { ...row, name: Name.parse(name), transfer: zones, update: grants };
}

function toSecondary({ name, tsigKey, ...row }: typeof secondaries.$inferSelect): Secondary {
  return { ...row, name: Name.parse(name), tsigKey: tsigKey === null ? undefined : Name.parse(tsigKey) };
}
