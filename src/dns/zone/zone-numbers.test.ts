import { expect, test } from 'vitest';
import { createZoneNumbers, NUMBERED_ZONES } from './zone-numbers.ts';

test('a number is its zone’s until it is given back, and rests before it is another’s', () => {
  const numbers = createZoneNumbers();
  const first = numbers.take(7);
  expect([first, numbers.addressOf(first), numbers.end]).toEqual([1, 7, 2]);
  numbers.move(first, 8);
  expect(numbers.addressOf(first)).toBe(8);
  numbers.give(first);
  expect(numbers.addressOf(first)).toBe(0);
  for (let i = 0; i < 1024; i++) {
    const number = numbers.take(9);
    expect(number).not.toBe(first);
    numbers.give(number);
  }
  expect(numbers.take(9)).toBe(first);
});

test('zones that are too many have none', () => {
  const numbers = createZoneNumbers();
  for (let number = 1; number < NUMBERED_ZONES; number++) numbers.take(number);
  expect(numbers.take(1)).toBe(0);
  numbers.give(0);
  numbers.give(5);
  expect(numbers.take(1)).toBe(5);
  expect(numbers.end).toBe(NUMBERED_ZONES);
});
