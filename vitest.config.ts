import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

/** Milliseconds, of a machine that has more to do than one test. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'src',
          include: ['src/**/*.test.ts'],
          ...patience,
          // Two cores, which these keep busy.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'test',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/kit/build-program.ts',
          ...patience,
          // Each starts programs of its own.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Many start real peers and wait for them; yet more workers only make them wait for each other.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
