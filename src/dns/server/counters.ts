import type { AnswerContext } from './answer.ts';
import { NUMBERED_ZONES } from '../zone/zone-numbers.ts';
import { CookieState } from './cookies.ts';
import { LATENCY_COUNTS, type LatencyCounters, latencyIndex } from './latency.ts';
import { Verdict } from './rate-limit.ts';

/** Codes up to 23 have a meaning (IANA); what is above counts as the last. */
const RCODES = 32;
/** Types up to CAA (257) and its neighbours; what is above counts as the last. */
const QTYPES = 264;
const Field = {
  queries: 0,
  dropped: 1,
  failures: 2,
  truncated: 3,
  shed: 4,
  whole: 5,
  difference: 6,
  cookieNew: 7,
  cookieInvalid: 8,
  cookieValid: 9,
  slipped: 10,
  limited: 11,
  latencySum: 12,
  latency: 13,
  rcodes: 13 + LATENCY_COUNTS,
} as const;
const WORDS = Field.rcodes + RCODES + QTYPES;

/** What is counted for each zone, 32 bits each, over all transports: they begin anew when they are full. */
export const ZoneField = { queries: 0, nameErrors: 1 } as const;
export const ZONE_FIELDS = 2;

/** What came in and went out over one transport of one worker since it was first started. */
export interface TransportCounters {
  queries: number;
  /** Messages that got no reply, as they are no queries. */
  dropped: number;
  /** Answers that failed inside (SERVFAIL). */
  failures: number;
  /** Replies that did not fit, those that were made short left out, so that the client asks again over TCP. */
  truncated: number;
  /**
   * By batches: responses that the kernel did not take in time, dropped and counted among the others all the same. By `node:dgram`: messages that were
   * not looked at, as too many responses wait for the kernel; not among `queries`.
   */
  shed: number;
  /** Transfers of a whole zone (AXFR, or in place of IXFR), and of a difference (IXFR), that began. */
  transfers: { whole: number; difference: number };
  /** Queries with a cookie (RFC 7873): the client's alone, one that is not ours (any more), and one that is. */
  cookies: { new: number; invalid: number; valid: number };
  /** Responses that were too many (see `rate-limit.ts`): made short, and not sent. */
  limited: { slipped: number; dropped: number };
  /** Replies by RCODE, extended ones included; 31 is any above 30. */
  rcodes: Map<number, number>;
  /** Replies by type asked for; 263 is any above 262, 0 a question that could not be read. */
  qtypes: Map<number, number>;
  /** Without those whose answers the control plane made. */
  latency: LatencyCounters;
}

export interface WorkerCounters {
  udp: TransportCounters;
  tcp: TransportCounters;
  /** DNS over TLS, which one worker serves that serves nothing else. */
  tls: TransportCounters;
  /** DNS over HTTPS, which the control plane answers. */
  https: TransportCounters;
}

export type CountedTransport = keyof WorkerCounters;
const transports: readonly CountedTransport[] = ['udp', 'tcp', 'tls', 'https'];

/** A worker through all its replacements. */
export interface SeatCounters extends WorkerCounters {
  /** How many times it was replaced. */
  restarts: number;
  /** Whether there is one at this moment. */
  running: boolean;
  /** It is no worker, but the control plane's own thread. */
  isOwn?: true;
}

/** Octets of the counters of transports, which those of zones follow. */
const TRANSPORT_OCTETS = transports.length * WORDS * Float64Array.BYTES_PER_ELEMENT;

/**
 * Memory for the counters of one worker: the supervisor owns it, so counts survive a crash. Zones have 2 MiB of it, of which the kernel gives what is
 * written to: 8 octets for a zone.
 */
export function createCounterMemory(): SharedArrayBuffer {
  const zoneOctets = NUMBERED_ZONES * ZONE_FIELDS * Uint32Array.BYTES_PER_ELEMENT;
  return new SharedArrayBuffer(TRANSPORT_OCTETS + zoneOctets);
}

