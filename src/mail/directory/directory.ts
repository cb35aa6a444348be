import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { Mutex } from '../../core/mutex.ts';
import { eachStep, inSlices, type Steps } from '../../core/slices.ts';
import type { EventHub } from '../../work/events.ts';
import type { Keeper } from '../../work/history.ts';
import type { Participant, UnitOfWork } from '../../work/unit-of-work.ts';
import type { DomainPart } from '../../zones/domains/parts.ts';
import { zoneRows } from '../../zones/store.ts';
import { type DirectoryChange, EVERYTHING, mailRows } from '../store.ts';
import { directoryRows, type DirectoryRows } from './derive.ts';
import { requiredAt } from './required.ts';
import type { DirectoryFile, DirectoryStorage } from './store.ts';

/** What a change says of the directory: what hangs on these keys is to be written anew. */
export interface Touched {
  readonly touch: (...keys: string[]) => void;
}

/** The directory that the mail servers read: a copy of the model, brought up to date before a change is answered. */
export interface MailDirectory extends Participant<Touched>, DomainPart {
  readonly path: string;
  /** Opens it and catches up with the model; one that is missing or damaged is made anew in the background. */
  start(): void;
  /** Resolves when it is as the model is, or cannot be. */
  settled(): Promise<void>;
  /** Why it is not as the model is, in a sentence. */
  problem(): string | undefined;
  /** Leaves it so that the mail servers can go on reading it. */
  stop(): Promise<void>;
}

export interface MailDirectoryOptions {
  work: UnitOfWork;
  storage: DirectoryStorage;
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  log: Log;
}

/** Changes of keys that are written in one transaction. */
const BATCH = 500;
/** Changes that are remembered for a directory which is behind; one that is further behind is made anew. */
const REMEMBERED = 10_000;
/** Milliseconds before another try. */
const RETRY = 10_000;

export function createMailDirectory(options: MailDirectoryOptions): MailDirectory {
  const { work, storage, events, clock, log } = options;
  const mail = work.committed.rows(mailRows);
  const source = { zones: work.committed.rows(zoneRows), mail };
  const turns = new Mutex();
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  let file: DirectoryFile | undefined;
  let started = false;
  let trouble: string | undefined;

  /** Brings it to where the model is; whatever goes wrong, the model is right and this is tried again. */
  function bringUp(): Promise<void> {
    return turns.run(async () => {
      if (!started || isStopped()) return;
      try {
        await catchUp();
        trouble = undefined;
      } catch (error) {
        if (isStopped()) return;
        clock.after(RETRY, () => void bringUp());
        // On a disk that is full or can only be read nothing is missing in it, where nothing could be changed.
        if (storage.generation() === mail.lastDirectoryChange()) {
          trouble = undefined;
          return;
        }
        if (trouble === undefined)
          log.error({ err: error }, 'the directory of mail cannot be written; trying again');
        trouble = `The directory that the mail servers read, ${storage.path}, cannot be written (${(error as Error).message}): what was changed of mailboxes and aliases does not work yet.`;
      }
    });
  }

  async function catchUp(): Promise<void> {
    file ??= opened();
    if (!file) await rebuild('there was none that could be used');
    for (;;) {
      const changes = mail.directoryChanges(file!.generation, BATCH);
      if (changes.length === 0) return;
      if (changes[0]!.sequence > file!.generation + 1)
        await rebuild('too much has changed since it was written');
      else if (changes.some(({ key }) => key === EVERYTHING)) await rebuild('the box has another name');
      else await applyChanges(file!, changes);
    }
  }

  async function applyChanges(to: DirectoryFile, changes: readonly DirectoryChange[]): Promise<void> {
    const rows = await inSlices(rowsOf(changes), clock);
    try {
      to.apply(rows, changes.at(-1)!.sequence);
    } catch (error) {
      if (!storage.isDamage(error)) throw error;
      await rebuild('it was damaged');
    }
  }

  function* rowsOf(changes: readonly DirectoryChange[]): Steps<DirectoryRows[]> {
    const rows: DirectoryRows[] = [];
    yield* eachStep(
      new Set(changes.map(({ key }) => key)),
      (key) => void rows.push(directoryRows(source, key)),
    );
    return rows;
  }

  /** undefined: it must be made anew. */
  function opened(): DirectoryFile | undefined {
    const found = storage.open();
    // One of another database's future.
    if (found && found.generation <= mail.lastDirectoryChange()) return found;
    found?.close();
    // Nothing is there yet that would have to be written.
    return !found && !source.zones.box() && mail.lastDirectoryChange() === 0 ? storage.create() : undefined;
  }

  async function rebuild(reason: string): Promise<void> {
    const began = clock.monotonic();
    const made = await storage.rebuild(stopping.signal);
    file?.close();
    file = undefined;
    file = made.replace();
    const milliseconds = Math.round(clock.monotonic() - began);
    log.info({ reason, keys: made.keys, milliseconds }, 'the directory of mail was made anew');
    events.publish('mail.directory-rebuilt', { reason, keys: made.keys });
  }

  const directory: MailDirectory = {
    path: storage.path,
    join(change) {
      const keys = new Set<string>();
      change.afterCommit(() => (started ? bringUp() : undefined));
      return {
        touch(...touched) {
          const rows = change.rows(mailRows);
          for (const key of touched.filter((one) => !keys.has(one))) {
            keys.add(key);
            rows.addDirectoryChange(key);
          }
        },
      };
    },
    domainChanged(change, before, after) {
      const domain = (after ?? before)!.name.canonical();
      if (before?.mail === after?.mail) return;
      const locals = ['postmaster', 'abuse'].map((local) => `${local}@${domain.toText()}`);
      change.join(directory).touch(`@${domain.toText()}`, ...locals);
    },
    boxChanged(change, before, after) {
      const { touch } = change.join(directory);
      const { hostname } = after;
      if (before && !before.hostname.equals(hostname)) touch(EVERYTHING);
      else if (before?.adminEmail !== after.adminEmail || !before)
        touch(`@${hostname.canonical().toText()}`, ...requiredAt(change.rows(zoneRows), hostname));
    },
    start() {
      started = true;
      void bringUp();
    },
    settled: () => turns.run(() => undefined),
    problem: () => trouble,
    async stop() {
      stopping.abort();
      await turns.run(() => {
        file?.close();
        file = undefined;
      });
    },
  };
  return directory;
}

/** Rows that go in one change. */
const DROPPED = 1000;

/** Forgets changes that no directory is so far behind as to need. */
export const directoryKeeper: Keeper = {
  what: 'directory-changes',
  forget(change) {
    const rows = change.rows(mailRows);
    const dropped = rows.dropDirectoryChanges(rows.lastDirectoryChange() - REMEMBERED, DROPPED);
    return { dropped, more: dropped === DROPPED };
  },
};
