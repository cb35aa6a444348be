import type { ClientAddress } from './client-address.ts';
import type { MessageMemory, SocketAddress } from './transport.ts';

/** Opens UDP sockets whose datagrams come and go by the batch: a call of the kernel moves many. They belong to the thread that opens them. */
export interface BatchedSockets {
  /**
   * Binds a socket of its own beside those of other threads (SO_REUSEPORT).
   * @throws Error with the kernel's code
   */
  open(address: SocketAddress): BatchedSocket;
}

/** All sockets of a thread share the memory of one batch: what is received is dealt with, and sent, before another one receives. */
export interface BatchedSocket {
  /** The descriptor. It is its opener's to close. */
  readonly fd: number;
  /** Datagrams of a full batch. */
  readonly most: number;
  /** What queries and rooms are parts of. */
  readonly memory: MessageMemory;
  /** Keeps the port from other programs. To be called once Node has the descriptor: it lets them have it then (SO_REUSEADDR). */
  keepPort(): void;
  /** Begins a batch: with a datagram that was received by other means, or with none. */
  begin(octets?: Uint8Array, sender?: { address: string; port: number }): void;
  /** Adds the datagrams that wait, as many as a batch holds; how many it has then. Never waits. */
  receive(): number;
  /** The octets of a datagram of the batch: valid until the next one begins. */
  query(index: number): Uint8Array;
  /** How many of them there are. */
  length(index: number): number;
  /** Sets the address of who sent it. False for port 0, which nobody can be answered at. */
  client(index: number, into: ClientAddress): boolean;
  /** Where the next response is to be written. No accessor: each socket would have a shape of its own. */
  room(): Uint8Array;
  /** Has the octets at the start of its room sent to who sent this datagram. */
  put(index: number, length: number): void;
  /** Sends what was put; how many responses the kernel did not take. */
  send(): number;
  /** Whom to send the response to a datagram later: the octets at the start of what it is called with. */
  later(index: number): (octets: Uint8Array, length: number) => void;
}
