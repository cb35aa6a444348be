import { connect, type Socket } from 'node:net';
import {
  aborted,
  DNS_PORT,
  type Failure,
  malformed,
  type Server,
  timedOut,
  unreachable,
  type WaitOptions,
} from './exchange.ts';

/** A TCP connection that carries DNS messages, each after its length (RFC 1035 §4.2.2). */
export interface TcpStream {
  kind: 'open';
  send(message: Uint8Array): void;
  /** The next message, within `wait.timeout` milliseconds in all. */
  receive(wait: WaitOptions): Promise<Uint8Array | Failure>;
  close(): void;
}

/** Connects to a server. */
export async function openTcp(server: Server, wait: WaitOptions): Promise<TcpStream | Failure> {
  const socket = connect({ host: server.address, port: server.port ?? DNS_PORT, noDelay: true });
  // An error between two waits is found by the next one; unheard, it would end the process.
  socket.on('error', () => undefined);
  const failure = await waitFor(socket, 'connect', server, wait);
  if (failure) {
    socket.destroy();
    return failure;
  }
  return {
    kind: 'open',
    send: (message) => void socket.write(frame(message)),
    receive: (options) => receive(socket, server, options),
    close: () => void socket.destroy(),
  };
}

function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(message.length + 2);
  framed[0] = message.length >>> 8;
  framed[1] = message.length;
  framed.set(message, 2);
  return framed;
}

async function receive(socket: Socket, server: Server, wait: WaitOptions): Promise<Uint8Array | Failure> {
  const until = wait.clock.monotonic() + wait.timeout;
  const head = await take(socket, 2, server, wait, until);
  if ('kind' in head) return head;
  const length = (head[0]! << 8) | head[1]!;
  return length === 0
    ? malformed(server, 'a message of no octets')
    : take(socket, length, server, wait, until);
}

/** Exactly `count` octets; the stream itself holds back what nobody has asked for yet. */
async function take(
  socket: Socket,
  count: number,
  server: Server,
  wait: WaitOptions,
  until: number,
): Promise<Uint8Array | Failure> {
  for (;;) {
    const chunk = socket.read(count) as Buffer | null;
    if (chunk?.length === count) return chunk;
    if (chunk || socket.readableEnded) return unreachable(server, 'it closed the connection');
    const timeout = until - wait.clock.monotonic();
    if (timeout <= 0) return timedOut(server, wait.timeout);
    const failure = await waitFor(socket, 'readable', server, { ...wait, timeout });
    if (failure) return failure.kind === 'timeout' ? timedOut(server, wait.timeout) : failure;
  }
}

/** undefined when the event came. */
function waitFor(
  socket: Socket,
  event: 'connect' | 'readable',
  server: Server,
  { clock, timeout, signal }: WaitOptions,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    if (signal?.aborted || socket.destroyed) {
      resolve(signal?.aborted ? aborted : unreachable(server, closeReason(socket)));
      return;
    }
    const finish = (failure?: Failure): void => {
      timer.cancel();
      socket.off(event, ready).off('end', ready).off('close', closed);
      signal?.removeEventListener('abort', abort);
      resolve(failure);
    };
    const ready = (): void => finish();
    const closed = (): void => finish(unreachable(server, closeReason(socket)));
    const abort = (): void => finish(aborted);
    const timer = clock.after(timeout, () => finish(timedOut(server, timeout)));
    socket.on(event, ready).on('end', ready).on('close', closed);
    signal?.addEventListener('abort', abort);
  });
}

function closeReason(socket: Socket): string {
  return socket.errored?.message ?? 'it closed the connection';
}
