import type { Clock, Timer } from '../core/clock.ts';

/** A token, as far as its end is concerned. */
export interface Mortal {
  id: string;
  /** RFC 3339; undefined: never. */
  expiresAt: string | undefined;
}

/** Tells whoever does something that lasts that its token has ended. */
export interface Endings {
  /** Calls `ended` once: when the token is revoked, or when it expires. Returns how to wait no more. */
  wait(token: Mortal, ended: () => void): () => void;
  revoked(id: string): void;
}

export function createEndings(clock: Clock): Endings {
  const waiting = new Map<string, Set<() => void>>();

  return {
    wait({ id, expiresAt }, ended) {
      const own = waiting.get(id) ?? new Set();
      waiting.set(id, own);
      const finish = (): void => {
        leave();
        ended();
      };
      const timer = expiresAt === undefined ? undefined : at(clock, Date.parse(expiresAt), finish);
      const leave = (): void => {
        timer?.cancel();
        own.delete(finish);
        if (own.size === 0 && waiting.get(id) === own) waiting.delete(id);
      };
      own.add(finish);
      return leave;
    },
    revoked(id) {
      for (const finish of [...(waiting.get(id) ?? [])]) finish();
    },
  };
}

/** Calls `action` at `time`, milliseconds since the epoch, however far that is: a clock may cut a long wait short, or be set anew. */
function at(clock: Clock, time: number, action: () => void): Timer {
  const wait = (): Timer =>
    clock.after(Math.max(0, time - clock.now()), () => {
      if (clock.now() >= time) action();
      else current = wait();
    });
  let current = wait();
  return { cancel: () => current.cancel() };
}
