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

/** What entries are looked for by. */
export interface AuditKeys {
  target?: string;
  action?: string;
  /** Id, name or kind of who did it. */
  actor?: string;
}

/** What is wanted of the log: all that is given must be so. */
export interface AuditFilter extends AuditKeys {
  /** Entries with a higher id: those that came since it was read. */
  after?: number;
  /** RFC 3339 in UTC: from then on, and before then. */
  since?: string;
  until?: string;
}

/** The audit log. */
export interface AuditReads {
  /**
   * Newest first, from before the id `before` on, in the range and with one of the keys that are given: the target before the actor, the
   * actor before the action. An index answers it, whatever else is in the log.
   */
  audit(before: number | undefined, limit: number, filter: AuditFilter): AuditEntry[];
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

/** Entries with one key among which those with another are looked for at a time: few enough for one request. */
const WINDOW = 2000;

/** Reads the audit log, newest entry first. Entries are written by those who change something, in the same transaction. */
export function createAudit(reads: AuditReads): AuditService {
  return {
    list({ limit, cursor }, filter) {
      const keys = [filter.target, filter.actor, filter.action].filter((key) => key !== undefined);
      const window = keys.length > 1 ? WINDOW : limit + 1;
      const seen = reads.audit(cursor === undefined ? undefined : idCursor(cursor), window, filter);
      const found = seen.filter((entry) => isWanted(entry, filter));
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : seen.length === window ? seen.at(-1) : undefined;
      return { items, next: last && String(last.id) };
    },
  };
}

function isWanted(entry: AuditEntry, { target, actor, action }: AuditKeys): boolean {
  const { id, name, kind } = entry.actor;
  return (
    (target === undefined || entry.target === target) &&
    (action === undefined || entry.action === action) &&
    (actor === undefined || [id, name, kind].includes(actor))
  );
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
