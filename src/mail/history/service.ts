import { hostname } from 'node:os';
import type { Clock } from '../../core/clock.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import { strangeCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { HISTORY } from '../drivers/redis/history.ts';
import type { ReadList } from './redis-list.ts';
import { entryOf, type HistoryEntry } from './entry.ts';

export interface HistoryFilter {
  /** Of the sender or a recipient, in lower case. */
  address?: string | undefined;
  /** The same, of all its addresses. */
  domain?: string | undefined;
}

export interface HistoryPage extends Page<HistoryEntry> {
  /** Why there is nothing to read: a public sentence. */
  problem: string | undefined;
}

/** What Rspamd did with the messages that passed lately, the newest first. */
export interface MailHistory {
  /** Never throws for a history that cannot be read: the page says so. @throws AppError for a strange cursor */
  list(page: PageRequest, filter: HistoryFilter): Promise<HistoryPage>;
}

/** Entries that are read at once: some hundred kilobytes. */
const CHUNK = 100;

interface Tools {
  read: ReadList;
  clock: Clock;
}

export function createMailHistory({ read, clock }: Tools): MailHistory {
  /** Rspamd puts the machine's name behind the key in one version, and nothing in another. */
  const keys = [HISTORY.key + hostname(), HISTORY.key];

  async function keyInUse(): Promise<string | undefined> {
    for (const key of keys) if ((await read(key, 0, 0)).length > 0) return key;
    return undefined;
  }

  async function collect({ limit, cursor }: PageRequest, filter: HistoryFilter): Promise<HistoryEntry[]> {
    const key = await keyInUse();
    if (key === undefined) return [];
    const found: HistoryEntry[] = [];
    const after = cursor === undefined ? undefined : placeOf(cursor);
    let passed = after === undefined;
    for (let from = 0; from < HISTORY.rows && found.length <= limit; from += CHUNK) {
      const rows = await read(key, from, from + CHUNK - 1);
      for (const entry of await inSlices(entriesOf(rows), clock)) {
        if (passed && matches(entry, filter)) found.push(entry);
        // What came since the page before has moved all further down.
        else if (after && !passed) passed = isAt(entry, after) || entry.at < after.at;
      }
      if (rows.length < CHUNK) break;
    }
    return found.slice(0, limit + 1);
  }

  return {
    async list(page, filter) {
      if (page.cursor !== undefined) placeOf(page.cursor);
      try {
        const found = await collect(page, filter);
        const items = found.slice(0, page.limit);
        return {
          items,
          next: found.length > page.limit ? cursorOf(items.at(-1)!) : undefined,
          problem: undefined,
        };
      } catch (error) {
        const why = (error as Error).message;
        const problem = `The history cannot be read, as the Redis of the mail servers does not answer (${why}); look with: signpost mail status`;
        return { items: [], next: undefined, problem };
      }
    },
  };
}

function* entriesOf(rows: readonly string[]): Steps<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const row of rows) {
    const entry = entryOf(row);
    if (entry) entries.push(entry);
    yield;
  }
  return entries;
}

function matches({ sender, recipients }: HistoryEntry, { address, domain }: HistoryFilter): boolean {
  const of = (wanted: (one: string) => boolean): boolean => [sender, ...recipients].some(wanted);
  return (
    (address === undefined || of((one) => one.toLowerCase() === address)) &&
    (domain === undefined || of((one) => one.toLowerCase().endsWith(`@${domain}`)))
  );
}

interface Place {
  at: number;
  id: string;
}

const cursorOf = ({ at, id }: HistoryEntry): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

function placeOf(cursor: string): Place {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at === 'number' && typeof id === 'string') return { at, id };
  } catch {
    // Told below.
  }
  throw strangeCursor();
}

const isAt = (entry: HistoryEntry, { at, id }: Place): boolean => entry.at === at && entry.id === id;

/** RFC 3339. */
export const historyTime = ({ at }: HistoryEntry): string => toRfc3339(at);
