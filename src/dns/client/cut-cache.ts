import type { Clock } from '../../core/clock.ts';
import type { Name } from '../wire/name.ts';
import type { Cut } from './referral.ts';

/** Zone cuts to remember for a while, the oldest forgotten first. */
export interface CutCache {
  get(zone: Name): Cut | undefined;
  set(cut: Cut): void;
}

/** `lifetime` is in milliseconds. */
export function createCutCache(
  clock: Clock,
  { size, lifetime }: { size: number; lifetime: number },
): CutCache {
  const cuts = new Map<string, { cut: Cut; until: number }>();
  return {
    get(zone) {
      const entry = cuts.get(zone.key);
      return entry && entry.until > clock.monotonic() ? entry.cut : undefined;
    },
    set(cut) {
      cuts.delete(cut.zone.key);
      cuts.set(cut.zone.key, { cut, until: clock.monotonic() + lifetime });
      const [oldest] = cuts.keys();
      if (cuts.size > size) cuts.delete(oldest!);
    },
  };
}
