import { join } from 'node:path';
import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { POLICY_SOCKET, SRS_SOCKET } from './question-sockets.ts';
import { type ReaderSocket, serveReaders } from './reader-socket.ts';
import type { SendLimits } from './sending/limits.ts';
import { limitAction, servePolicy } from './sending/policy.ts';
import type { SentStorage } from './sending/store.ts';
import { serveSocketmap } from './srs/socketmap.ts';
import { srsBack, srsForward } from './srs/srs.ts';

/** What Postfix asks the box while mail passes, where a look-up in the directory does not do. */
export interface MailQuestions {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface MailQuestionsOptions {
  /** Of the directory. */
  folder: string;
  limits: SendLimits;
  sent: SentStorage;
  srsSecret: () => string;
  /** The box's own name, lower case; undefined while it has none. */
  hostname: () => string | undefined;
  clock: Clock;
  log: Log;
}

/** Milliseconds; no limit is about a longer time. */
const KEPT = 31 * 86_400_000;
const HOUR = 3_600_000;
/** Counts that are forgotten at once, and milliseconds until the next. */
const FORGOTTEN = 1000;
const PAUSE = 100;

export function createMailQuestions(options: MailQuestionsOptions): MailQuestions {
  const { folder, limits, sent, clock, log } = options;
  let sockets: ReaderSocket[] = [];
  let timer: Timer | undefined;

  function find(map: string, key: string): string | undefined {
    const hostname = options.hostname();
    if (hostname === undefined) return undefined;
    const srs = { secret: options.srsSecret(), hostname, now: clock.now() };
    if (map === 'back') return srsBack(key, srs);
    // Canonical maps are asked again with what they gave.
    return map === 'forward' && !key.toLowerCase().endsWith(`@${hostname}`)
      ? srsForward(key, srs)
      : undefined;
  }

  /** What cannot be looked up keeps nobody from sending. */
  function decide(request: ReadonlyMap<string, string>): string {
    try {
      return limitAction(limits, request);
    } catch (error) {
      log.error({ err: error }, 'what a mailbox may send cannot be looked up');
      return 'DUNNO';
    }
  }

  /** In pieces that keep nobody waiting, until nothing is left that is so old. */
  function forget(): void {
    const isMore = sent.forget(clock.now() - KEPT, FORGOTTEN) === FORGOTTEN;
    timer = clock.after(isMore ? PAUSE : HOUR, forget);
  }

  return {
    async start() {
      sockets = [
        await serveReaders(join(folder, POLICY_SOCKET), (socket) => servePolicy(socket, decide), log),
        await serveReaders(join(folder, SRS_SOCKET), (socket) => serveSocketmap(socket, find), log),
      ];
      forget();
    },
    async stop() {
      timer?.cancel();
      await Promise.all(sockets.map((socket) => socket.close()));
      sent.close();
    },
  };
}
