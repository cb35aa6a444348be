import type { SeatCounters, TransportCounters } from '../../dns/server/counters.ts';
import { LATENCY_BOUNDS, noLatency } from '../../dns/server/latency.ts';
import { typeName } from '../../dns/type-codes.ts';
import { rcodeName } from '../../dns/wire/codes.ts';
import { type ReadHistogramMetric, readMetric, type ReadMetric, type Sample } from './snapshot.ts';

const transports = ['udp', 'tcp', 'tls', 'https'] as const;

/** One number for each worker and transport. */
function perTransport(name: string, help: string, pick: (counters: TransportCounters) => number): ReadMetric {
  return readMetric({
    name,
    help,
    type: 'counter',
    labels: ['worker', 'transport'],
    read: ({ dns }) => each(dns, (labels, counters) => [[labels, pick(counters)]]),
  });
}

type Place = Record<'worker' | 'transport', string>;

function each<Label extends string>(
  workers: readonly SeatCounters[],
  samples: (place: Place, counters: TransportCounters) => Sample<Label>[],
): Sample<Label>[] {
  return workers.flatMap((seat, worker) =>
    transports.flatMap((transport) =>
      samples({ worker: seat.isOwn ? 'control' : String(worker), transport }, seat[transport]),
    ),
  );
}

function workersOf(seats: readonly SeatCounters[]): SeatCounters[] {
  return seats.filter(({ isOwn }) => !isOwn);
}

/** All workers together: there are many types. */
function byType(workers: readonly SeatCounters[]): Sample<'transport' | 'type'>[] {
  return transports.flatMap((transport) => {
    const sums = new Map<string, number>();
    for (const seat of workers)
      for (const [type, count] of seat[transport].qtypes) {
        const name = typeLabel(type);
        sums.set(name, (sums.get(name) ?? 0) + count);
      }
    return [...sums].map(([type, count]) => [{ transport, type }, count] as const);
  });
}

/** The name of a type in counts; see `TransportCounters.qtypes` for the two that stand for others. */
export function typeLabel(type: number): string {
  if (type === 0) return 'unreadable';
  return type === 263 ? 'other' : typeName(type);
}

export const dnsMetrics: readonly ReadMetric[] = [
  readMetric({
    name: 'signpost_dns_responses_total',
    help: 'Responses sent, by response code.',
    type: 'counter',
    labels: ['worker', 'transport', 'rcode'],
    read: ({ dns }) =>
      each(dns, (place, { rcodes }) =>
        [...rcodes].map(
          ([rcode, count]) =>
            [{ ...place, rcode: rcode === 31 ? 'other' : rcodeName(rcode) }, count] as const,
        ),
      ),
  }),
  perTransport('signpost_dns_queries_total', 'Messages that came in.', ({ queries }) => queries),
  readMetric({
    name: 'signpost_dns_queries_by_type_total',
    help: 'Queries that got a response, by the type asked for.',
    type: 'counter',
    labels: ['transport', 'type'],
    read: ({ dns }) => byType(dns),
  }),
  readMetric({
    name: 'signpost_dns_transfers_total',
    help: 'Transfers that began: of a whole zone (whole: AXFR, or IXFR answered so), or of what changed (difference: IXFR).',
    type: 'counter',
    labels: ['worker', 'kind'],
    read: ({ dns }) =>
      workersOf(dns).flatMap(({ tcp, tls }, worker) =>
        (['whole', 'difference'] as const).map(
          (kind) => [{ worker: String(worker), kind }, tcp.transfers[kind] + tls.transfers[kind]] as const,
        ),
      ),
  }),
  perTransport(
    'signpost_dns_malformed_total',
    'Messages without a response, as they are no queries.',
    ({ dropped }) => dropped,
  ),
  perTransport(
    'signpost_dns_shed_total',
    'Responses dropped as the network did not take them in time; with --udp dgram, messages thrown away unread for that.',
    ({ shed }) => shed,
  ),
  perTransport(
    'signpost_dns_truncated_total',
    'Responses that did not fit into the datagram, so that the client asks again over TCP.',
    ({ truncated }) => truncated,
  ),
  readMetric({
    name: 'signpost_dns_limited_total',
    help: 'Responses of which one network asked too many: made short (slipped), so that the client comes again over TCP or with a cookie, and not sent (dropped).',
    type: 'counter',
    labels: ['worker', 'transport', 'response'],
    read: ({ dns }) =>
      each(dns, (place, { limited }) =>
        (['slipped', 'dropped'] as const).map(
          (response) => [{ ...place, response }, limited[response]] as const,
        ),
      ),
  }),
  readMetric({
    name: 'signpost_dns_cookies_total',
    help: 'Queries with a cookie: the client has none of ours yet (new), not any more (invalid), or one (valid).',
    type: 'counter',
    labels: ['worker', 'transport', 'cookie'],
    read: ({ dns }) =>
      each(dns, (place, { cookies }) =>
        (['new', 'invalid', 'valid'] as const).map(
          (cookie) => [{ ...place, cookie }, cookies[cookie]] as const,
        ),
      ),
  }),
  perTransport(
    'signpost_dns_failures_total',
    'Answers that failed inside the server; the client got SERVFAIL and the log the cause.',
    ({ failures }) => failures,
  ),
  readMetric({
    name: 'signpost_dns_worker_running',
    help: 'Whether the worker runs.',
    type: 'gauge',
    labels: ['worker'],
    read: ({ dns }) =>
      workersOf(dns).map(({ running }, worker) => [{ worker: String(worker) }, running ? 1 : 0]),
  }),
  readMetric({
    name: 'signpost_dns_worker_restarts_total',
    help: 'How often the worker was replaced because it crashed or hung.',
    type: 'counter',
    labels: ['worker'],
    read: ({ dns }) => workersOf(dns).map(({ restarts }, worker) => [{ worker: String(worker) }, restarts]),
  }),
];

/** All workers together: what is slow is seen at the transport. */
export const dnsLatency: ReadHistogramMetric = {
  name: 'signpost_dns_answer_seconds',
  help: 'How long queries took, by the batch that they came in: from when it was taken from the network to when it had the responses.',
  labels: ['transport'],
  buckets: LATENCY_BOUNDS.map((milliseconds) => milliseconds / 1000),
  read: ({ dns }) =>
    transports.map((transport) => {
      const all = dns.map((seat) => seat[transport].latency);
      return {
        labels: { transport },
        counts: noLatency().counts.map((_, index) =>
          all.reduce((sum, { counts }) => sum + counts[index]!, 0),
        ),
        sum: all.reduce((sum, latency) => sum + latency.sum, 0) / 1000,
      };
    }),
};
