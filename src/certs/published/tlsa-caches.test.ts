import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { tlsaOwners } from './touch.ts';
import { tlsaReplacedAt } from './tlsa-caches.ts';

const HOST = name('box.example.net');
const HOUR = 3600;

describe('RFC 6698 §A.4: the moment when no cache holds TLSA without the key any more', () => {
  let clock: FakeClock;
  let zones: ZonesBox;
  let keys: string[];
  const key = (letter: string): string => letter.repeat(64);

  beforeEach(async () => {
    clock = new FakeClock();
    keys = [];
    const certificates = () => ({
      accountUri: undefined,
      caaIdentities: [],
      tlsaKeys: keys.map((letter) => ({ spkiSha256: key(letter) })),
      mtaStsPolicies: new Map<string, string>(),
    });
    zones = await startZones({ clock, sources: { certificates } });
  });
  afterEach(() => zones.close());

  /** Seconds pass, and then the zone has these keys, or this TTL. */
  async function after(seconds: number, change: { keys?: string; ttl?: number }): Promise<void> {
    await clock.advance(seconds * 1000);
    if (change.keys !== undefined) {
      keys = Array.from(change.keys);
      await zones.publisher.change({ actor: person, cause: 'keys' }, (draft) => {
        draft.touch(HOST, { owners: tlsaOwners(HOST) });
      });
    }
    if (change.ttl !== undefined) await zones.zones.update(person, HOST, { ttl: change.ttl });
  }

  it.each<[string, [number, { keys?: string; ttl?: number }][], number]>([
    ['one TTL after the key was added', [[0, { keys: 'a' }], [HOUR, { keys: 'ab' }]], HOUR],
    ['at once when the key was there for long', [[0, { keys: 'b' }], [2 * HOUR, { ttl: 300 }]], 0],
    ['later when the TTL was longer', [[0, { keys: 'a' }], [HOUR, { ttl: 300 }], [600, { keys: 'ab' }]], HOUR - 600],
    ['not later when that is over', [[0, { keys: 'a' }], [HOUR, { ttl: 300 }], [HOUR, { keys: 'ab' }]], 300],
    ['not later when the TTL is lowered after the key was added', [[0, { keys: 'a' }], [HOUR, { keys: 'ab' }], [600, { ttl: 300 }]], HOUR - 600],
    ['not later when the TTL is raised after the key was added', [[0, { keys: 'a' }], [HOUR, { keys: 'ab' }], [600, { ttl: 86_400 }]], HOUR - 600],
    ['by the last time that it was added', [[0, { keys: 'ab' }], [HOUR, { keys: 'a' }], [HOUR, { keys: 'ab' }], [600, { keys: 'abc' }]], HOUR - 600],
    ['not counting changes that came after', [[0, { keys: 'a' }], [HOUR, { keys: 'ab' }], [HOUR, { keys: 'b' }]], 0],
    ['a week at most', [[0, { ttl: 30 * 86_400 }], [0, { keys: 'a' }], [HOUR, { keys: 'ab' }]], 7 * 86_400],
  ])('is %s', async (_, changes, left) => {
    for (const [seconds, change] of changes) await after(seconds, change);
    const now = clock.now();
    expect(Math.max(now, tlsaReplacedAt(zones.store.read, key('b'), now - 1000 * 600)) - now).toBe(left * 1000);
  }); // prettier-ignore
});
