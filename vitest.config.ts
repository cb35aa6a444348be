import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    // Two cores, and many tests start real peers: more workers only make them wait for each other.
    maxWorkers: 2,
  },
});
