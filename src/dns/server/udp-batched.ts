import { createSocket } from 'node:dgram';
import type { BatchedSocket, BatchedSockets } from './batched-socket.ts';
import { createClientAddress } from './client-address.ts';
import { type Answerer, LATER, type ListenUdp } from './transport.ts';

/** Full batches answered in a turn, of which libuv gives 32 to a socket that has more: as long TCP may wait. */
const BATCHES_IN_TURN = 4;

/** Batches answered while a socket closes: what came before is not lost for that. */
const BATCHES_AT_END = 64;

/**
 * DNS over UDP by sockets that move datagrams by the batch. Node waits for each socket, in the event loop that TCP and the supervisor share, and
 * receives one datagram; what waits behind it is taken at once, and all of them are answered together, and so is what came meanwhile. An idle thread so
 * costs nothing, and a busy one receives nearly all by the batch.
 */
export function batchedUdp(sockets: BatchedSockets): ListenUdp {
  return async (address, answerer, log) => {
    const batched = sockets.open(address);
    const socket = createSocket(address.address.includes(':') ? 'udp6' : 'udp4');
    let closed = false;
    socket.on('message', (octets, sender) => {
      batched.begin(octets, sender);
      for (let answered = 0; answered < BATCHES_IN_TURN * batched.most && !closed;) {
        const count = answerBatch(batched, answerer, () => closed);
        if (count === 0) break;
        answered += count;
        batched.begin();
      }
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ fd: batched.fd }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    batched.keepPort();
    socket.on('error', (error) => log.warn({ error, address }, 'UDP socket error'));
    return {
      address: { address: address.address, port: socket.address().port },
      close() {
        let count = 1;
        for (let batch = 0; batch < BATCHES_AT_END && count > 0; batch++) {
          batched.begin();
          count = answerBatch(batched, answerer, () => closed);
        }
        closed = true;
        return new Promise((resolve) => socket.close(resolve));
      },
    };
  };
}

/** One for each thread: answering is synchronous. */
const client = createClientAddress();

/** How many there were. */
function answerBatch(socket: BatchedSocket, answerer: Answerer, isClosed: () => boolean): number {
  const count = socket.receive();
  if (count === 0) return 0;
  const { memory } = socket;
  answerer.begin();
  let later = 0;
  for (let index = 0; index < count; index++) {
    if (!socket.client(index, client)) continue;
    const length = answerer.answer(socket.query(index), socket.length(index), client, socket.room(), memory);
    if (length > 0) socket.put(index, length);
    else if (length === LATER) {
      answerLater(socket, index, answerer, isClosed);
      later++;
    }
  }
  for (let left = socket.send(); left > 0; left--) answerer.shed();
  answerer.end(count - later);
  return count;
}

function answerLater(
  socket: BatchedSocket,
  index: number,
  answerer: Answerer,
  isClosed: () => boolean,
): void {
  const reply = socket.later(index);
  answerer.takeLater!()((length) => {
    if (length > 0 && !isClosed()) reply(answerer.out, length);
  });
}
