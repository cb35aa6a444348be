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

/** The audit log. */
export interface AuditReads {
  /** Newest first, from before the id `before` on. */
  audit(
    before: number | undefined,
    limit: number,
    filter: { target?: string; action?: string },
  ): AuditEntry[];
}

export interface AuditWrites extends AuditReads {
  /** `at` is RFC 3339. */
  append(entry: NewAuditEntry, at: string): void;
  /** Drops entries from before `time` (RFC 3339). @returns how many, at most `limit` */
  dropAudit(time: string, limit: number): number;
}

export const auditRows = new RowsKey<AuditReads, AuditWrites>('audit');

export interface AuditService {
  list(page: PageRequest, filter: { target?: string; action?: string }): Page<AuditEntry>;
}

/** Reads the audit log, newest entry first. Entries are written by those who change something, in the same transaction. */
export function createAudit(reads: AuditReads): AuditService {
  return {
    list({ limit, cursor }, filter) {
      const found = reads.audit(cursor === undefined ? undefined : idCursor(cursor), limit + 1, filter);
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? String(items.at(-1)!.id) : undefined };
    },
  };
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
