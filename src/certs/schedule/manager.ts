import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { type CertificateRow, certificateRows } from '../store.ts';
import { orderAt } from './wake.ts';

/** Orders under way at once. */
const AT_ONCE = 3;
/** Milliseconds: the clock may have been set. */
const LONGEST_WAIT = 3_600_000;
/** Milliseconds between two works of one place: a thousand new domains must not hold up what a person asks for. */
const REST = 250;
/** Milliseconds before another try when something of ours failed. */
const RETRY = 60_000;

export interface ManagerOptions {
  work: UnitOfWork;
  /** Does what is due about a row, which may have gone meanwhile. What it throws is ours to mend: the row rests a while. */
  handle: (id: string) => Promise<void>;
  /** When new orders may be made, in milliseconds since the epoch; never, without a CA: Infinity. */
  ordersFrom: () => number;
  clock: Clock;
  log: Log;
}

/** Does what falls due for certificates: the most important first, a few at once, never two things for one. */
export interface Manager {
  /** Begins to work, unless it was stopped already. */
  start(): void;
  /** Looks now whether something is due. */
  kick(): void;
  /** Whether something is under way for this row. */
  busy(id: string): boolean;
  /** All of these rows: a few. */
  running(): Iterable<string>;
  /** Whether nothing is under way. */
  idle(): boolean;
  stopping(): boolean;
  /** Lets no work begin any more, for good. What is under way ends at its next step. */
  stop(): void;
}

export function createManager(options: ManagerOptions): Manager {
  const { work, clock, log } = options;
  const reads = work.committed.rows(certificateRows);
  const running = new Set<string>();
  /** Rows of which our own work failed, and until when they rest. */
  const resting = new Map<string, number>();
  /** What was due of a row after something was done about it. */
  const stillDue = new Map<string, number>();
  let state: 'new' | 'working' | 'stopped' = 'new';
  let timer: Timer | undefined;

  function look(): void {
    timer?.cancel();
    if (state !== 'working') return;
    const now = clock.now();
    for (const [id, until] of resting) if (until <= now) resting.delete(id);
    const ordersFrom = options.ordersFrom();
    const due = reads
      .due(now, AT_ONCE + running.size + resting.size, ordersFrom <= now)
      .filter(({ id }) => !running.has(id) && !resting.has(id));
    for (const row of due.slice(0, AT_ONCE - running.size)) begin(row);
    timer = clock.after(untilNext(now, ordersFrom), look);
  }

  function untilNext(now: number, ordersFrom: number): number {
    if (running.size === AT_ONCE) return LONGEST_WAIT;
    const nextOrder = Math.max(reads.nextOrder() ?? Infinity, ordersFrom);
    const next = Math.min(reads.nextWake() ?? Infinity, nextOrder, ...resting.values());
    // What is due already is under way, and its end looks again.
    return Math.min(next > now ? next - now : RETRY, LONGEST_WAIT);
  }

  function begin(row: CertificateRow): void {
    running.add(row.id);
    options
      .handle(row.id)
      .then(() => restIfStillDue(row.id))
      .catch((error: unknown) => {
        if (state !== 'working') return;
        resting.set(row.id, clock.now() + RETRY);
        log.error({ err: error, names: row.names }, 'work on a certificate failed; trying again in a minute');
      })
      .finally(() =>
        clock.after(REST, () => {
          running.delete(row.id);
          look();
        }),
      );
  }

  /** Whatever leaves a row due must not keep a core busy. */
  function restIfStillDue(id: string): void {
    const row = reads.certificate(id);
    const times = row ? [row.wakeAt, orderAt(row)].filter((time) => time !== undefined) : [];
    const due = times.find((time) => time <= clock.now());
    // Once may be because time went on, or a person asked for it.
    if (due !== undefined && stillDue.get(id) === due) resting.set(id, clock.now() + RETRY);
    if (due === undefined) stillDue.delete(id);
    else stillDue.set(id, due);
  }

  return {
    start() {
      if (state === 'new') state = 'working';
      look();
    },
    kick: () => look(),
    busy: (id) => running.has(id),
    running: () => running,
    idle: () => running.size === 0,
    stopping: () => state !== 'working',
    stop() {
      state = 'stopped';
      timer?.cancel();
    },
  };
}
