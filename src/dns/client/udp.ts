import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import {
  aborted,
  DNS_PORT,
  type Failure,
  type Server,
  timedOut,
  unreachable,
  type WaitOptions,
} from './exchange.ts';

/**
 * Sends one datagram from a port of its own and waits for what `accept` takes. The socket is connected, so the kernel
 * drops datagrams of other sources and reports a closed port. What `accept` refuses is ignored: a forged reply must
 * not end the wait (RFC 5452 §9.1).
 */
export function exchangeUdp<T>(
  request: Uint8Array,
  server: Server,
  accept: (datagram: Uint8Array) => T | undefined,
  { clock, timeout, signal }: WaitOptions,
): Promise<T | Failure> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve(aborted);
      return;
    }
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    let finished = false;
    const finish = (result: T | Failure): void => {
      if (finished) return;
      finished = true;
      timer.cancel();
      signal?.removeEventListener('abort', abort);
      socket.close();
      resolve(result);
    };
    const abort = (): void => finish(aborted);
    const timer = clock.after(timeout, () => finish(timedOut(server, timeout)));
    signal?.addEventListener('abort', abort);
    socket.on('error', (error) => finish(unreachable(server, error.message)));
    socket.on('message', (datagram) => {
      const result = accept(datagram);
      if (result !== undefined) finish(result);
    });
    socket.once('connect', () => {
      if (!finished) socket.send(request);
    });
    socket.connect(server.port ?? DNS_PORT, server.address);
  });
}
