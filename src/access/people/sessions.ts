import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import type { Actor } from '../../work/actor.ts';
import type { Keeper } from '../../work/history.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { createEndings } from '../endings.ts';
import { hashSecret, matchesHash, randomText } from '../secret.ts';
import { nameOf, type People, type Person, stampOf } from './people.ts';
import { peopleRows, type SessionRow } from './store.ts';

/** Milliseconds. */
const MINUTE = 60_000;
export const IDLE = 24 * 60 * MINUTE;
export const LIFETIME = 14 * 24 * 60 * MINUTE;
/** For which a person who has proved who they are may do what is dangerous. */
export const CONFIRMED = 15 * MINUTE;
/** Between two notes of a session's last request: finer would be a write for every request. */
const TOUCH_INTERVAL = 5 * MINUTE;
/** Of one person at a time: the oldest ends. */
const MOST = 50;
/** Characters of what a browser calls itself. */
const AGENT = 200;

/** Where a request comes from. */
export interface Client {
  /** Network address; undefined on the box itself. */
  address: string | undefined;
  agent: string | undefined;
}

export interface SessionView extends Omit<SessionRow, 'hash' | 'stamp'> {
  /** When it ends at the latest: milliseconds since the epoch. */
  endsAt: number;
  /** Until when dangerous acts are allowed; in the past: not now. */
  confirmedUntil: number;
}

export interface NewSession {
  session: SessionView;
  /** For the cookie: shown this once. */
  secret: string;
}

export interface Sessions {
  /** Whose session it is; undefined for one that is unknown, over or revoked. */
  authenticate(secret: string): { person: Person; session: SessionView } | undefined;
  /** Begins one in a change; that of `previous`, a secret, ends. */
  begin(
    change: Change,
    person: Person,
    how: { method: SessionRow['method']; client: Client; previous: string | undefined },
  ): NewSession;
  /** The newest first. */
  list(account: string): SessionView[];
  /** @throws AppError not-found when it is not the account's */
  end(actor: Actor, account: string, id: string): Promise<void>;
  /** Ends all of a person's, in a change, but one. */
  endAll(change: Change, account: string, but?: string): void;
  /** The person has proved again who they are. */
  confirm(change: Change, id: string): void;
  /** The password is another one: this session stays. */
  restamp(change: Change, account: string, password: string, only: string): void;
  /** The password is kept in another form: the sessions that were begun with it stay. */
  rehashed(change: Change, account: string, password: { before: string | undefined; after: string }): void;
  /** Calls `ended` once, when the session ends. Returns how to wait no more. */
  whenEnded(id: string, ended: () => void): () => void;
}

export interface SessionOptions {
  work: UnitOfWork;
  people: People;
  clock: Clock;
  random: Random;
  log: Log;
}

export function createSessions({ work, people, clock, random, log }: SessionOptions): Sessions {
  const reads = work.committed.rows(peopleRows);
  const endings = createEndings(clock);
  const touched = new Map<string, number>();

  const alive = ({ startedAt, seenAt }: SessionRow): boolean =>
    clock.now() < Math.min(startedAt + LIFETIME, seenAt + IDLE);

  function touch(row: SessionRow): void {
    const now = clock.now();
    const last = Math.max(row.seenAt, touched.get(row.id) ?? 0);
    if (now - last < TOUCH_INTERVAL) return;
    touched.set(row.id, now);
    const actor: Actor = { kind: 'account', id: row.account, name: row.account, address: row.address };
    work
      .change({ actor, cause: 'session used' }, (change) => {
        change.rows(peopleRows).touchSession(row.id, now);
        change.afterCommit(() => void touched.delete(row.id));
      })
      .catch((error: unknown) => log.warn({ err: error }, 'could not note the last use of a session'));
  }

  function over(change: Change, id: string): void {
    if (!change.rows(peopleRows).deleteSession(id)) return;
    change.afterCommit(() => endings.revoked(id));
    change.event('session.ended', { session: id });
  }

  return {
    authenticate(secret) {
      const row = reads.session(idOf(secret));
      if (!matchesHash(secret, row?.hash) || !row || !alive(row)) return undefined;
      const person = people.byId(row.account);
      if (!person || stampOf(person.password) !== row.stamp) return undefined;
      touch(row);
      return { person, session: viewOf(row) };
    },

    begin(change, person, { method, client, previous }) {
      const rows = change.rows(peopleRows);
      const before = previous === undefined ? undefined : rows.session(idOf(previous));
      if (before && matchesHash(previous!, before.hash)) over(change, before.id);
      for (const { id } of rows.sessionsOf(person.id, MOST + 1).slice(MOST - 1)) over(change, id);
      const id = Buffer.from(random.bytes(6)).toString('hex');
      const secret = `${id}.${randomText(random)}`;
      const now = clock.now();
      const row: SessionRow = {
        ...{ id, account: person.id, hash: hashSecret(secret), stamp: stampOf(person.password), method },
        ...{ startedAt: now, seenAt: now, confirmedAt: now },
        ...{ address: client.address, agent: client.agent?.slice(0, AGENT) },
      };
      rows.insertSession(row);
      change.audit('session.start', person.name, { session: id, method });
      change.event('session.started', { session: id, account: person.id });
      return { session: viewOf(row), secret };
    },

    list: (account) => reads.sessionsOf(account, MOST).filter(alive).map(viewOf),

    async end(actor, account, id) {
      await work.change({ actor, cause: `session ${id} ended` }, (change) => {
        if (change.rows(peopleRows).session(id)?.account !== account)
          throw new AppError('not-found', `There is no session ${id}.`);
        over(change, id);
        change.audit('session.end', nameOf(change.rows(peopleRows), account), { session: id });
      });
    },

    endAll(change, account, but) {
      for (const { id } of change.rows(peopleRows).sessionsOf(account, MOST + 1))
        if (id !== but) over(change, id);
    },

    confirm: (change, id) => change.rows(peopleRows).confirmSession(id, clock.now()),

    restamp(change, account, password, only) {
      const rows = change.rows(peopleRows);
      for (const { id } of rows.sessionsOf(account, MOST + 1))
        if (id === only) rows.stampSession(id, stampOf(password));
    },

    rehashed(change, account, { before, after }) {
      const rows = change.rows(peopleRows);
      for (const { id, stamp } of rows.sessionsOf(account, MOST + 1))
        if (stamp === stampOf(before)) rows.stampSession(id, stampOf(after));
    },

    whenEnded(id, ended) {
      const row = reads.session(id);
      if (row && alive(row))
        return endings.wait({ id, expiresAt: new Date(row.startedAt + LIFETIME).toISOString() }, ended);
      ended();
      return () => undefined;
    },
  };
}

/** Before the dot is what finds the row. */
const idOf = (secret: string): string => secret.split('.', 1)[0]!;

function viewOf({ hash: _hash, stamp: _stamp, ...row }: SessionRow): SessionView {
  const endsAt = Math.min(row.startedAt + LIFETIME, row.seenAt + IDLE);
  return { ...row, endsAt, confirmedUntil: row.confirmedAt + CONFIRMED };
}

/** Rows that go in one change. */
const ROWS = 500;

/** Forgets sessions that are over, and links that nobody used. */
export function sessionKeeper(clock: Clock): Keeper {
  return {
    what: 'sessions',
    forget(change) {
      const rows = change.rows(peopleRows);
      const now = clock.now();
      const dropped = rows.dropSessions(now - IDLE, now - LIFETIME, ROWS) + rows.dropPasswordLinks(now, ROWS);
      return { dropped, more: dropped >= ROWS };
    },
  };
}
