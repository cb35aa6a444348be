import type { Clock } from '../../core/clock.ts';
import { type Listeners, listenerSet } from './listeners.ts';
import type { ServerLog } from './server-log.ts';
import { createTcpShared, idleOf } from './tcp.ts';
import {
  defaultTlsLimits,
  listenTls,
  type TlsAnswerers,
  type TlsIdentity,
  type TlsTransport,
} from './tls.ts';
import type { SocketAddress, Transport } from './transport.ts';

/** Those of the worker that serves DNS over TLS. */
export interface TlsListeners extends Listeners {
  /** Has them show this from the next handshake on. @throws Error when key and chain do not fit */
  show(identity: TlsIdentity): void;
}

export function createTlsListeners(
  answerers: TlsAnswerers,
  identity: TlsIdentity,
  clock: Clock,
  log: ServerLog,
): TlsListeners {
  const shared = createTcpShared(defaultTlsLimits);
  const shown = new Set<TlsTransport>();
  const listenOn = async (address: SocketAddress): Promise<Transport> => {
    const transport = await listenTls(address, identity, answerers, clock, log, defaultTlsLimits, shared);
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
