import type { Retention } from '../../zones/model.ts';
import { blob, index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';

/*
 * Names are kept twice: as text for people, and as `key`, the sort key of Name: rows then lie in canonical order (RFC 4034 §6.1)
 * and a subtree is one range.
 */

/** One row: what the box is. */
export const box = sqliteTable('box', {
  id: integer().primaryKey(),
  hostname: text().notNull(),
  ipv4: text({ mode: 'json' }).$type<string[]>().notNull(),
  ipv6: text({ mode: 'json' }).$type<string[]>().notNull(),
  adminEmail: text('admin_email'),
  ttl: integer().notNull(),
  secondaries: text({ mode: 'json' }).$type<string[]>().notNull(),
  caaIssuer: text('caa_issuer'),
  /** Rises with every change that all zones are to take over. */
  generation: integer().notNull().default(0),
  /** null: the defaults. */
  retention: text({ mode: 'json' }).$type<Retention>(),
  /** Hostnames of before that still answer; null: none. */
  formerHostnames: text('former_hostnames', { mode: 'json' }).$type<StoredFormerHostname[]>(),
});

export interface StoredFormerHostname {
  hostname: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Milliseconds since the epoch; missing while parents are waited for. */
  leftAt?: number | undefined;
  /** Seconds. */
  longestTtl: number;
}

export const domains = sqliteTable(
  'domains',
  {
    key: blob({ mode: 'buffer' }).primaryKey(),
    name: text().notNull(),
    dns: text({ enum: ['local', 'external'] }).notNull(),
    mail: integer({ mode: 'boolean' }).notNull(),
    web: integer({ mode: 'boolean' }).notNull(),
    ttl: integer(),
    createdAt: text('created_at').notNull(),
    /** How the parent's delegation was judged when it was last asked. */
    parent: text({
      enum: ['external', 'unknown', 'not-delegated', 'glue-wrong', 'insecure', 'secure', 'bogus'],
    })
      .notNull()
      .default('unknown'),
  },
  (table) => [
    // They are counted for metrics.
    index('domains_dns').on(table.dns),
    // Lists of them by what they are; a list of several kinds merges theirs.
    index('domains_by_name').on(table.parent, table.mail, table.key),
    index('domains_by_time').on(table.parent, table.mail, table.createdAt, table.key),
  ],
);

/** A zone that comes back before it is purged goes on with its keys, its serial and its versions. */
export const zones = sqliteTable(
  'zones',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    key: blob({ mode: 'buffer' }).notNull().unique(),
    name: text().notNull(),
    /** Whether it is served. */
    active: integer({ mode: 'boolean' }).notNull(),
    ttl: integer(),
    denial: text({ enum: ['nsec', 'nsec3'] }).notNull(),
    /** Whether its versions have a digest of them (ZONEMD). */
    digest: integer({ mode: 'boolean' }).notNull().default(false),
    serial: integer(),
    /** Records that are served, without RRSIG, NSEC, NSEC3 and ZONEMD. */
    records: integer().notNull().default(0),
    /** Seconds since the epoch at which signatures must be renewed. */
    resignAt: integer('resign_at'),
    /** Seconds since the epoch before which no signature that is served expires. */
    expiresAt: integer('expires_at'),
    /** The generation of the box that it was last derived for as a whole. */
    generation: integer().notNull().default(0),
    /** RFC 3339; since when it is not served. */
    removedAt: text('removed_at'),
    /** What is kept of it is being deleted: its key is no name's any more. */
    purging: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    // Zones that are not served would only be in the way.
    index('zones_active')
      .on(table.key)
      .where(sql`${table.active} = 1`),
    index('zones_resign')
      .on(table.resignAt)
      .where(sql`${table.active} = 1`),
    index('zones_expires')
      .on(table.expiresAt)
      .where(sql`${table.active} = 1`),
    index('zones_generation')
      .on(table.generation, table.key)
      .where(sql`${table.active} = 1`),
    index('zones_removed')
      .on(table.removedAt)
      .where(sql`${table.removedAt} is not null`),
    index('zones_purging')
      .on(table.id)
      .where(sql`${table.purging} = 1`),
  ],
);

