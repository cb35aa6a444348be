import koffi from 'koffi';
import { getPriority, release } from 'node:os';
import { expect, test } from 'vitest';
import { SLICE, takeShortSlices } from './short-slices.ts';

const SCHED_GETATTR = process.arch === 'arm64' ? 275 : 315;
const [major, minor] = release().split('.').map(Number) as [number, number];
/** Linux says and keeps to it since 6.12. */
const knowsSlices = major > 6 || (major === 6 && minor >= 12);

function attributes(): { policy: number; nice: number; slice: number } {
  const attr = Buffer.alloc(48);
  const syscall = koffi
    .load(null)
    .func(
      'long syscall(long number, int thread, _Inout_ uint8_t *attr, unsigned int size, unsigned int flags)',
    );
  expect(syscall(SCHED_GETATTR, 0, attr, attr.length, 0)).toBe(0);
  return {
    policy: attr.readUInt32LE(4),
    nice: attr.readInt32LE(16),
    slice: Number(attr.readBigUInt64LE(24)),
  };
}

test('a thread takes short slices, and has the same policy and priority as before', () => {
  const before = attributes();
  expect(takeShortSlices()).toBe(true);
  const after = attributes();
  expect({ policy: after.policy, nice: after.nice }).toEqual({ policy: before.policy, nice: getPriority() });
  if (knowsSlices) expect(after.slice).toBe(SLICE);
});
