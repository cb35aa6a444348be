import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import type { Database } from '../../src/db/database.ts';
import { openRows } from '../../src/db/storage.ts';
import type { Actor } from '../../src/work/actor.ts';
import { createEvents } from '../../src/work/events.ts';
import type { RowsKey } from '../../src/work/rows.ts';
import { createUnitOfWork, type UnitOfWork } from '../../src/work/unit-of-work.ts';

const actor: Actor = { kind: 'system', id: 'test', name: 'test', address: undefined };

/** Changes of a real database, without anything that would be served. */
export function openWork(database: Database, clock: Clock = systemClock): UnitOfWork {
  const log = createLog({ level: 'silent' });
  return createUnitOfWork({ storage: openRows(database), events: createEvents({ clock, log }), clock, log });
}

/** Writes the rows of one part. */
export function writeRows<Reads extends object, Writes extends Reads, T>(
  work: UnitOfWork,
  key: RowsKey<Reads, Writes>,
  action: (rows: Writes) => T,
): Promise<T> {
  return work.change({ actor, cause: 'test' }, (change) => action(change.rows(key)));
}
