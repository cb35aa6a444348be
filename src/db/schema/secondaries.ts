import { blob, index, integer, sql, sqliteTable, text } from '../drizzle.ts';

/** Secrets that secondaries sign with (RFC 8945). */
export const tsigKeys = sqliteTable('tsig_keys', {
  /** Lower case, without final dot. */
  name: text().primaryKey(),
  algorithm: text({ enum: ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] }).notNull(),
  /** Sealed with secret.key. */
  sealedSecret: blob('sealed_secret', { mode: 'buffer' }).notNull(),
  /** The zones that may be transferred with it, or all. */
  transfer: text({ mode: 'json' }).$type<'all' | string[]>().notNull(),
  /** What may be changed with it. */
  update: text({ mode: 'json' })
    .$type<StoredUpdateGrant[]>()
    .notNull()
    .default(sql`'[]'`),
  createdAt: text('created_at').notNull(),
});

export interface StoredUpdateGrant {
  zone: string;
  /** Patterns; missing: every name. */
  owners?: string[];
  /** Missing: every type. */
  types?: number[];
}

/** Nameservers of others that take our zones. */
export const secondaries = sqliteTable('secondaries', {
  /** Lower case, without final dot. */
  name: text().primaryKey(),
  /** None: those that the name resolves to. */
  addresses: text({ mode: 'json' }).$type<string[]>().notNull(),
  port: integer().notNull(),
  tsigKey: text('tsig_key').references(() => tsigKeys.name),
  /** Whether zones are to have an NS record for it. */
  publish: integer({ mode: 'boolean' }).notNull(),
  /** Whether it takes the catalog zone. */
  catalog: integer({ mode: 'boolean' }).notNull().default(false),
  createdAt: text('created_at').notNull(),
});

/** Zones that came to the catalog and went, the newest of them: what secondaries are told in place of the whole catalog. */
export const catalogChanges = sqliteTable(
  'catalog_changes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Of the version of the catalog in which it did. */
    serial: integer().notNull(),
    op: text({ enum: ['add', 'remove'] }).notNull(),
    /** Not a reference: the zone may be purged. */
    zoneId: integer('zone_id').notNull(),
    name: text().notNull(),
  },
  (table) => [index('catalog_changes_serial').on(table.serial)],
);

/** Zones of others that the box serves as a secondary. */
export const secondaryZones = sqliteTable('secondary_zones', {
  /** Lower case, without final dot. */
  name: text().primaryKey(),
  primaries: text({ mode: 'json' }).$type<StoredPrimary[]>().notNull(),
  /** Of the version that is here, the rdata of its SOA; null: nothing came yet, and so are the others. */
  soa: blob({ mode: 'buffer' }),
  records: integer(),
  /** Milliseconds since the epoch. */
  transferredAt: integer('transferred_at'),
  checkedAt: integer('checked_at'),
  primary: text(),
  createdAt: text('created_at').notNull(),
});

export interface StoredPrimary {
  address: string;
  port?: number;
  /** A row of `tsig_keys`, which stays while it is named here. */
  tsigKey?: string;
  tls?: { name?: string | undefined; pin?: string | undefined; ca?: string | undefined };
}

/** The records of those zones, apart: a list of zones reads none of them. */
export const secondaryZoneContents = sqliteTable('secondary_zone_contents', {
  name: text()
    .primaryKey()
    .references(() => secondaryZones.name),
  content: blob({ mode: 'buffer' }).notNull(),
});
