import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { HEADER_OCTETS } from './datagram-batch.ts';
import { sendAll } from './send-all.ts';

/** A kernel that takes so many responses a call, or fails with a code; then it takes all. */
function kernel(plan: (number | 'EAGAIN' | 'EPERM' | 'ENOBUFS' | 'EINTR')[], ready = 1) {
  const sent: number[] = [];
  const calls = {
    waits: 0,
    sendmmsg(_fd: number, headers: number, count: number): number {
      const next = plan.shift() ?? count;
      if (typeof next === 'string') {
        koffi.errno(koffi.os.errno[next]!);
        return -1;
      }
      for (let i = 0; i < next; i++) sent.push(headers / HEADER_OCTETS + i);
      return next;
    },
    poll() {
      calls.waits++;
      return ready;
    },
  };
  return { calls, sent };
}

describe('responses of a batch', () => {
  test('go out in as many calls as the kernel likes', () => {
    const { calls, sent } = kernel([2, 1, 'EINTR']);
    expect(sendAll(calls, 1, 0, 0, 6)).toBe(0);
    expect(sent).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('wait a moment for a full buffer, and no longer', () => {
    const { calls, sent } = kernel([2, 'EAGAIN', 2, 'EAGAIN']);
    expect(sendAll(calls, 1, 0, 0, 6)).toBe(2);
    expect(sent).toEqual([0, 1, 2, 3]);
    expect(calls.waits).toBe(1);
    const stuck = kernel([1, 'EAGAIN'], 0);
    expect(sendAll(stuck.calls, 1, 0, 0, 6)).toBe(5);
  });

  test('do not wait for one whose client cannot be reached', () => {
    const { calls, sent } = kernel(['EPERM', 1, 'ENOBUFS']);
    expect(sendAll(calls, 1, 0, 0, 5)).toBe(1);
    expect(sent).toEqual([1, 3, 4]);
    expect(calls.waits).toBe(0);
  });
});
