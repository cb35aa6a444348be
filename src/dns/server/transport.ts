import type { ClientAddress } from './client-address.ts';
import type { ServerLog } from './server-log.ts';

/** Where a server listens. */
export interface SocketAddress {
  /** An IP address, never a name. */
  address: string;
  port: number;
}

/**
 * What a transport asks for every message. The octets of a response stand at the start of `out` until the next call, so
 * a transport that does not send them at once copies them.
 */
export interface Answerer {
  readonly out: Uint8Array;
  /** To be called before the first message of a batch, with what was received in one turn: all of them are answered as of now. */
  begin(): void;
  /** To be called when the kernel has the responses of a batch of so many messages: counts how long they took. */
  end(messages: number): void;
  /**
   * Octets of the response in `out`; 0 when there is none, {@link LATER} when `takeLater` has it. `client` is the address of the one who asks,
   * in memory that may be used again after the call. `memory` is what `query` and `out` are parts of, where the transport knows it. Never throws.
   */
  answer(
    query: Uint8Array,
    length: number,
    client: ClientAddress,
    out?: Uint8Array,
    memory?: MessageMemory,
  ): number;
  /** The messages that follow the one that was just answered, if any do: only to a stream. */
  takeRest?(): Replies | undefined;
  /** The answer that comes later, after {@link LATER}. */
  takeLater?(): Later;
  /** Counts a message whose response is dropped, or that is not answered, as too many responses wait. */
  shed(): void;
}

/** All memory that messages stand in, those that came and those that go. */
export interface MessageMemory {
  readonly queries: DataView;
  readonly responses: DataView;
}

/** What an answerer returns for an answer that comes in another turn. */
export const LATER = -2;

/** Calls back once: the response stands in `out` then, of so many octets; 0 when there is none. `takeRest` has what follows it. */
export type Later = (done: (length: number) => void) => void;

/** Further messages of a reply: they are made when the client has taken those before. */
export interface Replies {
  /** Writes the next message to `out`, of 65,535 octets at least; its octets, 0 when there is none. @throws Error when it cannot be made */
  next(out: Uint8Array): number;
  /** To be called when no more is wanted. */
  close(): void;
}

/** A listening socket that feeds an answerer. */
export interface Transport {
  readonly address: SocketAddress;
  /** Stops listening; resolves when the socket is gone. */
  close(): Promise<void>;
}

/** Starts to answer UDP at an address. Rejects when it cannot be bound. */
export type ListenUdp = (address: SocketAddress, answerer: Answerer, log: ServerLog) => Promise<Transport>;

/** `key` of an address in a Map. */
export function addressKey({ address, port }: SocketAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
