import { networkInterfaces } from 'node:os';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { Name } from '../wire/name.ts';
import type { ZoneImage } from '../zone/image.ts';
import { claimPorts, type ListenProblem } from './claim-port.ts';
import { createCounterMemory, readCounters, type WorkerCounters } from './counters.ts';
import { expandAddresses } from './interfaces.ts';
import { addressKey, type SocketAddress } from './transport.ts';
import { startWorker, type WorkerHandle } from './worker-handle.ts';
import type { ListenFailure } from './worker-messages.ts';

export interface DataPlaneOptions {
  /** `0.0.0.0` and `::` stand for every address of the machine, now and later. Port 0 is one free port for all. */
  addresses: readonly SocketAddress[];
  /** Number of threads. */
  workers: number;
  clock: Clock;
  log: Log;
  /** Served from the first packet on. */
  images?: readonly ZoneImage[];
  /** The worker's program, for tests of its failure. */
  program?: URL;
}

export interface ZoneChanges {
  set?: readonly ZoneImage[];
  /** `Name.key` of origins. */
  remove?: readonly string[];
}

export interface DataPlane {
  /** Resolves when every live worker serves the change; one that dies meanwhile is replaced by one that does. */
  apply(changes: ZoneChanges): Promise<void>;
  /** One entry for each worker; counts go on over its replacements. */
  counters(): WorkerCounters[];
  /** What is bound now. */
  readonly addresses: readonly SocketAddress[];
  close(): Promise<void>;
}

/** How often the machine's addresses are looked at again, milliseconds. */
const RESCAN = 60_000;
/** A replacement comes after this long (milliseconds), twice as long after each crash in a row, up to the limit. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** A worker that lasted so long (milliseconds) starts the delays anew. */
const STABLE = 60_000;

/** One of the plane's threads, through all its replacements. */
interface Seat {
  counters: SharedArrayBuffer;
  handle: WorkerHandle | undefined;
  startedAt: number;
  delay: number;
  replacement: Timer | undefined;
}

/**
 * Starts the threads that answer queries, and keeps them running. Resolves when all of them listen, or with the problem when they
 * cannot.
 */
export async function startDataPlane(
  options: DataPlaneOptions,
): Promise<{ ok: true; plane: DataPlane } | { ok: false; problem: ListenProblem }> {
  const { clock, log } = options;
  const claimed = await claimPorts(expandAddresses(options.addresses, networkInterfaces()));
  if ('problem' in claimed) return { ok: false, problem: claimed.problem };
  const requested = withPorts(options.addresses, claimed.addresses);
  const images = new Map<string, ZoneImage>();
  const program = options.program ?? new URL('./worker.ts', import.meta.url);
  let { addresses } = claimed;
  let closed = false;
  remember(images, { set: options.images ?? [] });

  const start = (seat: Seat): void => {
    seat.startedAt = clock.monotonic();
    const begin = {
      images: [...images.values()],
      addresses,
      counters: seat.counters,
      logLevel: log.level,
    };
    const handle = startWorker(begin, program, clock, log, (error) => {
      seat.handle = undefined;
      if (!closed) replace(seat, error);
    });
    seat.handle = handle;
    void handle.ready.then((failures) => report(failures ?? [], log));
  };
  const replace = (seat: Seat, error: unknown): void => {
    if (clock.monotonic() - seat.startedAt >= STABLE) seat.delay = FIRST_DELAY;
    log.error({ error, delay: seat.delay }, 'a DNS worker ended; another one takes its place');
    seat.replacement = clock.after(seat.delay, () => {
      if (!closed) start(seat);
    });
    seat.delay = Math.min(2 * seat.delay, LONGEST_DELAY);
  };
  const seats = Array.from({ length: options.workers }, (): Seat => {
    const seat = {
      counters: createCounterMemory(),
      handle: undefined,
      startedAt: 0,
      delay: FIRST_DELAY,
      replacement: undefined,
    };
    start(seat);
    return seat;
  });
  const handles = (): WorkerHandle[] => seats.flatMap(({ handle }) => handle ?? []);
  const failed = await Promise.all(handles().map(({ ready }) => ready));

  const rescan = (): void => {
    rescanning = clock.after(RESCAN, rescan);
    const now = expandAddresses(requested, networkInterfaces());
    if (sameAddresses(now, addresses)) return;
    log.info({ addresses: now.map(addressKey) }, 'the addresses of this machine changed');
    addresses = now;
    for (const handle of handles())
      void handle.request({ kind: 'listen', addresses }).then((failures) => report(failures, log));
  };
  let rescanning = clock.after(RESCAN, rescan);

  const plane: DataPlane = {
    async apply(changes) {
      remember(images, changes);
      const set = [...(changes.set ?? [])];
      const remove = [...(changes.remove ?? [])];
      await Promise.all(handles().map((handle) => handle.request({ kind: 'apply', set, remove })));
    },
    counters: () => seats.map((seat) => readCounters(seat.counters)),
    get addresses() {
      return addresses;
    },
    async close() {
      closed = true;
      rescanning.cancel();
      for (const seat of seats) seat.replacement?.cancel();
      const open = handles();
      await Promise.all(open.map((handle) => handle.request({ kind: 'close' })));
      await Promise.all(open.map((handle) => handle.terminate()));
    },
  };
  const failure = failed.find((list) => list === undefined || list.length > 0);
  if (failed.every((list) => list?.length === 0)) return { ok: true, plane };
  await plane.close();
  return { ok: false, problem: problemOf(failure?.[0], addresses) };
}

function remember(images: Map<string, ZoneImage>, { set = [], remove = [] }: ZoneChanges): void {
  for (const image of set) images.set(Name.trusted(image.originWire).key, image);
  for (const originKey of remove) images.delete(originKey);
}

/** What was asked for, with the port that was drawn for port 0. */
function withPorts(requested: readonly SocketAddress[], claimed: readonly SocketAddress[]): SocketAddress[] {
  const asked = new Set(requested.map(({ port }) => port));
  const drawn = claimed.find(({ port }) => !asked.has(port))?.port ?? 0;
  return requested.map(({ address, port }) => ({ address, port: port === 0 ? drawn : port }));
}

function sameAddresses(a: readonly SocketAddress[], b: readonly SocketAddress[]): boolean {
  const keys = new Set(a.map(addressKey));
  return a.length === b.length && b.every((address) => keys.has(addressKey(address)));
}

function report(failures: readonly ListenFailure[], log: Log): void {
  for (const failure of failures) log.warn({ ...failure }, 'an address cannot be bound');
}

function problemOf(failure: ListenFailure | undefined, addresses: readonly SocketAddress[]): ListenProblem {
  if (!failure)
    return {
      code: 'listen-failed',
      address: addresses[0] ?? { address: '', port: 0 },
      message: 'the DNS workers ended while they started; the log says why',
    };
  const { address, transport, message } = failure;
  return {
    code: failure.code === 'EADDRINUSE' ? 'port-in-use' : 'listen-failed',
    address,
    message: `${transport.toUpperCase()} ${addressKey(address)} cannot be bound: ${message}`,
  };
}
