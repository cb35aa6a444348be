import type { Random } from '../../core/random.ts';
import { hashPassword } from './password.ts';

/** Makes hashes of passwords, a few at a time. */
export interface Hashing {
  hash(password: string): Promise<string>;
}

/** So that many at once take neither all threads of Node's pool nor much memory: 19 MiB each. */
const AT_ONCE = 2;

export function createHashing(random: Random): Hashing {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async hash(password) {
      // Whoever waits is given the place of the one that is done.
      if (running === AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve));
      else running++;
      try {
        return await hashPassword(password, random);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
