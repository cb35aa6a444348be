import { and, asc, count, eq, lte, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import {
  BEFORE_ANY,
  type DkimKeyRow,
  type DkimWrites,
  type KeyMark,
  type RotationRow,
} from '../mail/dkim/store.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import { dkimKeys, dkimPool, dkimRotations, dkimWaiting } from './schema/dkim.ts';

export function dkimRepository(connection: Connection): DkimWrites {
  return { ...keyRepository(connection), ...rotationRepository(connection) };
}

function keyRepository({ orm, sqlite }: Connection): Omit<DkimWrites, keyof RotationWrites> {
  const keysOf = orm
    .select()
    .from(dkimKeys)
    .where(eq(dkimKeys.domain, sql.placeholder('domain')))
    .prepare();
  const waiting = orm
    .select({ domain: dkimWaiting.domain })
    .from(dkimWaiting)
    .orderBy(asc(dkimWaiting.id))
    .limit(1)
    .prepare();
  const domain = sql.placeholder('domain');
  const insert = prepared((row: typeof dkimKeys.$inferInsert) => orm.insert(dkimKeys).values(row));
  const wait = orm.insert(dkimWaiting).values({ domain }).onConflictDoNothing().prepare();
  const waitNoMore = orm.delete(dkimWaiting).where(eq(dkimWaiting.domain, domain)).prepare();
  const takeOldest = orm
    .delete(dkimPool)
    .where(eq(dkimPool.id, orm.select({ id: sql`min(${dkimPool.id})` }).from(dkimPool)))
    .returning({ publicKey: dkimPool.publicKey, sealedPrivateKey: dkimPool.sealedPrivateKey })
    .prepare();
  const domainsAfter = sqlite
    .prepare<[string, number], string>(
      'SELECT DISTINCT domain FROM dkim_keys WHERE domain > ? ORDER BY domain LIMIT ?',
    )
    .pluck();
  const lastChange = sqlite.prepare<[], KeyMark>(
    'SELECT sequence, mark FROM dkim_changes ORDER BY sequence DESC LIMIT 1',
  );
  const markOf = sqlite.prepare<[number], string>('SELECT mark FROM dkim_changes WHERE sequence = ?').pluck();
  const changesAfter = sqlite.prepare<[number, number], KeyMark & { domain: string }>(
    'SELECT sequence, mark, domain FROM dkim_changes WHERE sequence > ? ORDER BY sequence LIMIT ?',
  );
  const addChange = sqlite.prepare('INSERT INTO dkim_changes (domain, mark) VALUES (?, ?)');
  const dropChanges = sqlite.prepare(
    'DELETE FROM dkim_changes WHERE sequence IN (SELECT sequence FROM dkim_changes WHERE sequence <= ? LIMIT ?)',
  );
  return {
    // A few, sorted here: SQLite would take longer to make ready for it than for all the rest.
    keys: (domain) =>
      keysOf
        .all({ domain: textOf(domain) })
        .sort((a, b) => a.id - b.id)
        .map(toKey),
    domains: ({ after, limit }) => domainsAfter.all(after, limit),
    lastChange: () => lastChange.get() ?? BEFORE_ANY,
    changeMark: (sequence) => (sequence === 0 ? BEFORE_ANY.mark : markOf.get(sequence)),
    changes: (after, limit) => changesAfter.all(after, limit),
    addChange: (domain, mark) => void addChange.run(textOf(domain), mark),
    dropChanges: (through, limit) => dropChanges.run(through, limit).changes,
    pooled(most = -1) {
      const some = orm.select({ id: dkimPool.id }).from(dkimPool).limit(most).as('some');
      return orm.select({ count: count() }).from(some).get()?.count ?? 0;
    },
    nextWaiting() {
      const first = waiting.get();
      return first && Name.parse(first.domain);
    },
    insertKey({ sealedPrivateKey, domain, ...key }) {
      const row = { ...key, domain: textOf(domain), sealedPrivateKey: Buffer.from(sealedPrivateKey) };
      insert(row).run(row);
    },
    setKeyState: (domain, selector, state, stateSince) =>
      void orm.update(dkimKeys).set({ state, stateSince }).where(keyAt(domain, selector)).run(),
    deleteKey: (domain, selector) => void orm.delete(dkimKeys).where(keyAt(domain, selector)).run(),
    deleteKeys: (domain) =>
      void orm
        .delete(dkimKeys)
        .where(eq(dkimKeys.domain, textOf(domain)))
        .run(),
    addWaiting: (domain) => void wait.run({ domain: textOf(domain) }),
    deleteWaiting: (domain) => void waitNoMore.run({ domain: textOf(domain) }),
    addPooled: ({ publicKey, sealedPrivateKey }) =>
      void orm
        .insert(dkimPool)
        .values({ publicKey, sealedPrivateKey: Buffer.from(sealedPrivateKey) })
        .run(),
    takePooled: () => takeOldest.get(),
  };
}

type RotationWrites = Pick<
  DkimWrites,
  | 'rotation'
  | 'dueSteps'
  | 'dueRolls'
  | 'nextStep'
  | 'nextRoll'
  | 'troubled'
  | 'troubledCount'
  | 'putRotation'
  | 'deleteRotation'
>;

/** Where domains are with the replacement of their keys: what is due comes from indexes. */
function rotationRepository({ orm, sqlite }: Connection): RotationWrites {
  const rows = dkimRotations;
  const names = (column: 'wake_at' | 'rolls_from') =>
    sqlite
      .prepare<[number, number], string>(
        `SELECT domain FROM dkim_rotations WHERE ${column} <= ? ORDER BY ${column} LIMIT ?`,
      )
      .pluck();
  const [dueSteps, dueRolls] = [names('wake_at'), names('rolls_from')];
  const earliest = (column: 'wake_at' | 'rolls_from') =>
    sqlite
      .prepare<[], number | null>(`SELECT min(${column}) FROM dkim_rotations WHERE ${column} IS NOT NULL`)
      .pluck();
  const [firstStep, firstRoll] = [earliest('wake_at'), earliest('rolls_from')];
  const isTroubled = lte(rows.troubleAt, sql.placeholder('time'));
  const inTrouble = orm
    .select()
    .from(rows)
    .where(isTroubled)
    .orderBy(asc(rows.troubleAt))
    .limit(sql.placeholder('limit'))
    .prepare();
  const troubles = orm.select({ count: count() }).from(rows).where(isTroubled).prepare();
  const put = prepared((row: typeof rows.$inferInsert) =>
    orm.insert(rows).values(row).onConflictDoUpdate({ target: rows.domain, set: row }),
  );
  const ofDomain = orm
    .select()
    .from(rows)
    .where(eq(rows.domain, sql.placeholder('domain')))
    .prepare();
  return {
    rotation(domain) {
      const row = ofDomain.get({ domain: textOf(domain) });
      return row && toRotation(row);
    },
    dueSteps: (time, limit) => dueSteps.all(time, limit).map((text) => Name.parse(text)),
    dueRolls: (time, limit) => dueRolls.all(time, limit).map((text) => Name.parse(text)),
    nextStep: () => firstStep.get() ?? undefined,
    nextRoll: () => firstRoll.get() ?? undefined,
    troubled: (time, limit) => inTrouble.all({ time, limit }).map(toRotation),
    troubledCount: (time) => troubles.get({ time })?.count ?? 0,
    putRotation({ domain, ...row }) {
      const { rollsFrom = null, wakeAt = null, signAt = null, change = null } = row;
      const { failures, problem = null, troubleAt = null } = row;
      const times = { rollsFrom, wakeAt, signAt, change, failures, problem, troubleAt };
      const stored = { domain: textOf(domain), ...times };
      put(stored).run(stored);
    },
    deleteRotation: (domain) =>
      void orm
        .delete(rows)
        .where(eq(rows.domain, textOf(domain)))
        .run(),
  };
}

function keyAt(domain: Name, selector: string) {
  return and(eq(dkimKeys.domain, textOf(domain)), eq(dkimKeys.selector, selector));
}

function toRotation({ domain, failures, ...row }: typeof dkimRotations.$inferSelect): RotationRow {
  return {
    domain: Name.parse(domain),
    failures,
    rollsFrom: row.rollsFrom ?? undefined,
    wakeAt: row.wakeAt ?? undefined,
    signAt: row.signAt ?? undefined,
    change: row.change ?? undefined,
    problem: row.problem ?? undefined,
    troubleAt: row.troubleAt ?? undefined,
  };
}

function textOf(domain: Name): string {
  return domain.canonical().toText();
}

function toKey({ id: _id, domain, ...row }: typeof dkimKeys.$inferSelect): DkimKeyRow {
  return { ...row, domain: Name.parse(domain) };
}
