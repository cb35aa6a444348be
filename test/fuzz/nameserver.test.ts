import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { fuzzNameserver } from './nameserver.ts';

// `npm run fuzz` has ten million.
test('200,000 messages, sound and broken, each get a reply that is right, or none', async () => {
  const figures = await fuzzNameserver(seededRandom(20_261_129), 200_000);
  expect(figures.replies).toBeGreaterThan(180_000);
  // All parts were met: data, errors of form, refusals, bad signatures, updates, transfers.
  for (const rcode of [0, 1, 3, 4, 5, 9])
    expect(figures.rcodes[rcode], `RCODE ${rcode}`).toBeGreaterThan(500);
  expect(figures.later).toBeGreaterThan(500);
  expect(figures.further).toBeGreaterThan(5);
}, 300_000);
