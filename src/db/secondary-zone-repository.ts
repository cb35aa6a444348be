import { Name } from '../dns/wire/name.ts';
import type { Primary, SecondaryZone, SecondaryZoneWrites } from '../zones/secondary-zones/store.ts';
import type { Connection } from './database.ts';
import { asc, eq, gt } from './drizzle.ts';
import { secondaryZoneContents, secondaryZones, type StoredPrimary } from './schema/secondaries.ts';

export function secondaryZoneRepository({ orm, sqlite }: Connection): SecondaryZoneWrites {
  // All primaries are looked at: of 10,000 zones some milliseconds, when somebody changes who they are.
  const addresses = sqlite
    .prepare<[], string>(`SELECT DISTINCT value ->> 'address' FROM secondary_zones, json_each(primaries)`)
    .pluck();
  const signed = sqlite
    .prepare<[string], string>(
      `SELECT name FROM secondary_zones, json_each(primaries) WHERE value ->> 'tsigKey' = ? LIMIT 1`,
    )
    .pluck();
  return {
    primaryAddresses: () => addresses.all(),
    signedWith(key) {
      const name = signed.get(textOf(key));
      return name === undefined ? undefined : Name.parse(name);
    },
    zone(name) {
      const row = orm
        .select()
        .from(secondaryZones)
        .where(eq(secondaryZones.name, textOf(name)))
        .get();
      return row && toZone(row);
    },
    zones: ({ after, limit }) =>
      orm
        .select()
        .from(secondaryZones)
        .where(after && gt(secondaryZones.name, textOf(after)))
        .orderBy(asc(secondaryZones.name))
        .limit(limit)
        .all()
        .map(toZone),
    content: (name) =>
      orm
        .select()
        .from(secondaryZoneContents)
        .where(eq(secondaryZoneContents.name, textOf(name)))
        .get()?.content,
    putZone({ name, primaries, version, createdAt }) {
      const row = {
        name: textOf(name),
        primaries: primaries.map(storedPrimary),
        soa: version ? Buffer.from(version.soa) : null,
        records: version?.records ?? null,
        transferredAt: version?.transferredAt ?? null,
        checkedAt: version?.checkedAt ?? null,
        primary: version?.primary ?? null,
        createdAt,
      };
      orm
        .insert(secondaryZones)
        .values(row)
        .onConflictDoUpdate({ target: secondaryZones.name, set: row })
        .run();
    },
    putContent(name, octets) {
      const row = { name: textOf(name), content: Buffer.from(octets) };
      orm
        .insert(secondaryZoneContents)
        .values(row)
        .onConflictDoUpdate({ target: secondaryZoneContents.name, set: row })
        .run();
    },
    deleteZone(name) {
      const text = textOf(name);
      orm.delete(secondaryZoneContents).where(eq(secondaryZoneContents.name, text)).run();
      orm.delete(secondaryZones).where(eq(secondaryZones.name, text)).run();
    },
  };
}

function textOf(name: Name): string {
  return name.canonical().toText();
}

function storedPrimary({ address, port, tsigKey, tls }: Primary): StoredPrimary {
  return {
    address,
    ...(port !== undefined && { port }),
    ...(tsigKey && { tsigKey: textOf(tsigKey) }),
    ...(tls && { tls }),
  };
}

function toZone(row: typeof secondaryZones.$inferSelect): SecondaryZone {
  const { name, soa, records, transferredAt, checkedAt, primary, createdAt } = row;
  const primaries = row.primaries.map(({ tsigKey, ...rest }) => ({
    ...rest,
    tsigKey: tsigKey === undefined ? undefined : Name.parse(tsigKey),
  }));
  const version = soa && {
    soa: new Uint8Array(soa),
    records: records!,
    transferredAt: transferredAt!,
    checkedAt: checkedAt!,
    primary: primary!,
  };
  return { name: Name.parse(name), primaries, version: version ?? undefined, createdAt };
}
