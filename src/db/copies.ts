import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { programBeside } from '../core/program.ts';
import { keepPrivate } from './private-files.ts';
import { runProgram } from './run-program.ts';

/** A whole copy of the database, as it was at one moment. */
export interface Copy {
  path: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Copies the database every day. */
export interface Copies {
  latest(): Copy | undefined;
  /** What is to be seen to, a sentence: there has been no copy for days, and why. */
  warning(): string | undefined;
  /** What is wrong with the database, as the last try found; undefined when nothing is, or nothing was found yet. */
  faults(): readonly string[] | undefined;
  /** The database was mended: what was found is not so any more, and a copy is made soon. */
  again(): void;
  /** Resolves when the database is left alone. */
  stop(): Promise<void>;
}

export interface CopiesOptions {
  clock: Clock;
  log: Log;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Milliseconds after a start before the first copy. */
const DELAY = 5 * MINUTE;
/** Milliseconds of rest after one failed, doubled each time up to the longest. */
const FIRST_REST = 10 * MINUTE;
const LONGEST_REST = 6 * HOUR;
/** How old the last one may be. */
const STALE = 3 * DAY;
/** How many are kept. */
const KEPT = 2;
/** Octets that a copy leaves free: what the box itself needs comes first. */
const RESERVE = 64 << 20;

const program = fileURLToPath(programBeside(import.meta.url, 'copy-program'));
const named = /^signpost-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.sqlite$/;

/** The copies in a data folder, the newest first. */
export function copiesIn(data: string): Copy[] {
  const folder = join(data, 'copies');
  return filesIn(folder)
    .flatMap((file) => {
      const [, day, hour, minute, second] = named.exec(file) ?? [];
      return day ? [{ path: join(folder, file), at: Date.parse(`${day}T${hour}:${minute}:${second}Z`) }] : [];
    })
    .sort((a, b) => b.at - a.at);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // There is no copy yet.
    return [];
  }
}

/** `file` is the database in the folder `data`. A copy is made in a process of its own, so that it never holds up anything. */
export function startCopies(data: string, file: string, { clock, log }: CopiesOptions): Copies {
  const stopping = new AbortController();
  const startedAt = clock.now();
  let failures = 0;
  let reason: string | undefined;
  let faults: readonly string[] | undefined;
  let timer: Timer | undefined;
  let running = Promise.resolve();
  const latest = (): Copy | undefined => copiesIn(data)[0];

  function schedule(delay: number): void {
    timer?.cancel();
    if (stopping.signal.aborted) return;
    timer = clock.after(delay, () => void (running = attempt()));
  }

  async function attempt(): Promise<void> {
    try {
      faults = await makeCopy(data, file, clock, stopping.signal);
      failures = 0;
      reason = faults.length > 0 ? `the database is damaged: ${faults.join('; ')}` : undefined;
      if (reason !== undefined)
        log.error({ faults }, 'the database is damaged; the copies of before are kept');
      schedule(DAY);
    } catch (error) {
      if (stopping.signal.aborted) return;
      reason = (error as Error).message;
      const rest = Math.min(FIRST_REST * 2 ** failures++, LONGEST_REST);
      log.warn({ err: error, rest }, 'the database could not be copied; it is tried again');
      schedule(rest);
    }
  }

  schedule(Math.max((latest()?.at ?? 0) + DAY - startedAt, DELAY));
  return {
    latest,
    faults: () => faults,
    again() {
      faults = undefined;
      schedule(DELAY);
    },
    warning() {
      const since = latest()?.at;
      if (clock.now() - (since ?? startedAt) < STALE) return undefined;
      const last =
        since === undefined
          ? 'There is no copy of the database'
          : `The last copy of the database is of ${dayOf(since)}`;
      return `${last}, though one is made every day (${reason ?? 'none was tried yet'}): see to that, or keep a backup of your own.`;
    },
    async stop() {
      timer?.cancel();
      stopping.abort();
      await running;
    },
  };
}

/** @returns what is wrong with the database: then there is no new copy. @throws Error when there is no room for one, or it failed */
async function makeCopy(data: string, file: string, clock: Clock, signal: AbortSignal): Promise<string[]> {
  const folder = join(data, 'copies');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  keepPrivate([folder]);
  const part = join(folder, 'unfinished.sqlite');
  const leftovers = (): void => {
    for (const one of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`]) rmSync(one, { force: true });
  };
  leftovers();
  checkRoom(folder, file);
  try {
    const faults = await runProgram(program, [file, part], signal);
    if (faults.length > 0) return faults;
    const time = new Date(clock.now()).toISOString().replace(/\.\d+/, '').replace(/:/g, '');
    renameSync(part, join(folder, `signpost-${time}.sqlite`));
    for (const { path } of copiesIn(data).slice(KEPT)) rmSync(path, { force: true });
    return [];
  } finally {
    leftovers();
  }
}

/** @throws Error when a copy would take the room that the box needs */
function checkRoom(folder: string, file: string): void {
  const needed = [file, `${file}-wal`].reduce(
    (sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0),
    RESERVE,
  );
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < needed)
    throw new Error(
      `there is no room: a copy needs ${mebibytes(needed)} MiB, ${mebibytes(bavail * bsize)} MiB are free`,
    );
}

function mebibytes(octets: number): number {
  return Math.ceil(octets / (1 << 20));
}

/** `2026-01-02 03:04 UTC`. */
export function dayOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What to do about a damaged database, after a colon. */
export function damageAdvice(data: string): string {
  const [newest] = copiesIn(data);
  if (!newest) return 'stop the box, keep the data folder as it is, and put back a backup of yours';
  return `stop the box, start it once with the flag --restore newest (it puts back the copy of ${dayOf(newest.at)}, keeps the damaged database aside, and ends), then start it as always; docs/repair.md says what is then as it was`;
}
