import { expect, test } from 'vitest';
import { createBufferBudget } from './buffer-budget.ts';

test('evicts who holds the most, and nobody while there is room', () => {
  const budget = createBufferBudget(100);
  const evicted: string[] = [];
  const open = (name: string) => budget.open(() => evicted.push(name));
  const [a, b, c] = [open('a'), open('b'), open('c')];
  a.hold(10);
  b.hold(60);
  c.hold(30);
  expect(evicted).toEqual([]);
  a.hold(11);
  expect(evicted).toEqual(['b']);
  expect(budget.held).toBe(41);
});

test('evicts the one that asks when it is the largest, and forgets what was given back', () => {
  const budget = createBufferBudget(100);
  const evicted: string[] = [];
  const open = (name: string) => budget.open(() => evicted.push(name));
  const [a, b] = [open('a'), open('b')];
  a.hold(90);
  a.hold(5);
  b.hold(96);
  expect(evicted).toEqual(['b']);
  b.close();
  b.hold(1000);
  expect(budget.held).toBe(5);
  a.close();
  expect(budget.held).toBe(0);
});
