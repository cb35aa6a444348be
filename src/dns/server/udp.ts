import { createSocket, type RemoteInfo } from 'node:dgram';
import { createClientAddress, setClientText } from './client-address.ts';
import type { ServerLog } from './server-log.ts';
import { type Answerer, LATER, type SocketAddress, type Transport } from './transport.ts';

/** Octets that the kernel may queue for us while the thread is busy; it may grant less. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** Responses that may wait for the kernel; more are dropped, as a network would, for a flood must not fill the memory. */
const MAX_WAITING = 1024;

/**
 * DNS over UDP on one socket of its own beside those of the other workers (SO_REUSEPORT: the kernel spreads the clients).
 * Rejects when the address cannot be bound.
 */
export async function listenUdp(
  address: SocketAddress,
  answerer: Answerer,
  log: ServerLog,
): Promise<Transport> {
  const ipv6 = address.address.includes(':');
  const socket = createSocket({
    type: ipv6 ? 'udp6' : 'udp4',
    reusePort: true,
    ipv6Only: ipv6,
    // Clients are addresses: no look-up, and so no turn of the event loop before the response is sent.
    lookup: (hostname, _options, callback) => callback(null, hostname, ipv6 ? 6 : 4),
  });
  const asking = createClientAddress();
  let waiting = 0;
  let closed = false;
  // Unreachable clients are their own affair, and spoofed ones are many.
  const sent = (): void => {
    waiting--;
  };
  const respond = (length: number, { address: host, port }: RemoteInfo): void => {
    if (length === 0 || port === 0 || closed) return;
    // A copy: when the kernel's buffer is full the octets wait, and `out` is used again.
    waiting++;
    socket.send(Buffer.from(answerer.out.subarray(0, length)), port, host, sent);
  };
  socket.on('message', (query, client) => {
    if (waiting >= MAX_WAITING) {
      answerer.shed();
      return;
    }
    setClientText(asking, client.address);
    answerer.begin();
    const length = answerer.answer(query, query.length, asking);
    if (length === LATER) {
      answerer.takeLater!()((later) => respond(later, client));
      return;
    }
    respond(length, client);
    answerer.end(1);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: address.address, port: address.port }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', (error) => log.warn({ error, address }, 'UDP socket error'));
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch (error) {
    log.debug({ error, address }, 'the UDP receive buffer keeps its size');
  }
  return {
    address: { address: address.address, port: socket.address().port },
    close() {
      closed = true;
      return new Promise((resolve) => socket.close(resolve));
    },
  };
}
