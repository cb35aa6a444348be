import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/** By how much the nice value of what works in the background is higher: a tenth of the weight of what answers (sched(7)). */
const BEHIND = 10;
/** The highest there is. */
const LAST = 19;

/**
 * Puts the calling thread, for good, behind the threads that answer: where there are more of them than cores, they go first. Only Linux has a
 * priority for each thread; elsewhere, and where it is not permitted, nothing changes.
 */
export function workInBackground(): void {
  if (process.platform !== 'linux') return;
  try {
    // To Linux a thread is a process of its own in this respect (setpriority(2), "C library/kernel differences").
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(getPriority(thread) + BEHIND, LAST));
  } catch {
    // It works as well, only not behind the others.
  }
}
