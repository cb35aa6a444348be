import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../wire/name.ts';
import type { SharedSlab } from '../zone/slab.ts';
import { createCounterMemory, readCounters, type SeatCounters, zoneCounts } from './counters.ts';
import { clearPins, createPinMemory, pinned } from './pins.ts';
import type { AnswerQuestion } from './questions.ts';
import { startWorker, type WorkerHandle, type WorkerRequest } from './worker-handle.ts';
import type { ListenFailure, WorkerStart } from './worker-messages.ts';

/** The workers of a data plane: always as many as asked for, but for the moments after a crash. */
export interface Crew {
  /** For each first worker what it could not bind; undefined for one that ended before it was ready. */
  readonly ready: Promise<(ListenFailure[] | undefined)[]>;
  /** Resolves when every live worker has done it, with all that could not be bound. */
  request(request: WorkerRequest): Promise<ListenFailure[]>;
  /** Gives all of them more memory to read, before anything that is asked of them later. */
  sendSlab(slab: SharedSlab): void;
  /** Arenas of zones that workers read for longer than a moment. */
  pinned(): Set<number>;
  /** One entry for each worker; counts go on over its replacements. */
  counters(): SeatCounters[];
  /** See {@link zoneCounts}, for each worker. */
  zoneCounts(): Uint32Array[];
  close(): Promise<void>;
}

export interface CrewOptions {
  workers: number;
  program: URL;
  clock: Clock;
  log: Log;
  /** What a worker that starts now has to serve. */
  begin: () => Pick<WorkerStart, 'zones' | 'addresses' | 'transfers' | 'protocol' | 'udp' | 'tls'>;
  /** Told of a zone that a client wants and that is not loaded; while zones are announced, of a name that may be in one. */
  onWanted: (name: Name) => void;
  /** Told that memory which a worker kept for longer than a moment may be given back. */
  onReleased: () => void;
  /** Answers what workers ask. */
  onAsked: AnswerQuestion;
}

/** A replacement comes after this long (milliseconds), twice as long after each crash in a row, up to the limit. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** A worker that lasted so long (milliseconds) starts the delays anew. */
const STABLE = 60_000;

/** How often each worker is asked whether it still listens (milliseconds): one that hangs would otherwise swallow its share. */
const HEARTBEAT = 5000;

/** One of the threads, through all its replacements. */
interface Seat {
  counters: SharedArrayBuffer;
  pins: SharedArrayBuffer;
  handle: WorkerHandle | undefined;
  startedAt: number;
  delay: number;
  restarts: number;
  replacement: Timer | undefined;
  heartbeat: Timer | undefined;
}

export function startCrew(options: CrewOptions): Crew {
  const { workers, program, clock, log, begin, onWanted, onReleased, onAsked } = options;
  let closed = false;
  const start = (seat: Seat): void => {
    seat.startedAt = clock.monotonic();
    const handle = startWorker({
      start: { ...begin(), counters: seat.counters, pins: seat.pins, logLevel: log.level },
      program,
      clock,
      log,
      onWanted,
      onReleased,
      onAsked,
      onExit(error) {
        seat.handle = undefined;
        clearPins(seat.pins);
        onReleased();
        seat.heartbeat?.cancel();
        if (!closed) replace(seat, error);
      },
    });
    seat.handle = handle;
    void handle.ready.then((failures) => {
      reportFailures(failures ?? [], log);
      watch(seat, handle);
    });
  };
  /** A pause, which a worker that hangs does not take: the handle then ends it. */
  const watch = (seat: Seat, handle: WorkerHandle): void => {
    if (closed || seat.handle !== handle) return;
    seat.heartbeat = clock.after(HEARTBEAT, () => {
      void handle.request({ kind: 'pause', pages: [] }).then(() => watch(seat, handle));
    });
  };
  const replace = (seat: Seat, error: unknown): void => {
    if (clock.monotonic() - seat.startedAt >= STABLE) seat.delay = FIRST_DELAY;
    log.error({ error, delay: seat.delay }, 'a DNS worker ended; another one takes its place');
    seat.replacement = clock.after(seat.delay, () => {
      if (closed) return;
      seat.restarts++;
      start(seat);
    });
    seat.delay = Math.min(2 * seat.delay, LONGEST_DELAY);
  };
  const seats = Array.from({ length: workers }, newSeat);
  seats.forEach(start);
  const handles = (): WorkerHandle[] => seats.flatMap(({ handle }) => handle ?? []);
  return {
    ready: Promise.all(handles().map(({ ready }) => ready)),
    async request(request) {
      return (await Promise.all(handles().map((handle) => handle.request(request)))).flat();
    },
    sendSlab: (slab) => handles().forEach((handle) => handle.sendSlab(slab)),
    pinned: () => new Set(seats.flatMap(({ pins }) => pinned(pins))),
    counters: () =>
      seats.map(({ counters, restarts, handle }) => ({
        ...readCounters(counters),
        restarts,
        running: handle !== undefined,
      })),
    zoneCounts: () => seats.map(({ counters }) => zoneCounts(counters)),
    async close() {
      closed = true;
      for (const seat of seats) {
        seat.replacement?.cancel();
        seat.heartbeat?.cancel();
      }
      await Promise.all(handles().map((handle) => handle.close()));
    },
  };
}

function newSeat(): Seat {
  return {
    counters: createCounterMemory(),
    pins: createPinMemory(),
    handle: undefined,
    startedAt: 0,
    delay: FIRST_DELAY,
    restarts: 0,
    replacement: undefined,
    heartbeat: undefined,
  };
}

export function reportFailures(failures: readonly ListenFailure[], log: Log): void {
  for (const failure of failures) log.warn({ ...failure }, 'an address cannot be bound');
}