/** Of each zone, by its number, the words of {@link ZoneField}. */
export function zoneCounts(memory: SharedArrayBuffer): Uint32Array {
  return new Uint32Array(memory, TRANSPORT_OCTETS);
}

/** The counters of one transport: only the worker writes them. */
export interface Counting {
  /** Counts one message, after it was answered; `length` 0 means that there was no reply. */
  count(context: AnswerContext, length: number): void;
  /** Counts how long a batch of so many messages took, milliseconds. */
  countLatency(milliseconds: number, messages: number): void;
  countFailure(): void;
  countShed(): void;
}

export function openCounters(memory: SharedArrayBuffer, transport: CountedTransport): Counting {
  const words = transportWords(memory, transport);
  const zones = zoneCounts(memory);
  return {
    count({ rcode, qtype, truncated, transfer, cookie, limited, zone, nameError }, length) {
      words[Field.queries]!++;
      zones[ZONE_FIELDS * zone]!++;
      if (nameError) zones[ZONE_FIELDS * zone + ZoneField.nameErrors]!++;
      if (limited === Verdict.drop) {
        words[Field.limited]!++;
        return;
      }
      if (length === 0) {
        words[Field.dropped]!++;
        return;
      }
      if (cookie !== CookieState.none) words[cookieField(cookie)]!++;
      if (limited === Verdict.slip) words[Field.slipped]!++;
      else if (truncated) words[Field.truncated]!++;
      if (transfer) words[Field[transfer]]!++;
      words[Field.rcodes + Math.min(rcode, RCODES - 1)]!++;
      words[Field.rcodes + RCODES + Math.min(qtype, QTYPES - 1)]!++;
    },
    countLatency(milliseconds, messages) {
      words[Field.latencySum]! += milliseconds * messages;
      words[Field.latency + latencyIndex(milliseconds)]! += messages;
    },
    countFailure() {
      words[Field.failures]!++;
    },
    countShed() {
      words[Field.shed]!++;
    },
  };
}

function cookieField(cookie: CookieState): number {
  if (cookie === CookieState.client) return Field.cookieNew;
  return cookie === CookieState.invalid ? Field.cookieInvalid : Field.cookieValid;
}

export function readCounters(memory: SharedArrayBuffer): WorkerCounters {
  const [udp, tcp, tls, https] = transports.map((transport) => readTransport(memory, transport));
  return { udp: udp!, tcp: tcp!, tls: tls!, https: https! };
}

function transportWords(memory: SharedArrayBuffer, transport: CountedTransport): Float64Array {
  const offset = transports.indexOf(transport) * WORDS * Float64Array.BYTES_PER_ELEMENT;
  return new Float64Array(memory, offset, WORDS);
}

function readTransport(memory: SharedArrayBuffer, transport: CountedTransport): TransportCounters {
  const words = transportWords(memory, transport);
  return {
    queries: words[Field.queries]!,
    dropped: words[Field.dropped]!,
    failures: words[Field.failures]!,
    truncated: words[Field.truncated]!,
    shed: words[Field.shed]!,
    transfers: { whole: words[Field.whole]!, difference: words[Field.difference]! },
    cookies: {
      new: words[Field.cookieNew]!,
      invalid: words[Field.cookieInvalid]!,
      valid: words[Field.cookieValid]!,
    },
    limited: { slipped: words[Field.slipped]!, dropped: words[Field.limited]! },
    rcodes: nonZero(words.subarray(Field.rcodes, Field.rcodes + RCODES)),
    qtypes: nonZero(words.subarray(Field.rcodes + RCODES)),
    latency: {
      counts: [...words.subarray(Field.latency, Field.latency + LATENCY_COUNTS)],
      sum: words[Field.latencySum]!,
    },
  };
}

function nonZero(words: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  words.forEach((count, index) => {
    if (count > 0) counts.set(index, count);
  });
  return counts;
}
