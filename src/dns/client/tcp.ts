import { connect, type Socket } from 'node:net';
import {
  aborted,
  type Failure,
  malformed,
  portOf,
  type Server,
  timedOut,
  unreachable,
  untrusted,
  type WaitOptions,
} from './exchange.ts';
import { connectTls, distrust } from './tls.ts';

/** A TCP connection that carries DNS messages, each after its length (RFC 1035 §4.2.2). */
export interface TcpStream {
  kind: 'open';
  send(message: Uint8Array): void;
  /** The next message, within `wait.timeout` milliseconds in all. */
  receive(wait: WaitOptions): Promise<Uint8Array | Failure>;
  close(): void;
}

/** Octets held for the reader before the kernel is asked to hold back the rest; more than one whole message. */
const HIGH_WATER = 128 << 10;

/** What arrived and was not asked for yet. */
interface Inbox {
  chunks: Buffer[];
  octets: number;
  ended: boolean;
  /** Called at every change. */
  wake: () => void;
}

/** A socket that is being connected, and what its server is not trusted for once it is. */
interface Connecting {
  socket: Socket;
  ready: 'connect' | 'secureConnect';
  distrust: () => string | undefined;
}

/** @throws Error when what TLS is to trust cannot be read */
function connecting(server: Server): Connecting {
  const { address, tls } = server;
  const port = portOf(server);
  if (!tls)
    return {
      socket: connect({ host: address, port, noDelay: true }),
      ready: 'connect',
      distrust: () => undefined,
    };
  const socket = connectTls(address, port, tls);
  return { socket, ready: 'secureConnect', distrust: () => distrust(socket, tls) };
}

/** Connects to a server, by TLS if it is one of that: nothing is sent before it is known to be the right one. */
export async function openTcp(server: Server, wait: WaitOptions): Promise<TcpStream | Failure> {
  let opening: Connecting;
  try {
    opening = connecting(server);
  } catch (reason) {
    return untrusted(server, (reason as Error).message);
  }
  const { socket } = opening;
  const inbox: Inbox = { chunks: [], octets: 0, ended: false, wake: () => undefined };
  let connected = false;
  let error: Error | undefined;
  const changed = (change: () => void) => (): void => {
    change();
    inbox.wake();
  };
  socket.on(
    opening.ready,
    changed(() => (connected = true)),
  );
  socket.on(
    'end',
    changed(() => (inbox.ended = true)),
  );
  socket.on(
    'close',
    changed(() => (inbox.ended = true)),
  );
  socket.on('error', (reason) => (error = reason));
  socket.on('data', (chunk: Buffer) => {
    inbox.chunks.push(chunk);
    inbox.octets += chunk.length;
    if (inbox.octets > HIGH_WATER) socket.pause();
    inbox.wake();
  });
  const closeReason = (): string => error?.message ?? 'it closed the connection';
  const failure = await waitUntil(inbox, () => connected || inbox.ended, server, wait);
  if (failure ?? inbox.ended) {
    socket.destroy();
    return failure ?? unreachable(server, closeReason());
  }
  const wrong = opening.distrust();
  if (wrong !== undefined) {
    socket.destroy();
    return untrusted(server, wrong);
  }
  return {
    kind: 'open',
    send: (message) => void socket.write(frame(message)),
    receive: (options) => receive(socket, inbox, server, options, closeReason),
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

async function receive(
  socket: Socket,
  inbox: Inbox,
  server: Server,
  wait: WaitOptions,
  closeReason: () => string,
): Promise<Uint8Array | Failure> {
  const length = (): number => (inbox.octets >= 2 ? peek16(inbox) : 0);
  const whole = (): boolean => inbox.octets >= 2 && inbox.octets >= 2 + length();
  const failure = await waitUntil(inbox, () => whole() || inbox.ended, server, wait);
  if (failure) return failure;
  if (!whole()) return unreachable(server, closeReason());
  const message = take(inbox, 2 + length()).subarray(2);
  if (inbox.octets <= HIGH_WATER) socket.resume();
  return message.length === 0 ? malformed(server, 'a message of no octets') : message;
}

function peek16({ chunks }: Inbox): number {
  const [first, second] = chunks;
  return (first![0]! << 8) | (first!.length > 1 ? first![1]! : second![0]!);
}

/** Exactly `count` octets, which are there. */
function take(inbox: Inbox, count: number): Buffer {
  const parts: Buffer[] = [];
  for (let missing = count; missing > 0;) {
    const chunk = inbox.chunks.shift()!;
    parts.push(chunk.subarray(0, missing));
    if (chunk.length > missing) inbox.chunks.unshift(chunk.subarray(missing));
    missing -= Math.min(missing, chunk.length);
  }
  inbox.octets -= count;
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** undefined as soon as `done`. */
function waitUntil(
  inbox: Inbox,
  done: () => boolean,
  server: Server,
  { clock, timeout, signal }: WaitOptions,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const finish = (failure?: Failure): void => {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
      inbox.wake = () => undefined;
      resolve(failure);
    };
    const abort = (): void => finish(aborted);
    const timer = clock.after(timeout, () => finish(timedOut(server, timeout)));
    signal?.addEventListener('abort', abort);
    inbox.wake = () => {
      if (done()) finish();
    };
    if (signal?.aborted) finish(aborted);
    else inbox.wake();
  });
}
