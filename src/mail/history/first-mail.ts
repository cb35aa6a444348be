import { factRows } from '../../work/facts.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { HistoryEntry } from './entry.ts';
import { type MailHistory } from './service.ts';

/** Whether mail ever came and went: a fact that stays once it was seen. */
export interface FirstMail {
  /** `problem`: why it could not be looked for what was not seen yet; a public sentence. */
  seen: () => Promise<{ received: boolean; sent: boolean; problem: string | undefined }>;
}

type Way = 'received' | 'sent';

const factOf = (way: Way): string => `mail:first-${way}`;

/** Entries that are read at once. */
const PART = 500;

/** What was let pass; the rest was refused or asked to come again. */
const passed: ReadonlySet<string> = new Set(['no action', 'add header', 'rewrite subject']);

export function createFirstMail({ history, work }: { history: MailHistory; work: UnitOfWork }): FirstMail {
  const facts = work.committed.rows(factRows);
  const isKnown = (way: Way): boolean => facts.fact(factOf(way)) !== undefined;

  /** Looks through the history from the newest on, until both are found or it ends. */
  async function look(wanted: Set<Way>): Promise<{ found: Map<Way, number>; problem: string | undefined }> {
    const found = new Map<Way, number>();
    let cursor: string | undefined;
    do {
      const page = await history.list({ limit: PART, cursor }, {});
      if (page.problem !== undefined) return { found, problem: page.problem };
      for (const entry of page.items)
        if (wanted.has(wayOf(entry)) && passed.has(entry.action)) found.set(wayOf(entry), entry.at);
      cursor = page.next;
    } while (cursor !== undefined && found.size < wanted.size);
    return { found, problem: undefined };
  }

  return {
    async seen() {
      const wanted = new Set((['received', 'sent'] as const).filter((way) => !isKnown(way)));
      if (wanted.size === 0) return { received: true, sent: true, problem: undefined };
      const { found, problem } = await look(wanted);
      if (found.size > 0) {
        const actor = { kind: 'system', id: 'mail', name: 'mail', address: undefined } as const;
        await work.change({ actor, cause: 'first mail seen' }, (unit) => {
          for (const [way, at] of found) unit.rows(factRows).putFact(factOf(way), Buffer.from(String(at)));
        });
      }
      return { received: isKnown('received'), sent: isKnown('sent'), problem };
    },
  };
}

/** Who signed in sends; all else comes. */
const wayOf = ({ user }: HistoryEntry): Way => (user === undefined ? 'received' : 'sent');
