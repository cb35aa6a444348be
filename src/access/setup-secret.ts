import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { hashSecret, matchesHash, randomText } from './secret.ts';

/** Milliseconds for which the link of the first start works. */
const LIFETIME = 3_600_000;

export interface SetupSecrets {
  /** Makes the one secret; an earlier one is void. */
  create(): string;
  /** Whether it is the secret. */
  matches(secret: string): boolean;
  /** Whether it is the secret; it is void from then on. */
  redeem(secret: string): boolean;
  /** Somebody has got in: it is none any more. */
  end(): void;
}

/** The one-time secret of the first start: in this process's memory only, and only as a hash. */
export function createSetupSecrets({ clock, random }: { clock: Clock; random: Random }): SetupSecrets {
  let current: { hash: Uint8Array; expires: number } | undefined;
  function matches(secret: string): boolean {
    if (current && clock.monotonic() >= current.expires) current = undefined;
    return matchesHash(secret, current?.hash);
  }
  return {
    matches,
    end: () => void (current = undefined),
    create() {
      const secret = randomText(random);
      current = { hash: hashSecret(secret), expires: clock.monotonic() + LIFETIME };
      return secret;
    },
    redeem(secret) {
      const right = matches(secret);
      if (right) current = undefined;
      return right;
    },
  };
}
