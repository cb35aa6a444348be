import { and, asc, desc, eq, gt, lt, lte, sql } from './drizzle.ts';
import type { Reads, RecordChange, VersionDiff } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { inSubtree } from './name-keys.ts';
import { readRecord } from './record-reads.ts';
import { customRecordChanges, zoneVersions } from './schema/zones.ts';

const versionColumns = {
  id: zoneVersions.id,
  serial: zoneVersions.serial,
  publishedAt: zoneVersions.publishedAt,
  cause: zoneVersions.cause,
  actor: zoneVersions.actor,
  added: zoneVersions.added,
  removed: zoneVersions.removed,
  changeId: zoneVersions.changeId,
};

/** What is kept of the versions of zones, and of changes of records. */
export function historyReads({ orm, sqlite }: Connection) {
  const oldest = orm
    .select(versionColumns)
    .from(zoneVersions)
    .where(eq(zoneVersions.zoneId, sql.placeholder('zone')))
    .orderBy(asc(zoneVersions.id))
    .limit(1)
    .prepare();
  const lastChange = sqlite.prepare<[], number | null>('SELECT max(id) FROM custom_record_changes').pluck();
  return {
    versions: (zoneId, { before, limit }) =>
      orm
        .select(versionColumns)
        .from(zoneVersions)
        .where(
          and(
            eq(zoneVersions.zoneId, zoneId),
            before === undefined ? undefined : lt(zoneVersions.id, before),
          ),
        )
        .orderBy(desc(zoneVersions.id))
        .limit(limit)
        .all(),
    version: (zoneId, serial) =>
      orm
        .select(versionColumns)
        .from(zoneVersions)
        .where(and(eq(zoneVersions.zoneId, zoneId), eq(zoneVersions.serial, serial)))
        .get(),
    diffs: (zoneId, fromId, toId): VersionDiff[] =>
      orm
        .select({ serial: zoneVersions.serial, diff: zoneVersions.diff, dnssec: zoneVersions.dnssecDiff })
        .from(zoneVersions)
        .where(and(eq(zoneVersions.zoneId, zoneId), gt(zoneVersions.id, fromId), lte(zoneVersions.id, toId)))
        .orderBy(zoneVersions.id)
        .all()
        .map(({ dnssec, ...row }) => ({ ...row, dnssec: dnssec ?? undefined })),
    recordChangesSince: (name, after): RecordChange[] =>
      orm
        .select()
        .from(customRecordChanges)
        .where(and(inSubtree(customRecordChanges.ownerKey, name), gt(customRecordChanges.id, after)))
        .orderBy(desc(customRecordChanges.id))
        .all()
        .map(({ id, op, recordId, ...row }) => ({ id, op, record: readRecord({ ...row, id: recordId }) })),
    oldestVersion: (zoneId) => oldest.get({ zone: zoneId }),
    lastRecordChange: () => lastChange.get() ?? 0,
  } satisfies Partial<Reads>;
}
