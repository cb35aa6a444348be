import { AppError } from '../../core/errors.ts';
import type { Actor } from '../../work/actor.ts';
import { factRows } from '../../work/facts.ts';
import type { Snapshot } from '../../work/rows.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { DEFAULT_EVERY } from './rotation.ts';

const FACT = 'dkim.schedule';
const DAY = 86_400;
/** Seconds. Keys that sign no more take a week to go: more often would only fill the DNS. */
export const SHORTEST_EVERY = 7 * DAY;
export const LONGEST_EVERY = 3650 * DAY;

/** How often the keys of each domain are replaced by themselves, in milliseconds; 0: never. */
export function rotateEvery(state: Snapshot): number {
  const fact = state.rows(factRows).fact(FACT);
  if (!fact) return DEFAULT_EVERY;
  const { every } = JSON.parse(Buffer.from(fact).toString()) as { every: number };
  return every * 1000;
}

/**
 * @param every seconds; 0: never
 * @throws AppError invalid-request
 */
export async function setRotateEvery(work: UnitOfWork, actor: Actor, every: number): Promise<void> {
  if (every !== 0 && (every < SHORTEST_EVERY || every > LONGEST_EVERY)) {
    const message = `Keys are replaced every ${SHORTEST_EVERY / DAY} to ${LONGEST_EVERY / DAY} days, or never (0).`;
    throw new AppError('invalid-request', message, { errors: [{ path: 'every', message }] });
  }
  await work.change({ actor, cause: 'DKIM schedule changed' }, (change) => {
    change.rows(factRows).putFact(FACT, Buffer.from(JSON.stringify({ every })));
    change.audit('dkim.schedule', '', { every });
  });
}
