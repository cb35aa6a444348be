import { asc, eq, gt } from './drizzle.ts';
import type { CertificateReads, CertificateTransaction } from '../certs/store.ts';
import type { Connection } from './database.ts';
import { certificateHooks } from './schema/certs.ts';

/** Hooks that are still to run for certificates. */
export function hookReads({ orm }: Connection) {
  const select = () => orm.select().from(certificateHooks).$dynamic();
  return {
    hooks: (id) => select().where(eq(certificateHooks.certificateId, id)).get(),
    nextHooks: () => select().orderBy(asc(certificateHooks.dueAt)).limit(1).get(),
  } satisfies Partial<CertificateReads>;
}

export function hookWrites({ orm }: Connection) {
  return {
    putHooks(row) {
      const set = { ...row, done: [...row.done] };
      const target = certificateHooks.certificateId;
      orm.insert(certificateHooks).values(set).onConflictDoUpdate({ target, set }).run();
    },
    deleteHooks: (id) =>
      void orm.delete(certificateHooks).where(eq(certificateHooks.certificateId, id)).run(),
    hurryHooks: (at) =>
      void orm.update(certificateHooks).set({ dueAt: at }).where(gt(certificateHooks.dueAt, at)).run(),
  } satisfies Partial<CertificateTransaction>;
}
