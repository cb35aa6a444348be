import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { EventHub } from '../../work/events.ts';

/** Milliseconds of rest after a secondary failed, doubled each time up to the longest. */
const FIRST_REST = 60_000;
const LONGEST_REST = 3_600_000;
/**
 * Milliseconds that orders wait for a secondary that stays behind. From then on they are tried without it: a CA that asks another nameserver
 * finds the record, and one that asks this one refuses the try, not the next; a certificate that expires helps nobody.
 */
const HOLD = 6 * 3_600_000;

/** A secondary at one of its addresses; undefined: its name has none. */
export interface SecondaryPlace {
  secondary: Name;
  address: string | undefined;
}

/** - `silent`: it does not answer; `behind`: it answers, without what the box has published; `unresolved`: its name has no address */
export type SecondaryReason = 'silent' | 'behind' | 'unresolved';

/**
 * A secondary in trouble. Nothing waits for one that is silent; for one that is behind only what it serves, and that no longer than
 * {@link HOLD}.
 */
export interface SecondaryTrouble extends SecondaryPlace {
  reason: SecondaryReason;
  /** Milliseconds since the epoch, as `retryAt`. */
  since: number;
  /** When it is asked again. */
  retryAt: number;
}

/** Which secondaries are in trouble: each is named, and asked again with back-off, whether anybody waits for it or not. */
export interface SecondaryTroubles {
  of(place: SecondaryPlace): SecondaryTrouble | undefined;
  /** `isWell` asks again, and says whether it is out of that trouble. */
  note(place: SecondaryPlace, reason: SecondaryReason, isWell: () => Promise<boolean>): void;
  clear(place: SecondaryPlace): void;
  list(): SecondaryTrouble[];
  /** Asks no more. */
  stop(): Promise<void>;
}

export interface SecondaryTroubleOptions {
  /** Whether it is a secondary of the box yet. */
  isSecondary: (name: Name) => boolean;
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  log: Log;
}

interface Known extends SecondaryTrouble {
  failures: number;
  isWell: () => Promise<boolean>;
}

export function createSecondaryTroubles(options: SecondaryTroubleOptions): SecondaryTroubles {
  const { events, clock, log } = options;
  const troubles = new Map<string, Known>();
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  const keyOf = ({ secondary, address = '' }: SecondaryPlace): string => `${secondary.key} ${address}`;
  const toldOf = ({ secondary, address }: SecondaryPlace) => ({
    secondary: secondary.toText(),
    ...(address !== undefined && { address }),
  });

  function note(place: SecondaryPlace, reason: SecondaryReason, isWell: Known['isWell']): void {
    if (stopped) return;
    const before = troubles.get(keyOf(place));
    // Several orders may see it at one moment.
    if (before?.reason === reason && before.retryAt > clock.now()) return;
    const failures = (before?.failures ?? 0) + 1;
    const rest = Math.min(FIRST_REST * 2 ** (failures - 1), LONGEST_REST);
    const since = before?.since ?? clock.now();
    troubles.set(keyOf(place), { ...place, reason, failures, since, isWell, retryAt: clock.now() + rest });
    log.warn({ ...toldOf(place), reason, rest }, 'a secondary is in trouble');
    if (before?.reason !== reason) events.publish('secondary.failed', { ...toldOf(place), reason });
    wait();
  }

  function clear(place: SecondaryPlace): void {
    if (troubles.delete(keyOf(place))) events.publish('secondary.mended', toldOf(place));
  }

  function wait(): void {
    timer?.cancel();
    if (stopped || troubles.size === 0) return;
    const first = Math.min(...[...troubles.values()].map(({ retryAt }) => retryAt));
    timer = clock.after(Math.max(first - clock.now(), 0), () => void (running = retry()));
  }

  async function retry(): Promise<void> {
    const due = [...troubles.values()].filter(({ retryAt }) => retryAt <= clock.now());
    await Promise.all(
      due.map(async (trouble) => {
        const { secondary, reason, isWell } = trouble;
        // One that is none any more troubles nobody.
        const isWellNow = !options.isSecondary(secondary) || (await isWell().catch(() => false));
        if (isWellNow) clear(trouble);
        else note(trouble, reason, isWell);
      }),
    );
    wait();
  }

  return {
    of: (place) => troubles.get(keyOf(place)),
    note: ({ secondary, address }, reason, isWell) => note({ secondary, address }, reason, isWell),
    clear,
    list: () =>
      [...troubles.values()].map(({ secondary, address, reason, since, retryAt }) => ({
        secondary,
        address,
        reason,
        since,
        retryAt,
      })),
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}

/** Whether orders go on without it: it has been behind for so long that there is more to lose by waiting. */
export function isGivenUp(
  { reason, since }: Pick<SecondaryTrouble, 'reason' | 'since'>,
  now: number,
): boolean {
  return reason === 'behind' && now - since >= HOLD;
}
