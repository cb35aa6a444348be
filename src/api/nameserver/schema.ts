import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { latencyWithin, messagesOf } from '../../dns/server/latency.ts';
import type { QuerySample } from '../../dns/server/query-history.ts';
import { rcodeName } from '../../dns/wire/codes.ts';
import { time } from '../fields.ts';
import { typeLabel } from '../metrics/dns.ts';

/** The RCODE that stands for all above. */
const OTHER_RCODE = 31;

const transports = ['udp', 'tcp', 'tls', 'https'] as const;

const count = z.int().min(0);
const counts = z.array(z.strictObject({ name: z.string(), count })).describe('The most frequent first.');

const sampleOut = z
  .strictObject({
    at: time('When this stretch of time ended.'),
    seconds: z.number().describe('How long it was.'),
    queries: z
      .strictObject({ udp: count, tcp: count, tls: count, https: count })
      .describe('Messages that came in, by transport.'),
    rcodes: counts.openapi({ example: [{ name: 'NOERROR', count: 120 }] }),
    types: counts.openapi({ example: [{ name: 'MX', count: 40 }] }),
    malformed: count.describe('Messages without a response, as they are no queries.'),
    shed: count.describe('Messages thrown away unread, as too many responses waited for the network.'),
    truncated: count.describe('Responses that did not fit into the datagram.'),
    failures: count.describe('Answers that failed inside the server.'),
    limited: z
      .strictObject({ slipped: count, dropped: count })
      .describe('Responses of which one network asked too many: made short, and not sent.'),
    transfers: z
      .strictObject({ whole: count, difference: count })
      .describe('Transfers of a zone that began: of all of it, and of what changed.'),
  })
  .openapi('NameserverSample');

const zoneOut = z.strictObject({
  zone: z.string(),
  queries: count,
  nameErrors: count.describe('Those of them for names that do not exist (NXDOMAIN).'),
});

const milliseconds = z.number().min(0);
const latencyOut = z
  .strictObject({
    transport: z.enum(transports),
    answers: count,
    mean: milliseconds,
    median: milliseconds
      .nullable()
      .describe('Half of the answers took no longer. null: longer than a second.'),
    p99: milliseconds.nullable().describe('99 in a hundred took no longer.'),
  })
  .describe(
    'From when a batch of queries was taken from the network to when it had the responses, milliseconds; the median and p99 rounded up to 1, 2 or 5 of a power of ten.',
  );

export const statisticsOut = z
  .strictObject({
    samples: z.array(sampleOut).describe('The oldest first; 60 at most.'),
    zones: z
      .array(zoneOut)
      .describe(
        'The zones that were asked most in all of these minutes, 20 at most: counted from the 50 that were asked most in each ten seconds.',
      ),
    latency: z.array(latencyOut).describe('For each transport that answered in these minutes.'),
  })
  .openapi('NameserverStatistics');

export const statisticsQuery = z.strictObject({
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(60, 'An hour is kept.')
    .default(15)
    .openapi({ example: 15, description: 'How far back.' }),
});

const named = (counts: ReadonlyMap<number, number>, name: (code: number) => string) =>
  [...counts].sort(([, one], [, other]) => other - one).map(([code, count]) => ({ name: name(code), count }));

export function sampleJson(sample: QuerySample): z.infer<typeof sampleOut> {
  const { at, length, queries, rcodes, types, malformed, shed, truncated, failures, limited, transfers } =
    sample;
  return {
    at: toRfc3339(at),
    seconds: length / 1000,
    queries,
    rcodes: named(rcodes, (code) => (code === OTHER_RCODE ? 'other' : rcodeName(code))),
    types: named(types, typeLabel),
    ...{ malformed, shed, truncated, failures, limited, transfers },
  };
}

/** Zones in one answer. */
const MOST_ZONES = 20;

/** What is said of the whole stretch. */
export function totalsJson(
  whole: QuerySample | undefined,
): Pick<z.infer<typeof statisticsOut>, 'zones' | 'latency'> {
  if (!whole) return { zones: [], latency: [] };
  const latency = transports.flatMap((transport) => {
    const counted = whole.latency[transport];
    const answers = messagesOf(counted);
    if (answers === 0) return [];
    return {
      transport,
      answers,
      mean: Math.round((1e6 * counted.sum) / answers) / 1e6,
      median: latencyWithin(counted, 0.5) ?? null,
      p99: latencyWithin(counted, 0.99) ?? null,
    };
  });
  return { zones: whole.zones.slice(0, MOST_ZONES), latency };
}
