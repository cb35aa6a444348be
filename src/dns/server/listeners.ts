import type { Clock } from '../../core/clock.ts';
import { Mutex } from '../../core/mutex.ts';
import type { Log } from '../../core/log.ts';
import { createTcpShared, defaultTcpLimits, idleOf, listenTcp } from './tcp.ts';
import { defaultTlsLimits, listenTls, type TlsIdentity, type TlsTransport } from './tls.ts';
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
  log: Log,
): Listeners {
  const shared = createTcpShared(defaultTcpLimits);
  const set = listenerSet({
    udp: (address) => listenUdp(address, answerers.udp, log),
    tcp: (address) => listenTcp(address, answerers.tcp, clock, log, defaultTcpLimits, shared),
  });
  return { set, idle: () => idleOf(defaultTcpLimits, shared) };
}

/** Those of the worker that serves DNS over TLS. */
export interface TlsListeners extends Listeners {
  /** Has them show this from the next handshake on. @throws Error when key and chain do not fit */
  show(identity: TlsIdentity): void;
}

export function createTlsListeners(
  answerer: Answerer,
  identity: TlsIdentity,
  clock: Clock,
  log: Log,
): TlsListeners {
  const shared = createTcpShared(defaultTlsLimits);
  const shown = new Set<TlsTransport>();
  const listenOn = async (address: SocketAddress): Promise<Transport> => {
    const transport = await listenTls(address, identity, answerer, clock, log, defaultTlsLimits, shared);
    shown.add(transport);
    return {
      address: transport.address,
      close() {
        shown.delete(transport);
        return transport.close();
      },
    };
  };
  return {
    set: listenerSet({ tls: listenOn }),
    idle: () => idleOf(defaultTlsLimits, shared),
    show(next) {
      identity = next;
      for (const transport of shown) transport.show(next);
    },
  };
}

type ListenOn = (address: SocketAddress) => Promise<Transport>;

function listenerSet(start: Partial<Record<ListenFailure['transport'], ListenOn>>): Listeners['set'] {
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
