import type { MessageMemory } from '../dns/server/transport.ts';
import { SOCKET_ADDRESS_OCTETS } from './socket-address.ts';
import { addressOf } from './socket-calls.ts';

/** Datagrams in a batch. */
export const BATCH = 64;
/** The largest UDP payload there is, octets; and a little more, so that the starts do not fall on the same lines of the caches. */
const QUERY_ROOM = 0x1_0000;
const QUERY_STRIDE = QUERY_ROOM + 192;
/** Room for a response: what goes out over UDP is far below. */
export const RESPONSE_ROOM = 2112;
const NAME_STRIDE = 32;

/**
 * struct mmsghdr (recvmmsg(2)) in words of 32 bits, the same on x86-64 and arm64: struct msghdr with name, length of the name, iovec, number of
 * iovecs, control messages, their length, flags; then the octets that were received. Pointers and sizes have two words.
 */
const HEADER_WORDS = 16;
export const HEADER_OCTETS = 4 * HEADER_WORDS;
const Field = { name: 0, nameLength: 2, iovec: 4, iovecs: 6, length: 14 } as const;
/** struct iovec: base and length. */
const IOVEC_WORDS = 4;
const IOVEC_LENGTH = 2;

/** One more datagram and response than a batch has: what is answered later is sent by itself. */
export const LATER_SLOT = BATCH;
const SLOTS = BATCH + 1;

/** Memory for a batch of datagrams and their responses, as the kernel wants it. Nothing is allocated for a datagram. */
export interface DatagramBatch {
  /** Where headers are, for the kernel. */
  readonly received: number;
  readonly toSend: number;
  /** What only the kernel reads: it would be given back otherwise. */
  readonly kept: readonly Uint32Array[];
  /** The payload of each, from its start on. */
  readonly queries: readonly Uint8Array[];
  /** Room of the n-th response, from its start on. */
  readonly responses: readonly Uint8Array[];
  /** What those are parts of. */
  readonly memory: MessageMemory;
  /** Socket addresses of the senders, each {@link nameAt} its place. */
  readonly names: Uint8Array;
  /** Octets of the n-th that was received. */
  lengthOf(index: number): number;
  /** Makes headers from `from` on ready to receive into. */
  prepare(from: number): void;
  /** Says of a datagram that it has so many octets, and that its sender's address has so many. */
  setLengths(index: number, length: number, nameLength: number): void;
  /** Makes a header that sends so many octets of the response of this number to who sent a datagram. */
  address(response: number, index: number, length: number): void;
  /** Who sent a datagram: for a response that comes when the batch is another one. */
  senderOf(index: number): Sender;
  /** Makes it the sender of datagram {@link LATER_SLOT}. */
  restore(sender: Sender): void;
}

export interface Sender {
  name: Uint8Array;
  nameLength: number;
}

export function nameAt(index: number): number {
  return index * NAME_STRIDE;
}

export function createDatagramBatch(): DatagramBatch {
  const queries = new ArrayBuffer(BATCH * QUERY_STRIDE);
  const responses = new ArrayBuffer(SLOTS * RESPONSE_ROOM + 0xffff);
  const names = new Uint8Array(new ArrayBuffer(SLOTS * NAME_STRIDE));
  const incoming = createHeaders(addressOf(queries), QUERY_STRIDE, QUERY_ROOM);
  const outgoing = createHeaders(addressOf(responses), RESPONSE_ROOM, 0);
  const namesAt = addressOf(names.buffer);
  for (let i = 0; i < SLOTS; i++)
    for (const { headers } of [incoming, outgoing])
      setPointer(headers, i * HEADER_WORDS + Field.name, namesAt + nameAt(i));
  const { headers: received } = incoming;
  const { headers: sent, iovecs: sentLengths } = outgoing;
  return {
    received: incoming.at,
    toSend: outgoing.at,
    kept: [incoming.iovecs],
    queries: Array.from({ length: BATCH }, (_, i) => new Uint8Array(queries, i * QUERY_STRIDE, QUERY_ROOM)),
    // Each reaches over those behind it, which are written later: whoever writes a message may count on room for the largest.
    responses: Array.from({ length: SLOTS }, (_, i) => new Uint8Array(responses, i * RESPONSE_ROOM, 0xffff)),
    memory: { queries: new DataView(queries), responses: new DataView(responses) },
    names,
    lengthOf: (index) => received[index * HEADER_WORDS + Field.length]!,
    prepare(from) {
      for (let i = from; i < BATCH; i++)
        received[i * HEADER_WORDS + Field.nameLength] = SOCKET_ADDRESS_OCTETS;
    },
    setLengths(index, length, nameLength) {
      received[index * HEADER_WORDS + Field.length] = length;
      received[index * HEADER_WORDS + Field.nameLength] = nameLength;
    },
    address(response, index, length) {
      const to = response * HEADER_WORDS;
      const from = index * HEADER_WORDS;
      sent[to] = received[from]!;
      sent[to + 1] = received[from + 1]!;
      sent[to + Field.nameLength] = received[from + Field.nameLength]!;
      sentLengths[response * IOVEC_WORDS + IOVEC_LENGTH] = length;
    },
    senderOf: (index) => ({
      name: names.slice(nameAt(index), nameAt(index + 1)),
      nameLength: received[index * HEADER_WORDS + Field.nameLength]!,
    }),
    restore({ name, nameLength }) {
      names.set(name, nameAt(LATER_SLOT));
      received[LATER_SLOT * HEADER_WORDS + Field.nameLength] = nameLength;
    },
  };
}

/** Headers with an iovec each, over memory that starts at `octetsAt`. */
function createHeaders(octetsAt: number, stride: number, length: number) {
  const headers = new Uint32Array(new ArrayBuffer(SLOTS * HEADER_OCTETS));
  const iovecs = new Uint32Array(new ArrayBuffer(SLOTS * IOVEC_WORDS * 4));
  const iovecsAt = addressOf(iovecs.buffer);
  for (let i = 0; i < SLOTS; i++) {
    setPointer(iovecs, i * IOVEC_WORDS, octetsAt + i * stride);
    iovecs[i * IOVEC_WORDS + IOVEC_LENGTH] = length;
    setPointer(headers, i * HEADER_WORDS + Field.iovec, iovecsAt + i * IOVEC_WORDS * 4);
    headers[i * HEADER_WORDS + Field.iovecs] = 1;
  }
  return { headers, iovecs, at: addressOf(headers.buffer) };
}

function setPointer(words: Uint32Array, at: number, address: number): void {
  words[at] = address % 2 ** 32;
  words[at + 1] = Math.floor(address / 2 ** 32);
}
