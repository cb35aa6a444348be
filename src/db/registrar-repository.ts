import { eq, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { Finding } from '../zones/registrar/delegation.ts';
import type { RegistrarWrites } from '../zones/registrar/store.ts';
import type { Connection } from './database.ts';
import { registrarChecks, type StoredFinding } from './schema/registrar.ts';

export function registrarRepository({ orm }: Connection): RegistrarWrites {
  // Asked for every zone while parents are awaited.
  const lastOf = orm
    .select()
    .from(registrarChecks)
    .where(eq(registrarChecks.zone, sql.placeholder('zone')))
    .prepare();
  return {
    last(zone) {
      const row = lastOf.get({ zone: textOf(zone) });
      return row && { finding: toFinding(row.found), checkedAt: row.checkedAt };
    },
    delete: (zone) =>
      void orm
        .delete(registrarChecks)
        .where(eq(registrarChecks.zone, textOf(zone)))
        .run(),
    save(zone, { finding, checkedAt }) {
      const row = { zone: textOf(zone), found: fromFinding(finding), checkedAt };
      const conflict = { target: registrarChecks.zone, set: row };
      orm.insert(registrarChecks).values(row).onConflictDoUpdate(conflict).run();
    },
  };
}

function textOf(zone: Name): string {
  return zone.canonical().toText();
}

function fromFinding(finding: Finding): StoredFinding {
  if (finding.kind === 'failed') return finding;
  const parent = finding.parent.toText();
  if (finding.kind === 'not-delegated') return { ...finding, parent };
  const nameservers = finding.nameservers.map(({ name, addresses }) => ({ name: name.toText(), addresses }));
  return { ...finding, parent, nameservers };
}

function toFinding(stored: StoredFinding): Finding {
  if (stored.kind === 'failed') return stored;
  const parent = Name.parse(stored.parent);
  if (stored.kind === 'not-delegated') return { ...stored, parent };
  const nameservers = stored.nameservers.map(({ name, addresses }) => ({
    name: Name.parse(name),
    addresses,
  }));
  return { ...stored, parent, nameservers };
}
