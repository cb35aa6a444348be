import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { MailboxUsage } from '../agent/usage.ts';
import type { AskAgent } from '../servers/agent-client.ts';

/** Milliseconds for which what was said holds: a page that is open starts no process for each look. */
export const FRESH = 10_000;
/** Questions that wait for each other: one more has what is known, and no place in the line. */
export const MOST_WAITING = 16;

const BUSY = 'Too many ask what mailboxes hold at once, and Dovecot is slow to say; ask again in a minute.';

/** What is known of what mailboxes hold. */
export interface KnownUsage {
  of(address: string): MailboxUsage | undefined;
  /** Why some of it is not known: a public sentence; undefined: Dovecot was asked, and does not know the others. */
  problem: string | undefined;
}

export interface MailboxUsages {
  /** Of a page of mailboxes, and of no others. That it is not known is no failure. */
  known(addresses: readonly string[]): Promise<KnownUsage>;
}

/** What was said of a mailbox; `usage` is undefined where nothing was. */
interface Kept {
  at: number;
  usage: MailboxUsage | undefined;
}

export function createMailboxUsages({
  ask,
  clock,
}: {
  ask: AskAgent;
  clock: Pick<Clock, 'monotonic'>;
}): MailboxUsages {
  /** The oldest first. */
  const kept = new Map<string, Kept>();
  let failed: { at: number; why: string } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  function forgetOld(): void {
    const now = clock.monotonic();
    if (failed && now - failed.at >= FRESH) failed = undefined;
    for (const [address, { at }] of kept) {
      if (now - at < FRESH) return;
      kept.delete(address);
    }
  }

  async function known(addresses: readonly string[]): Promise<KnownUsage> {
    forgetOld();
    const wanted = addresses.filter((address) => !kept.has(address));
    if (wanted.length > 0 && !failed) await learn(wanted);
    const found = new Map(addresses.map((address) => [address, kept.get(address)?.usage]));
    const isKept = addresses.every((address) => kept.has(address));
    return { of: (address) => found.get(address), problem: isKept ? undefined : failed?.why };
  }

  async function learn(wanted: readonly string[]): Promise<void> {
    try {
      const answer = await ask({ do: 'usage', addresses: wanted });
      const at = clock.monotonic();
      const said = new Map('usage' in answer ? answer.usage.map((usage) => [usage.address, usage]) : []);
      for (const address of wanted) kept.set(address, { at, usage: said.get(address) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failed = { at: clock.monotonic(), why: error.message };
    }
  }

  return {
    // One question at a time: whoever asks for the same meanwhile has the answer to the first.
    known(addresses) {
      if (waiting >= MOST_WAITING)
        return Promise.resolve({ of: (address) => kept.get(address)?.usage, problem: BUSY });
      waiting++;
      const mine = last.then(() => known(addresses)).finally(() => waiting--);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
