import { expect, test } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { createEvents, type SignpostEvent } from './events.ts';

const log = createLog({ level: 'silent' });

test('a listener gets what it missed, then what comes, until it leaves', () => {
  const events = createEvents({ clock: new FakeClock(5000), log });
  events.publish('domain.added', { n: 1 });
  events.publish('domain.added', { n: 2 });
  const seen: SignpostEvent[] = [];
  const leave = events.subscribe(5000, (event) => seen.push(event));
  events.publish('zone.published', { n: 3 });
  leave();
  events.publish('zone.published', { n: 4 });
  expect(seen.map(({ id, type, data }) => [id, type, data['n']])).toEqual([
    [5001, 'domain.added', 2],
    [5002, 'zone.published', 3],
  ]);
  expect(seen[0]!.at).toBe('1970-01-01T00:00:05.000Z');
});

test('without a last id only new events come', () => {
  const events = createEvents({ clock: new FakeClock(), log });
  events.publish('box.changed', {});
  const seen: number[] = [];
  events.subscribe(undefined, ({ id }) => seen.push(id));
  expect(seen).toEqual([]);
});

test('ids rise across a restart', () => {
  const ids: number[] = [];
  for (const now of [1000, 2000]) {
    const events = createEvents({ clock: new FakeClock(now), log });
    events.subscribe(undefined, ({ id }) => ids.push(id));
    for (let n = 0; n < 3; n++) events.publish('box.changed', {});
  }
  expect(ids).toEqual([1000, 1001, 1002, 2000, 2001, 2002]);
});

test('remembers the last thousand', () => {
  const events = createEvents({ clock: new FakeClock(1), log });
  for (let n = 0; n < 1500; n++) events.publish('box.changed', { n });
  const seen: number[] = [];
  events.subscribe(0, ({ data }) => seen.push(data['n'] as number));
  expect([seen.length, seen[0], seen.at(-1)]).toEqual([1000, 500, 1499]);
});

test('a listener that throws harms no other', () => {
  const events = createEvents({ clock: new FakeClock(), log });
  const seen: number[] = [];
  events.subscribe(undefined, () => {
    throw new Error('gone');
  });
  events.subscribe(undefined, ({ id }) => seen.push(id));
  events.publish('box.changed', {});
  expect(seen).toHaveLength(1);
});
