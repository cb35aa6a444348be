import type { BatchedSocket, BatchedSockets } from '../dns/server/batched-socket.ts';
import { createClientAddress, setClientText } from '../dns/server/client-address.ts';
import type { SocketAddress } from '../dns/server/transport.ts';
import {
  BATCH,
  createDatagramBatch,
  type DatagramBatch,
  HEADER_OCTETS,
  LATER_SLOT,
  nameAt,
  RESPONSE_ROOM,
} from './datagram-batch.ts';
import { sendAll } from './send-all.ts';
import {
  AF_INET,
  AF_INET6,
  encodeSocketAddress,
  portAt,
  putSocketAddress,
  readClient,
} from './socket-address.ts';
import { bindSocketCalls, checked, lastErrorCode, MSG_DONTWAIT, type SocketCalls } from './socket-calls.ts';

/** Linux, asm-generic/socket.h, in.h and in6.h. */
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const [SOL_IP, SOL_SOCKET, SOL_IPV6] = [0, 1, 41];
const [SO_REUSEADDR, SO_SNDBUF, SO_RCVBUF, SO_REUSEPORT] = [2, 7, 8, 15];
const IPV6_V6ONLY = 26;
const [IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_OMIT] = [10, 23, 5];

/** Octets that the kernel may queue for us, either way; it may grant less. */
const KERNEL_BUFFER = 4 * 1024 * 1024;

/** @throws Error where the kernel cannot be called in this way */
export function batchedSockets(): BatchedSockets {
  const calls = bindSocketCalls();
  const batch = createDatagramBatch();
  tryCalls(calls, batch);
  return { open: (address) => batchedSocket(calls, batch, bindSocket(calls, address)) };
}

/** A sandbox may forbid what it does not know. */
function tryCalls(calls: SocketCalls, batch: DatagramBatch): void {
  const fd = checked(calls.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
  try {
    const received = receiveFrom(calls, fd, batch, 0);
    if (received < 0 && lastErrorCode() !== 'EAGAIN') checked(received, 'recvmmsg');
    checked(calls.sendmmsg(fd, batch.toSend, 0, MSG_DONTWAIT), 'sendmmsg');
  } finally {
    calls.close(fd);
  }
}

/** Receives into the batch from this place on; how many there were, -1 for none. */
function receiveFrom(calls: SocketCalls, fd: number, batch: DatagramBatch, from: number): number {
  batch.prepare(from);
  const headers = batch.received + from * HEADER_OCTETS;
  return calls.recvmmsg(fd, headers, BATCH - from, MSG_DONTWAIT, null);
}

function setOption(calls: SocketCalls, fd: number, level: number, name: number, value: number): number {
  return calls.setsockopt(fd, level, name, Uint32Array.of(value), 4);
}

function bindSocket(calls: SocketCalls, address: SocketAddress): number {
  const { family, octets } = encodeSocketAddress(address);
  const fd = checked(calls.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
  try {
    const set = (level: number, name: number, value: number): number =>
      setOption(calls, fd, level, name, value);
    checked(set(SOL_SOCKET, SO_REUSEPORT, 1), 'setsockopt');
    if (family === AF_INET6) checked(set(SOL_IPV6, IPV6_V6ONLY, 1), 'setsockopt');
    // The rest is done without where the kernel grants or knows it not. No fragments because somebody says that the path is narrow: responses
    // are small enough, and a fragment can be forged (RFC 9715 §3.1).
    if (family === AF_INET6) set(SOL_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_OMIT);
    else set(SOL_IP, IP_MTU_DISCOVER, PMTUDISC_OMIT);
    set(SOL_SOCKET, SO_RCVBUF, KERNEL_BUFFER);
    set(SOL_SOCKET, SO_SNDBUF, KERNEL_BUFFER);
    checked(calls.bind(fd, octets, octets.length), 'bind');
    return fd;
  } catch (error) {
    calls.close(fd);
    throw error;
  }
}

/** For all of them: addresses are read one after the other. */
const sender = createClientAddress();

function batchedSocket(calls: SocketCalls, batch: DatagramBatch, fd: number): BatchedSocket {
  /** Datagrams and responses of the batch. */
  let count = 0;
  let queued = 0;
  return {
    fd,
    most: BATCH,
    memory: batch.memory,
    keepPort: () => void checked(setOption(calls, fd, SOL_SOCKET, SO_REUSEADDR, 0), 'setsockopt'),
    begin(octets, from) {
      count = queued = 0;
      if (octets === undefined || from === undefined) return;
      setClientText(sender, from.address);
      batch.queries[0]!.set(octets);
      const nameLength = putSocketAddress(
        batch.names,
        nameAt(0),
        sender.octets,
        sender.size,
        from.port,
        scopeOf(calls, from.address),
      );
      batch.setLengths(0, octets.length, nameLength);
      count = 1;
    },
    receive() {
      // Whatever keeps the kernel from giving more (no memory, for now): Node goes on with one at a time.
      count += Math.max(0, receiveFrom(calls, fd, batch, count));
      return count;
    },
    query: (index) => batch.queries[index]!,
    length: (index) => batch.lengthOf(index),
    client(index, into) {
      const at = nameAt(index);
      readClient(into, batch.names, at);
      return portAt(batch.names, at) !== 0;
    },
    room: () => batch.responses[queued]!,
    put(index, length) {
      // Never so: UDP has a limit far below. A bug there must not end the thread for whoever finds it.
      if (length > RESPONSE_ROOM) return;
      batch.address(queued++, index, length);
    },
    send: () => (queued === 0 ? 0 : sendAll(calls, fd, batch.toSend, 0, queued)),
    later(index) {
      const sender = batch.senderOf(index);
      return (octets, length) => {
        if (length > RESPONSE_ROOM) return;
        batch.restore(sender);
        batch.responses[LATER_SLOT]!.set(octets.subarray(0, length));
        batch.address(LATER_SLOT, LATER_SLOT, length);
        sendAll(calls, fd, batch.toSend, LATER_SLOT, LATER_SLOT + 1);
      };
    },
  };
}

/** `fe80::1%eth0` is only known on its link. */
function scopeOf(calls: SocketCalls, address: string): number {
  const zone = address.indexOf('%');
  return zone < 0 ? 0 : calls.if_nametoindex(address.slice(zone + 1));
}
