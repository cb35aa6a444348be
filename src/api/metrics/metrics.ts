import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { LiveChange } from '../../zones/publisher/publisher.ts';
import { certificateMetrics } from './certificates.ts';
import { dnsMetrics } from './dns.ts';
import { buildInfo, processMetrics } from './process.ts';
import { watchRuntime } from './runtime.ts';
import { type MetricSources, type ReadMetric, type Snapshot, takeSnapshot } from './snapshot.ts';
import { zoneMetrics } from './zones.ts';

/** The numbers of one box, for Prometheus. Most are read when asked for; these are counted here as they happen. */
export interface Metrics {
  /** Of `text`. */
  readonly contentType: string;
  /** All of them, in the text format of Prometheus. */
  text(): Promise<string>;
  changeLive(change: LiveChange): void;
  requestDone(request: RequestFigures): void;
  loginFailed(): void;
  /** Somebody follows events; returns the function for when they do no more. */
  streamOpened(): () => void;
  /** Watches nothing any more. */
  stop(): void;
}

export interface RequestFigures {
  method: string;
  /** The path with its parameters' names, such as `/api/v1/domains/{domain}`. */
  route: string;
  /** HTTP status. */
  status: number;
  seconds: number;
}

export function createMetrics(sources: MetricSources, clock: Clock): Metrics {
  const registry = new Registry();
  let snapshot: Snapshot | undefined;
  const registerAll = (metrics: readonly ReadMetric[]): void => {
    for (const metric of metrics) register(registry, metric, () => snapshot!);
  };
  registerAll([buildInfo, ...dnsMetrics, ...zoneMetrics, ...certificateMetrics]);
  const registers = [registry];
  const versions = new Counter({
    name: 'signpost_zone_versions_total',
    help: 'Versions of zones published, by who caused them: a token, the person on the machine (local), or the box (system).',
    labelNames: ['by'],
    registers,
  });
  const signatures = new Counter({
    name: 'signpost_signatures_total',
    help: 'Signatures made for published versions.',
    registers,
  });
  const live = new Histogram({
    name: 'signpost_change_live_seconds',
    help: 'Time from a change being asked for to every worker serving it.',
    labelNames: ['by'],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60],
    registers,
  });
  const requests = new Counter({
    name: 'signpost_http_requests_total',
    help: 'Requests to the API, by route and class of status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'signpost_http_request_duration_seconds',
    help: 'Time to the start of the answer, by route.',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const failures = new Counter({
    name: 'signpost_http_failed_logins_total',
    help: 'Tokens and one-time secrets that were wrong.',
    registers,
  });
  const streams = new Gauge({
    name: 'signpost_event_streams',
    help: 'Clients that follow events.',
    registers,
  });
  registerAll(processMetrics(Math.round(clock.now() / 1000 - process.uptime())));
  const stopWatching = watchRuntime(registry);
  for (const by of ['token', 'local', 'system']) {
    versions.inc({ by }, 0);
    live.zero({ by });
  }

  return {
    contentType: registry.contentType,
    async text() {
      // Metrics are read in one go after this: another request cannot come between.
      snapshot = await takeSnapshot(sources);
      return registry.metrics();
    },
    changeLive(change) {
      versions.inc({ by: change.by }, change.versions);
      signatures.inc(change.signatures);
      live.observe({ by: change.by }, change.seconds);
    },
    requestDone({ method, route, status, seconds }) {
      requests.inc({ method, route, status: `${Math.floor(status / 100)}xx` });
      durations.observe({ method, route }, seconds);
    },
    loginFailed: () => failures.inc(),
    streamOpened() {
      streams.inc();
      return () => streams.dec();
    },
    stop: stopWatching,
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
