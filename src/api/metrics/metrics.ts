import { Counter, Gauge, Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import { certificateMetrics } from './certificates.ts';
import { type Counted, createCounted } from './counted.ts';
import { dnsLatency, dnsMetrics } from './dns.ts';
import { buildInfo, processMetrics } from './process.ts';
import { watchRuntime } from './runtime.ts';
import { ReadHistogram } from './read-histogram.ts';
import {
  type MetricSources,
  type ReadHistogramMetric,
  type ReadMetric,
  type Snapshot,
  takeSnapshot,
} from './snapshot.ts';
import { storageMetrics } from './storage.ts';
import { zoneMetrics } from './zones.ts';

/** The numbers of one box, for Prometheus. Most are read when asked for; a few are counted here. */
export interface Metrics extends Counted {
  /** Of `text`. */
  readonly contentType: string;
  /** All of them, in the text format of Prometheus. */
  text(): Promise<string>;
  /** Watches nothing any more. */
  stop(): void;
}

export function createMetrics(sources: MetricSources, clock: Clock): Metrics {
  const registry = new Registry();
  let snapshot: Snapshot | undefined;
  const registerAll = (metrics: readonly ReadMetric[]): void => {
    for (const metric of metrics) register(registry, metric, () => snapshot!);
  };
  registerAll([buildInfo, ...dnsMetrics]);
  registerHistogram(registry, dnsLatency, () => snapshot!);
  registerAll([...zoneMetrics, ...storageMetrics, ...certificateMetrics]);
  const counted = createCounted(registry);
  registerAll(processMetrics(Math.round(clock.now() / 1000 - process.uptime())));
  const stop = watchRuntime(registry);
  return {
    ...counted,
    contentType: registry.contentType,
    async text() {
      // Metrics are read in one go after this: another request cannot come between.
      snapshot = takeSnapshot(sources);
      return registry.metrics();
    },
    stop,
  };
}

function register(registry: Registry, metric: ReadMetric, snapshot: () => Snapshot): void {
  const { name, help, labels: labelNames } = metric;
  const config = { name, help, labelNames, registers: [registry] };
  const read = (): ReturnType<ReadMetric['read']> => metric.read(snapshot());
  if (metric.type === 'gauge')
    new Gauge({
      ...config,
      collect() {
        this.reset();
        const samples = read();
        // Without labels a reset leaves a zero, which may not be true.
        if (samples.length === 0 && labelNames.length === 0) this.remove();
        for (const [labels, value] of samples) this.set(labels, value);
      },
    });
  else
    new Counter({
      ...config,
      collect() {
        // It is counted elsewhere, so what is here is taken over, not added to.
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
}

function registerHistogram(registry: Registry, metric: ReadHistogramMetric, snapshot: () => Snapshot): void {
  const { name, help, labels: labelNames } = metric;
  const config = { name, help, labelNames, buckets: [...metric.buckets], registers: [] };
  registry.registerMetric(new ReadHistogram(config, () => metric.read(snapshot())));
}
