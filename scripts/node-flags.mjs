/** What the pinned Node is started with. */
export const nodeFlags = ['--disable-warning=ExperimentalWarning'];

/**
 * For the box itself: V8 lets the young generation grow to three times this many MiB, by default to about 100, which is more than all
 * else that a small box keeps in memory.
 */
export const boxFlags = [...nodeFlags, '--max-semi-space-size=4'];
