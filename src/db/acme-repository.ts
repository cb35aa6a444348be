import { and, eq, gte, lt, sql } from './drizzle.ts';
import type { CertificateReads, CertificateTransaction } from '../certs/store.ts';
import { Name } from '../dns/wire/name.ts';
import type { Connection } from './database.ts';
import { keyOf, rangeOf } from './name-keys.ts';
import { acmeAccounts, acmeChallenges } from './schema/certs.ts';

/** What is kept of the CA: the account and the challenges. */
export function acmeReads({ orm }: Connection) {
  const toChallenge = ({ owner, value, certificateId }: typeof acmeChallenges.$inferSelect) => ({
    owner: Name.parse(owner),
    value,
    certificateId,
  });
  const below = orm
    .select()
    .from(acmeChallenges)
    .where(
      and(
        gte(acmeChallenges.ownerKey, sql.placeholder('key')),
        lt(acmeChallenges.ownerKey, sql.placeholder('end')),
      ),
    )
    .prepare();
  const at = orm
    .select()
    .from(acmeChallenges)
    .where(eq(acmeChallenges.ownerKey, sql.placeholder('key')))
    .prepare();
  const any = orm.select({ owner: acmeChallenges.owner }).from(acmeChallenges).limit(1).prepare();
  return {
    account(directory) {
      const row = orm.select().from(acmeAccounts).where(eq(acmeAccounts.directory, directory)).get();
      return row && { ...row, url: row.url ?? undefined, sealedNextKey: row.sealedNextKey ?? undefined };
    },
    namesAccount: () =>
      orm.select().from(acmeAccounts).where(eq(acmeAccounts.named, true)).limit(1).get() !== undefined,
    challenges: () => orm.select().from(acmeChallenges).all().map(toChallenge),
    challengesOf: (certificateId) =>
      orm
        .select()
        .from(acmeChallenges)
        .where(eq(acmeChallenges.certificateId, certificateId))
        .all()
        .map(toChallenge),
    challengesAt(zone, owners) {
      // Nearly always there are none.
      if (!any.get()) return [];
      if (!owners) return below.all(rangeOf(zone)).map(toChallenge);
      return owners.flatMap((owner) => at.all({ key: keyOf(owner) })).map(toChallenge);
    },
  } satisfies Partial<CertificateReads>;
}

export function acmeWrites({ orm }: Connection) {
  return {
    putAccount(row) {
      const caaIdentities = [...row.caaIdentities];
      const set = { ...row, caaIdentities, url: row.url ?? null, ...buffers(row) };
      const target = acmeAccounts.directory;
      orm.insert(acmeAccounts).values(set).onConflictDoUpdate({ target, set }).run();
    },
    nameAccount(directory) {
      orm.update(acmeAccounts).set({ named: false }).run();
      if (directory === undefined) return;
      orm.update(acmeAccounts).set({ named: true }).where(eq(acmeAccounts.directory, directory)).run();
    },
    addChallenge({ owner, value, certificateId }) {
      const row = { ownerKey: keyOf(owner), owner: owner.toText(), value, certificateId };
      orm.insert(acmeChallenges).values(row).onConflictDoNothing().run();
    },
    removeChallenge({ owner, value, certificateId }) {
      const { ownerKey, value: text, certificateId: id } = acmeChallenges;
      const which = and(eq(ownerKey, keyOf(owner)), eq(text, value), eq(id, certificateId));
      orm.delete(acmeChallenges).where(which).run();
    },
  } satisfies Partial<CertificateTransaction>;
}

function buffers({
  sealedKey,
  sealedNextKey,
}: {
  sealedKey: Uint8Array;
  sealedNextKey: Uint8Array | undefined;
}) {
  return {
    sealedKey: Buffer.from(sealedKey),
    sealedNextKey: sealedNextKey ? Buffer.from(sealedNextKey) : null,
  };
}
