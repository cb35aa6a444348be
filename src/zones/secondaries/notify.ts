import { setMaxListeners } from 'node:events';
import { type Clock, epochSeconds, type Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import type { Server } from '../../dns/client/exchange.ts';
import { exchangeUdp } from '../../dns/client/udp.ts';
import { decodeHeader } from '../../dns/message/header.ts';
import { encodeMessage, newMessage } from '../../dns/message/message.ts';
import { signRequest, type TsigKey } from '../../dns/message/tsig.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Opcode, Rcode, rcodeName } from '../../dns/wire/codes.ts';
import { FormErr } from '../../dns/wire/form-error.ts';
import type { Name } from '../../dns/wire/name.ts';
import { WireReader } from '../../dns/wire/reader.ts';

/** Milliseconds for an answer; the next tries wait twice as long each time (RFC 1996 §3.6). */
const FIRST_TIMEOUT = 2000;
/** Sendings of one NOTIFY: the last waits for half a minute. A secondary that missed them all asks by itself, when it refreshes. */
const TRIES = 5;
/** NOTIFYs to one address that wait for an answer: with many zones an answer makes room for the next. */
const AT_ONCE = 16;
/** Milliseconds between two NOTIFYs to one address: 200 a second, whatever changes. */
const PACE = 5;

/** Where a zone's changes are told. */
export interface NotifyTarget {
  server: Server;
  /** Signs what is sent. */
  key: TsigKey | undefined;
  /** Whether it may have the zone. */
  takes: (zone: Name) => boolean;
}

export interface Notifier {
  /** These zones have changed: every secondary is told, once for all changes until it is its turn. */
  changed(zones: readonly Name[]): void;
  /** NOTIFYs that wait for their turn, or for an answer. */
  readonly pending: number;
  stop(): void;
}

export interface NotifierOptions {
  /** Who is told now. */
  targets: () => readonly NotifyTarget[];
  /** The SOA of the version that is served; undefined: none is. */
  soaOf: (zone: Name) => ResourceRecord | undefined;
  clock: Clock;
  random: Random;
  log: Log;
}

/** One address, with the zones that it is to be told of. */
interface Queue {
  target: NotifyTarget;
  zones: Map<string, Name>;
  running: number;
  /** It did not answer last time: one at a time, until it does. */
  silent: boolean;
  timer: Timer | undefined;
}

/**
 * Tells secondaries of changes (NOTIFY, RFC 1996). A zone is in a queue once, however often it changes before its turn, and what is sent has
 * the SOA of that moment.
 */
export function createNotifier({ targets, soaOf, clock, random, log }: NotifierOptions): Notifier {
  const queues = new Map<string, Queue>();
  const stopping = new AbortController();
  // Each NOTIFY under way is one.
  setMaxListeners(0, stopping.signal);

  const send = async ({ server, key }: NotifyTarget, zone: Name): Promise<boolean> => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const soa = soaOf(zone);
      if (!soa) return true;
      const id = randomInteger(random, 0x10000);
      const plain = notifyMessage(id, zone, soa);
      const message = key ? signRequest(plain, key, epochSeconds(clock)).message : plain;
      const wait = { clock, timeout: FIRST_TIMEOUT * 2 ** attempt, signal: stopping.signal };
      const result = await exchangeUdp(message, server, (bytes) => rcodeOf(bytes, id, zone), wait);
      if (stopping.signal.aborted) return true;
      if (typeof result === 'number') {
        if (result !== Rcode.NOERROR)
          log.warn({ server, zone: zone.toText(), rcode: rcodeName(result) }, 'a secondary refuses a NOTIFY');
        return true;
      }
      // An address that refuses at once is asked again as slowly as one that says nothing.
      if (result.kind === 'unreachable') await pause(wait.timeout);
    }
    return false;
  };
  const pause = (delay: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.after(delay, () => end());
      const end = (): void => {
        timer.cancel();
        stopping.signal.removeEventListener('abort', end);
        resolve();
      };
      stopping.signal.addEventListener('abort', end, { once: true });
    });
  const next = (queue: Queue): void => {
    const most = queue.silent ? 1 : AT_ONCE;
    const [first] = queue.zones;
    if (stopping.signal.aborted || !first || queue.running >= most || queue.timer) return;
    const [key, zone] = first;
    queue.zones.delete(key);
    queue.running++;
    void send(queue.target, zone).then((heard) => {
      queue.running--;
      if (!heard && !queue.silent)
        log.warn({ server: queue.target.server }, 'a secondary does not answer NOTIFY');
      queue.silent = !heard;
      next(queue);
    });
    queue.timer = clock.after(PACE, () => {
      queue.timer = undefined;
      next(queue);
    });
  };

  return {
    changed(zones) {
      for (const target of targets()) {
        const { address, port } = target.server;
        const at = `${address} ${port ?? ''}`;
        const queue = queues.get(at) ?? {
          ...{ target, zones: new Map<string, Name>(), running: 0, silent: false, timer: undefined },
        };
        queue.target = target;
        queues.set(at, queue);
        for (const zone of zones) if (target.takes(zone)) queue.zones.set(zone.key, zone);
        next(queue);
      }
    },
    get pending() {
      return [...queues.values()].reduce((sum, { zones, running }) => sum + zones.size + running, 0);
    },
    stop() {
      stopping.abort();
      for (const { timer } of queues.values()) timer?.cancel();
    },
  };
}

/** RFC 1996 §3.5, §3.7: AA, the zone as the question, and its SOA as an answer. */
function notifyMessage(id: number, zone: Name, soa: ResourceRecord): Uint8Array {
  return encodeMessage(
    newMessage({
      id,
      opcode: Opcode.NOTIFY,
      flags: { aa: true },
      questions: [{ name: zone, type: Type.SOA, class: Class.IN }],
      answers: [{ ...soa, class: Class.IN }],
    }),
  );
}

/** The RCODE of what answers the NOTIFY: its id and its zone (RFC 1996 §3.6); undefined for anything else. */
function rcodeOf(bytes: Uint8Array, id: number, zone: Name): number | undefined {
  try {
    const reader = new WireReader(bytes);
    const header = decodeHeader(reader);
    if (header.id !== id || !header.flags.qr || header.opcode !== Opcode.NOTIFY) return undefined;
    // Who does not know NOTIFY may send back no more than the header (RFC 1996 §3.12).
    const isWhole = header.counts[0] > 0 || header.rcode === Rcode.NOERROR;
    return !isWhole || reader.name().equals(zone) ? header.rcode : undefined;
  } catch (error) {
    if (error instanceof FormErr) return undefined;
    throw error;
  }
}
