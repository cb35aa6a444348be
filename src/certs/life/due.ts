import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { system } from '../actor.ts';
import { certificateRows } from '../store.ts';
import type { Adoption } from './adopt.ts';
import { RowGone } from './rows.ts';
import { askSuggestion, type SuggestionOptions } from './suggestion.ts';

export interface DueOptions extends SuggestionOptions {
  work: UnitOfWork;
  adoption: Adoption;
  /** Orders a certificate. */
  attempt: (id: string) => Promise<void>;
}

/** Does what has fallen due about a row: old keys go, what was issued is installed, the CA is asked when to renew, or for a certificate. */
export async function handleDue(options: DueOptions, id: string): Promise<void> {
  try {
    await handle(options, id);
  } catch (error) {
    // Its domain was removed.
    if (!(error instanceof RowGone)) throw error;
  }
}

async function handle(options: DueOptions, id: string): Promise<void> {
  const { rows, adoption, clock } = options;
  const now = clock.now();
  await adoption.retire(id);
  const row = rows.get(id);
  if (row.pending?.kind === 'issued') {
    if (row.pending.installAt > now) return;
    await adoption.install(id);
    await noteInstalled(options, id);
    return;
  }
  if (row.suggestion && row.suggestion.checkAt <= now) await askSuggestion(options, row);
  const { schedule } = rows.get(id);
  if (!schedule || schedule.at > now) return;
  await options.attempt(id);
}

/** The attempt that brought it has ended at `issued`. */
function noteInstalled({ work }: DueOptions, id: string): Promise<void> {
  return work.change({ actor: system, cause: 'certificate installed' }, (unit) => {
    const rows = unit.rows(certificateRows);
    const [last] = rows.attempts(id, 1);
    if (last?.step === 'issued') rows.putAttempt(id, { ...last, step: 'installed' });
  });
}