/** The last serials of zones that were purged: one that comes back goes on from there (RFC 1982). */
export const zoneSerials = sqliteTable('zone_serials', {
  key: blob({ mode: 'buffer' }).primaryKey(),
  serial: integer().notNull(),
});

export const zoneKeys = sqliteTable(
  'zone_keys',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    zoneId: integer('zone_id')
      .notNull()
      .references(() => zones.id),
    keyTag: integer('key_tag').notNull(),
    algorithm: integer().notNull(),
    flags: integer().notNull(),
    role: text({ enum: ['CSK', 'KSK', 'ZSK'] }).notNull(),
    state: text().notNull(),
    /** Wire form of the DNSKEY's rdata. */
    dnskey: blob({ mode: 'buffer' }).notNull(),
    /** PKCS#8, sealed with secret.key. */
    privateKey: blob('private_key', { mode: 'buffer' }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('zone_keys_zone').on(table.zoneId)],
);

/** The signed zone as it is served: one row for each owner, in the encoded form of dns/zone/image. */
export const zoneNodes = sqliteTable(
  'zone_nodes',
  {
    zoneId: integer('zone_id')
      .notNull()
      .references(() => zones.id),
    /** 0: a name of the zone, 1: an NSEC3 owner. */
    kind: integer().notNull(),
    key: blob({ mode: 'buffer' }).notNull(),
    node: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.zoneId, table.kind, table.key] })],
);

/** The journal: every published version as its difference to the one before. */
export const zoneVersions = sqliteTable(
  'zone_versions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    zoneId: integer('zone_id')
      .notNull()
      .references(() => zones.id),
    serial: integer().notNull(),
    publishedAt: text('published_at').notNull(),
    cause: text().notNull(),
    actor: text().notNull(),
    added: integer().notNull(),
    removed: integer().notNull(),
    /** The last row of custom_record_changes that this version has in it. */
    changeId: integer('change_id').notNull(),
    /** Records removed and added, without the DNSSEC part; see zones/publisher/journal. */
    diff: blob({ mode: 'buffer' }).notNull(),
    /** RRSIG, NSEC and NSEC3 removed and added; dropped when old. */
    dnssecDiff: blob('dnssec_diff', { mode: 'buffer' }),
  },
  (table) => [
    index('zone_versions_zone').on(table.zoneId, table.id),
    index('zone_versions_serial').on(table.zoneId, table.serial),
  ],
);

/** Keyed by absolute owner, not by zone: zones may split and join above them. */
export const customRecords = sqliteTable(
  'custom_records',
  {
    id: text().primaryKey(),
    ownerKey: blob('owner_key', { mode: 'buffer' }).notNull(),
    owner: text().notNull(),
    type: integer().notNull(),
    ttl: integer(),
    value: text().notNull(),
    /** The host that MX, NS and SRV lead to; empty in rows from before there was one, until the next start fills it. */
    targetKey: blob('target_key', { mode: 'buffer' }).default(sql`x''`),
  },
  (table) => [
    index('custom_records_owner').on(table.ownerKey, table.type),
    index('custom_records_target')
      .on(table.targetKey, table.ownerKey)
      .where(sql`${table.targetKey} is not null`),
  ],
);

/** What happened to the custom records of a zone, so that a rollback can undo it. */
export const customRecordChanges = sqliteTable(
  'custom_record_changes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** The zone whose versions it is kept for. */
    zoneId: integer('zone_id')
      .notNull()
      .references(() => zones.id),
    op: text({ enum: ['add', 'remove'] }).notNull(),
    recordId: text('record_id').notNull(),
    /** Empty in rows from before there was one, until the next start fills it. */
    ownerKey: blob('owner_key', { mode: 'buffer' })
      .notNull()
      .default(sql`x''`),
    owner: text().notNull(),
    type: integer().notNull(),
    ttl: integer(),
    value: text().notNull(),
  },
  (table) => [
    index('custom_record_changes_owner').on(table.ownerKey, table.id),
    index('custom_record_changes_zone').on(table.zoneId, table.id),
  ],
);

/** Facts about the database itself. */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: blob({ mode: 'buffer' }).notNull(),
});
