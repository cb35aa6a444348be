import koffi from 'koffi';

const SCHED_FIFO = 1;

/** In life who asks has processors of its own: the calling thread waits for none that the box uses, which only root may say (sched_setscheduler(2)). */
export function goFirst(): void {
  const setScheduler = koffi
    .load(null)
    .func('int sched_setscheduler(int thread, int policy, const int *priority)');
  if (setScheduler(0, SCHED_FIFO, Int32Array.of(1)) !== 0) throw new Error('this is for root to measure');
}
