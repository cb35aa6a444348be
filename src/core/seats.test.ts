import { expect, test } from 'vitest';
import { createSeats } from './seats.ts';

function house(limits: { connections: number; connectionsPerClient: number }) {
  const seats = createSeats(limits);
  const left: string[] = [];
  const take = (address: string, name: string) => seats.take(address, () => left.push(name));
  return { seats, left, take };
}

test('a client is an IPv4 address or an IPv6 /64', () => {
  const { take } = house({ connections: 100, connectionsPerClient: 2 });
  expect(take('2001:db8::1', 'a')).toBeDefined();
  expect(take('2001:db8::ffff:2', 'b')).toBeDefined();
  expect(take('2001:db8:0:0:1::', 'c')).toBeUndefined();
  expect(take('2001:db8:0:1::1', 'd')).toBeDefined();
  expect(take('192.0.2.1', 'e')).toBeDefined();
  expect(take('192.0.2.2', 'f')).toBeDefined();
});

test('a seat that was left is free, once', () => {
  const { take } = house({ connections: 100, connectionsPerClient: 1 });
  const leave = take('192.0.2.1', 'a')!;
  leave();
  leave();
  expect(take('192.0.2.1', 'b')).toBeDefined();
  expect(take('192.0.2.1', 'c')).toBeUndefined();
});

test('a full house makes room: who holds the most gives its oldest', () => {
  const { seats, left, take } = house({ connections: 4, connectionsPerClient: 3 });
  take('192.0.2.1', 'single');
  for (const name of ['greedy 1', 'greedy 2', 'greedy 3']) take('192.0.2.9', name);
  expect(take('192.0.2.2', 'newcomer')).toBeDefined();
  expect(take('192.0.2.3', 'another')).toBeDefined();
  expect(left).toEqual(['greedy 1', 'greedy 2']);
  expect(seats.taken).toBe(4);
});

test('a full house of single clients gives the oldest seat', () => {
  const { seats, left, take } = house({ connections: 3, connectionsPerClient: 3 });
  for (const last of [1, 2, 3, 4, 5]) expect(take(`192.0.2.${last}`, `client ${last}`)).toBeDefined();
  expect(left).toEqual(['client 1', 'client 2']);
  expect(seats.taken).toBe(3);
});

test('nobody makes room for itself by being the greediest', () => {
  const { left, take } = house({ connections: 4, connectionsPerClient: 3 });
  for (const name of ['a', 'b', 'c']) take('192.0.2.9', name);
  take('192.0.2.1', 'single');
  expect(take('192.0.2.9', 'd')).toBeUndefined();
  expect(left).toEqual([]);
});

test('who is at work is spared where that is wanted: then a newcomer finds no room', () => {
  const seats = createSeats({ connections: 2, connectionsPerClient: 2, sparesWork: true });
  const left: string[] = [];
  const take = (address: string, isIdle: boolean) =>
    seats.take(
      address,
      () => left.push(address),
      () => isIdle,
    );
  take('192.0.2.1', false);
  take('192.0.2.2', true);
  expect(take('192.0.2.3', false)).toBeDefined();
  expect(left).toEqual(['192.0.2.2']);
  expect(take('192.0.2.4', true)).toBeUndefined();
  expect(left).toEqual(['192.0.2.2']);
  expect(seats.taken).toBe(2);
});

test('who is at work keeps its seat as long as others are idle', () => {
  const seats = createSeats({ connections: 4, connectionsPerClient: Infinity });
  const left: string[] = [];
  const busy = new Set(['a 1', 'a 2', 'b']);
  const take = (address: string, name: string) =>
    seats.take(
      address,
      () => left.push(name),
      () => !busy.has(name),
    );
  for (const name of ['a 1', 'a 2', 'a 3']) take('192.0.2.1', name);
  take('192.0.2.2', 'b');
  take('192.0.2.3', 'c');
  expect(left).toEqual(['a 3']);
  take('192.0.2.4', 'd');
  // The greediest has no idle one, so that of somebody else goes.
  expect(left).toEqual(['a 3', 'c']);
  for (const name of ['d', 'e', 'f']) busy.add(name);
  take('192.0.2.5', 'e');
  expect(left).toEqual(['a 3', 'c', 'a 1']);
  expect(seats.taken).toBe(4);
});
