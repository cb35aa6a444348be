import type { Clock } from '../../core/clock.ts';
import { Mutex } from '../../core/mutex.ts';
import type { ServerLog } from './server-log.ts';
import { createTcpShared, defaultTcpLimits, idleOf, listenTcp } from './tcp.ts';
import {
  addressKey,
  type Answerer,
  type ListenUdp,
  type SocketAddress,
  type Transport,
} from './transport.ts';
import type { ListenFailure } from './worker-messages.ts';

/** The sockets of one worker. */
export interface Listeners {
  /** Opens what is missing and closes what is not named; tells what could not be opened. */
  set(addresses: readonly SocketAddress[]): Promise<ListenFailure[]>;
  /** Milliseconds after which a stream without a query is closed now. */
  idle(): number;
}

export function createListeners(
  answerers: { udp: Answerer; tcp: Answerer },
  listenUdp: ListenUdp,
  clock: Clock,
  log: ServerLog,
): Listeners {
  const shared = createTcpShared(defaultTcpLimits);
  const set = listenerSet({
    udp: (address) => listenUdp(address, answerers.udp, log),
    tcp: (address) => listenTcp(address, answerers.tcp, clock, log, defaultTcpLimits, shared),
  });
  return { set, idle: () => idleOf(defaultTcpLimits, shared) };
}

type ListenOn = (address: SocketAddress) => Promise<Transport>;

/** Sockets of these kinds at each address. */
export function listenerSet(start: Partial<Record<ListenFailure['transport'], ListenOn>>): Listeners['set'] {
  const open = new Map<string, Transport>();
  const transports = Object.entries(start) as [ListenFailure['transport'], ListenOn][];
  const changes = new Mutex();
  const set = async (addresses: readonly SocketAddress[]): Promise<ListenFailure[]> => {
    const wanted = addresses.flatMap((address) =>
      transports.map(([transport, listenOn]) => ({
        key: `${transport} ${addressKey(address)}`,
        address,
        transport,
        listenOn,
      })),
    );
    const keys = new Set(wanted.map(({ key }) => key));
    const gone = [...open].filter(([key]) => !keys.has(key));
    for (const [key] of gone) open.delete(key);
    await Promise.all(gone.map(([, transport]) => transport.close()));
    const failed: ListenFailure[] = [];
    const missing = wanted.filter(({ key }) => !open.has(key));
    await Promise.all(
      missing.map(async ({ key, address, transport, listenOn }) => {
        try {
          open.set(key, await listenOn(address));
        } catch (error) {
          failed.push(describe(address, transport, error));
        }
      }),
    );
    return failed;
  };
  return (addresses) => changes.run(() => set(addresses));
}

function describe(
  address: SocketAddress,
  transport: ListenFailure['transport'],
  error: unknown,
): ListenFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { address, transport, code, message: error instanceof Error ? error.message : String(error) };
}
