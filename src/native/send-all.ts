import { HEADER_OCTETS } from './datagram-batch.ts';
import { lastErrorCode, MSG_DONTWAIT, type SocketCalls } from './socket-calls.ts';

const POLLOUT = 4;
/** Milliseconds that responses wait for a kernel whose buffer is full: a network card that is slower than the questions come. */
const PATIENCE = 5;

type SendCalls = Pick<SocketCalls, 'sendmmsg' | 'poll'>;

/**
 * Sends responses `from` to `to`; how many the kernel did not take. What cannot be sent to one client (no route, a firewall) is that client's
 * affair, and spoofed ones are many: the others do not wait for it.
 */
export function sendAll(calls: SendCalls, fd: number, headers: number, from: number, to: number): number {
  let left = 0;
  let waited = false;
  for (let at = from; at < to;) {
    const sent = calls.sendmmsg(fd, headers + at * HEADER_OCTETS, to - at, MSG_DONTWAIT);
    if (sent > 0) {
      at += sent;
      continue;
    }
    const code = lastErrorCode();
    if (code === 'EAGAIN') {
      if (waited || !waitToSend(calls, fd)) return left + to - at;
      waited = true;
    } else if (code !== 'EINTR') {
      if (code === 'ENOBUFS') left++;
      at++;
    }
  }
  return left;
}

/** struct pollfd: descriptor, events, what happened. */
function waitToSend(calls: SendCalls, fd: number): boolean {
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(POLLOUT, 4);
  return calls.poll(pollfd, 1, PATIENCE) > 0;
}
