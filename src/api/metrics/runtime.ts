import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { Gauge, Histogram, type Registry } from 'prom-client';

/** Milliseconds between two looks at the event loop: by as much a stall may look shorter than it was. */
const RESOLUTION = 10;

const kinds = new Map<number, string>([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** What the main thread itself is watched for, until it is stopped. Returns how to. */
export function watchRuntime(registry: Registry): () => void {
  const stops = [watchEventLoop(registry), watchCollector(registry)];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * How late the main thread comes to what is due. Two are measured with, of which one is begun anew at each reading: for as long as that one waits for
 * its first look it sees nothing, and a reading may take long itself.
 */
function watchEventLoop(registry: Registry): () => void {
  const delays = [startMonitor(), startMonitor()];
  // What is measured is the time between two looks, of which RESOLUTION was meant.
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000) : 0;
  const gauge = (which: string, what: string, collect: (this: Gauge) => void): Gauge =>
    new Gauge({
      name: `nodejs_eventloop_lag_${which}_seconds`,
      help: `By how much work of the main thread came late since the numbers were read the last time but one: ${what}.`,
      registers: [registry],
      collect,
    });
  for (const percent of [50, 90, 99])
    gauge(`p${percent}`, `${percent} % of it at most`, function () {
      this.set(seconds(delays[0]!.percentile(percent)));
    });
  gauge('max', 'the worst', function () {
    const [older] = delays;
    this.set(seconds(older!.max));
    // The last to be read, as it is the last that was made.
    older!.reset();
    delays.reverse();
  });
  return () => delays.forEach((delay) => void delay.disable());
}

function startMonitor(): ReturnType<typeof monitorEventLoopDelay> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  return delays;
}

/** How long garbage collection stops the main thread. */
function watchCollector(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Garbage collections of the main thread, by kind.',
    labelNames: ['kind'],
    buckets: [0.001, 0.01, 0.1, 1, 5],
    registers: [registry],
  });
  for (const kind of kinds.values()) durations.zero({ kind });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      durations.observe({ kind: kinds.get(kind) ?? 'other' }, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
