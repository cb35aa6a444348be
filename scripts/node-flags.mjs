/** What the pinned Node is started with. */
export const nodeFlags = ['--disable-warning=ExperimentalWarning'];

/**
 * For the box itself: V8 lets the young generation grow to three times this many MiB, by default to about 100, which is more than all
 * else that a small box keeps in memory. And it makes one of up to 920 octets of bytecode where functions call each other: with 2,000 all of an answer is but a
 * few, and takes two per cent less CPU time.
 */
export const boxFlags = [
  ...nodeFlags,
  '--max-semi-space-size=4',
  '--max-inlined-bytecode-size-cumulative=2000',
];
