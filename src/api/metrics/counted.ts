import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { LiveChange } from '../../zones/publisher/publisher.ts';

/** What nothing else counts: told as it happens. */
export interface Counted {
  changeLive(change: LiveChange): void;
  requestDone(request: RequestFigures): void;
  loginFailed(): void;
  forgotten(what: string, rows: number): void;
  /** A hook ended: `done`, `failed` or `timeout`. */
  hookRun(outcome: string): void;
  /** Somebody follows events; returns the function for when they do no more. */
  streamOpened(): () => void;
}

export interface RequestFigures {
  method: string;
  /** The path with its parameters' names, such as `/api/v1/domains/{domain}`. */
  route: string;
  /** HTTP status. */
  status: number;
  seconds: number;
}

export function createCounted(registry: Registry): Counted {
  return {
    ...countChanges(registry),
    ...countRequests(registry),
    ...countStreams(registry),
    ...countForgotten(registry),
    ...countHooks(registry),
  };
}

function countChanges(registry: Registry): Pick<Counted, 'changeLive'> {
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
  // Known from the start, so that the first one is seen as a rise.
  for (const by of ['token', 'account', 'local', 'system']) {
    versions.inc({ by }, 0);
    live.zero({ by });
  }
  return {
    changeLive(change) {
      versions.inc({ by: change.by }, change.versions);
      signatures.inc(change.signatures);
      live.observe({ by: change.by }, change.seconds);
    },
  };
}

function countRequests(registry: Registry): Pick<Counted, 'requestDone' | 'loginFailed'> {
  const registers = [registry];
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
  return {
    requestDone({ method, route, status, seconds }) {
      requests.inc({ method, route, status: `${Math.floor(status / 100)}xx` });
      durations.observe({ method, route }, seconds);
    },
    loginFailed: () => failures.inc(),
  };
}

function countStreams(registry: Registry): Pick<Counted, 'streamOpened'> {
  const streams = new Gauge({
    name: 'signpost_event_streams',
    help: 'Clients that follow events.',
    registers: [registry],
  });
  return {
    streamOpened() {
      streams.inc();
      return () => streams.dec();
    },
  };
}

function countHooks(registry: Registry): Pick<Counted, 'hookRun'> {
  const runs = new Counter({
    name: 'signpost_hook_runs_total',
    help: 'Runs of hooks, by outcome (done, failed, timeout).',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // Known from the start, so that the first one is seen as a rise.
  for (const outcome of ['done', 'failed', 'timeout']) runs.inc({ outcome }, 0);
  return { hookRun: (outcome) => runs.inc({ outcome }) };
}

function countForgotten(registry: Registry): Pick<Counted, 'forgotten'> {
  const rows = new Counter({
    name: 'signpost_history_forgotten_total',
    help: 'Rows of the database that went because they were older than is kept, by what they were.',
    labelNames: ['what'],
    registers: [registry],
  });
  // Known from the start, so that the first one is seen as a rise.
  for (const what of ['versions', 'signatures', 'removed zones', 'audit', 'jobs', 'answers', 'uses'])
    rows.inc({ what }, 0);
  return { forgotten: (what, count) => rows.inc({ what }, count) };
}
