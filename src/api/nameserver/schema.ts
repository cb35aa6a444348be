import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { QuerySample } from '../../dns/server/query-history.ts';
import { rcodeName } from '../../dns/wire/codes.ts';
import { time } from '../fields.ts';
import { typeLabel } from '../metrics/dns.ts';

/** The RCODE that stands for all above. */
const OTHER_RCODE = 31;

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

export const statisticsOut = z
  .strictObject({ samples: z.array(sampleOut).describe('The oldest first; 60 at most.') })
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
