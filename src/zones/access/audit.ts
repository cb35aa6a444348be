import { AppError } from '../../core/errors.ts';
import type { AuditService } from '../services.ts';
import type { AccessStore } from './store.ts';

/** Reads the audit log, newest entry first. Entries are written by those who change something, in the same transaction. */
export function createAudit(store: AccessStore): AuditService {
  return {
    list({ limit, cursor }, filter) {
      const found = store.audit(cursor === undefined ? undefined : readCursor(cursor), limit + 1, filter);
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? String(items.at(-1)!.id) : undefined };
    },
  };
}

function readCursor(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor))
    throw new AppError('invalid-request', 'The cursor is none that this list gave out; start without one.');
  return Number(cursor);
}
