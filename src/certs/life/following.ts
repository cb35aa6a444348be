import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';

/** Milliseconds: domains added one after the other are looked at together, out of the way of the next one. */
const GATHER = 250;

/** Follows changes of the box and its domains, and has what came of them looked at. */
export interface Following {
  /** Runs in its turn, and looks then at what is due. Resolves when it is done; what goes wrong is logged. */
  follow(action: () => Promise<void>): Promise<void>;
  /** Looks at what is due: once for however many domains were added at a time. */
  kickSoon(): void;
  idle(): boolean;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** `kick`: looks at what is due. */
export function createFollowing(options: { kick: () => void; clock: Clock; log: Log }): Following {
  const { kick, clock, log } = options;
  let last = Promise.resolve();
  let waiting = 0;
  let gathering: Timer | undefined;
  return {
    follow(action) {
      waiting++;
      last = last
        .then(action)
        .then(kick)
        .catch((error: unknown) =>
          log.error({ err: error }, 'the list of wanted certificates could not be made'),
        )
        .finally(() => waiting--);
      return last;
    },
    kickSoon() {
      gathering ??= clock.after(GATHER, () => {
        gathering = undefined;
        kick();
      });
    },
    idle: () => !gathering && waiting === 0,
    stop() {
      gathering?.cancel();
      return last;
    },
  };
}
