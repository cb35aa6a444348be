import type { Clock } from '../core/clock.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Actor } from './actor.ts';
import { idCursor } from './cursor.ts';
import type { Keeper } from './history.ts';
import type { Page, PageRequest } from './page.ts';
import { RowsKey } from './rows.ts';

export interface AuditEntry {
  id: number;
  at: string;
  actor: Actor;
  /** Such as `domain.add`. */
  action: string;
  /** What was changed, such as the domain's name. */
  target: string;
  /** The request without secrets. */
  detail: Record<string, unknown>;
}

export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at'>;

/** What is wanted of the log: all that is given must be so. */
export interface AuditRange {
  target?: string;
  action?: string;
  /** Entries with a higher id: those that came since it was read. */
  after?: number;
  /** RFC 3339 in UTC: from then on, and before then. */
  since?: string;
  until?: string;
}

export interface AuditFilter extends AuditRange {
  /** Id, name or kind of who did it. */
  actor?: string;
}

/** The audit log. */
export interface AuditReads {
  /** Newest first, from before the id `before` on. */
  audit(before: number | undefined, limit: number, range: AuditRange): AuditEntry[];
}

export interface AuditWrites extends AuditReads {
  /** `at` is RFC 3339. */
  append(entry: NewAuditEntry, at: string): void;
  /** Drops entries from before `time` (RFC 3339). @returns how many, at most `limit` */
  dropAudit(time: string, limit: number): number;
}

export const auditRows = new RowsKey<AuditReads, AuditWrites>('audit');

export interface AuditService {
  /** A page may have fewer entries than its limit, or none, and others follow: `next` says so. */
  list(page: PageRequest, filter: AuditFilter): Page<AuditEntry>;
}

/** Entries among which those of an actor are looked for at a time: few enough for one request. */
const WINDOW = 2000;

/** Reads the audit log, newest entry first. Entries are written by those who change something, in the same transaction. */
export function createAudit(reads: AuditReads): AuditService {
  return {
    list({ limit, cursor }, { actor, ...range }) {
      const window = actor === undefined ? limit + 1 : WINDOW;
      const seen = reads.audit(cursor === undefined ? undefined : idCursor(cursor), window, range);
      const found = actor === undefined ? seen : seen.filter((entry) => isOf(entry, actor));
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : seen.length === window ? seen.at(-1) : undefined;
      return { items, next: last && String(last.id) };
    },
  };
}

function isOf({ actor }: AuditEntry, who: string): boolean {
  return [actor.id, actor.name, actor.kind].includes(who);
}

/** Rows that go in one change. */
const ROWS = 500;

/** Forgets entries that are older than `kept`, in seconds. */
export function auditKeeper(kept: () => number, clock: Clock): Keeper {
  return {
    what: 'audit',
    forget(change) {
      const dropped = change.rows(auditRows).dropAudit(toRfc3339(clock.now() - kept() * 1000), ROWS);
      return { dropped, more: dropped === ROWS };
    },
  };
}
