import type { Actor } from './actor.ts';
import { idCursor } from './cursor.ts';
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
