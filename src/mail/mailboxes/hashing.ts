import type { Random } from '../../core/random.ts';
import { type Crypt, hashPassword, isCurrent, isPassword } from './password.ts';

/** Makes hashes of passwords and compares with them, a few at a time. */
export interface Hashing {
  hash(password: string): Promise<string>;
  /** Whether the hash is of this password; without one it is not, which takes as long to say. */
  matches(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether the hash would be made in the same way today. */
  isCurrent(hash: string): boolean;
}

/** So that many at once take neither all threads of Node's pool nor much memory: 19 MiB each. */
const AT_ONCE = 2;

export function createHashing(random: Random, crypt: Crypt): Hashing {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    // Whoever waits is given the place of the one that is done.
    if (running === AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  const hash = (password: string): Promise<string> => inTurn(() => hashPassword(password, random));
  return {
    hash,
    isCurrent,
    async matches(password, kept) {
      if (kept !== undefined) return inTurn(() => isPassword(password, kept, crypt));
      await hash(password);
      return false;
    },
  };
}
