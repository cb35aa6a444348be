import { AppError } from '../../core/errors.ts';
import { factRows } from '../../work/facts.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { SignerState } from '../dkim/rotator.ts';
import { dkimRows } from '../dkim/store.ts';
import type { AskAgent } from './agent-client.ts';

/** Whoever signs with the DKIM keys: Rspamd, which has them from the agent. */
export interface Signer {
  /** Whether it has the keys of a change, or later ones. Never rejects. */
  has(change: number): Promise<SignerState>;
  /** It was given keys: from now on it is waited for, even while the agent does not answer. */
  given(): Promise<void>;
}

const FACT = 'dkim.signer';

export function createSigner({ work, ask }: { work: UnitOfWork; ask: AskAgent }): Signer {
  const [keys, facts] = [work.committed.rows(dkimRows), work.committed.rows(factRows)];
  const isKnown = (): boolean => facts.fact(FACT) !== undefined;

  async function has(change: number): Promise<SignerState> {
    const status = await ask({ do: 'status' });
    const rspamd = 'status' in status && status.status.find(({ name }) => name === 'rspamd');
    if (!rspamd || !rspamd.managed) return { kind: 'nobody' };
    const answer = await ask({ do: 'keys' });
    const at = 'keys' in answer ? answer.keys : null;
    // A change of the same number in another course of events is another one.
    if (at && at.sequence >= change && keys.changeMark(at.sequence) === at.mark) return { kind: 'has' };
    return { kind: 'waiting', why: 'Rspamd does not have the newest keys yet.' };
  }

  return {
    has: (change) =>
      has(change).catch((error: unknown) => {
        const isAway = error instanceof AppError && error.code === 'mail-agent-unavailable';
        // A box that is a nameserver alone has no agent, and nobody signs there.
        if (isAway && !isKnown()) return { kind: 'nobody' };
        const why = error instanceof Error ? error.message : String(error);
        return { kind: 'waiting', why: `Nobody knows which keys Rspamd has: ${why}` };
      }),
    async given() {
      if (isKnown()) return;
      const actor = { kind: 'system', id: 'dkim', name: 'DKIM keys', address: undefined } as const;
      await work.change({ actor, cause: 'DKIM keys given to Rspamd' }, (change) =>
        change.rows(factRows).putFact(FACT, Buffer.of(1)),
      );
    },
  };
}
