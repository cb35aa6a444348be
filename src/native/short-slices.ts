import koffi from 'koffi';
import { getPriority } from 'node:os';

/** Nanoseconds: the least that Linux grants. */
export const SLICE = 100_000;

/** The system call by its number; the C library has had a wrapper since 2.41 only. */
const SCHED_SETATTR: Partial<Record<NodeJS.Architecture, number>> = { x64: 314, arm64: 274 };
/** Octets of struct sched_attr (sched_setattr(2)), as it was first. */
const ATTR_OCTETS = 48;
const SCHED_OTHER = 0;

/**
 * Has the calling thread run in short turns: when it wakes, it takes the place of one that runs in longer ones, where it would wait up to 3 ms for
 * that one's turn to end (since Linux 6.12; before, nothing changes). Its share of the processor stays the same, so it needs no privilege. False where it cannot be.
 */
export function takeShortSlices(): boolean {
  const call = SCHED_SETATTR[process.arch];
  if (process.platform !== 'linux' || call === undefined) return false;
  try {
    const attr = Buffer.alloc(ATTR_OCTETS);
    attr.writeUInt32LE(ATTR_OCTETS, 0);
    attr.writeUInt32LE(SCHED_OTHER, 4);
    // Of a thread: to Linux it is a process of its own in this respect.
    attr.writeInt32LE(getPriority(), 16);
    attr.writeBigUInt64LE(BigInt(SLICE), 24);
    const syscall = koffi
      .load(null)
      .func('long syscall(long number, int thread, uint8_t *attr, unsigned int flags)');
    return syscall(call, 0, attr, 0) === 0;
  } catch {
    return false;
  }
}
