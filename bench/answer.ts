import { answer, createAnswerContext, MAX_MESSAGE } from '../src/dns/server/answer.ts';
import type { ZoneSet } from '../src/dns/server/zone-set.ts';
import { Type } from '../src/dns/type-codes.ts';
import { encodeMessage, newMessage } from '../src/dns/message/message.ts';
import { Name } from '../src/dns/wire/name.ts';
import { signedImage, zoneSet } from '../test/kit/test-zone.ts';

/* What an answer costs in one thread, without the transport: 1,000 signed zones, names of all of them in turn. */
export const name = 'answer';

const ZONES = 1000;
/** Octets are read in turn, so that caches are no better than in life. */
const QUERIES = 8192;
/** Seconds of CPU time for each kind: a busy machine changes little. */
const DURATION = 0.7;

export async function run(): Promise<void> {
  const images = [];
  for (let i = 0; i < ZONES; i++) images.push(await signedImage(zoneText(i), i % 2 === 0 ? 'nsec' : 'nsec3'));
  const zones = zoneSet(images);
  const kinds = [
    { what: 'A', labels: ['www'], type: Type.A, dnssecOk: false },
    { what: 'A with DO', labels: ['www'], type: Type.A, dnssecOk: true },
    { what: 'MX with DO and addresses', labels: [], type: Type.MX, dnssecOk: true },
    { what: 'NXDOMAIN', labels: ['nope'], type: Type.A, dnssecOk: false },
    { what: 'NXDOMAIN with DO, NSEC', labels: ['nope'], type: Type.A, dnssecOk: true, parity: 0 },
    { what: 'NXDOMAIN with DO, NSEC3', labels: ['nope'], type: Type.A, dnssecOk: true, parity: 1 },
  ];
  for (const { what, labels, type, dnssecOk, parity } of kinds) {
    const queries = Array.from({ length: QUERIES }, (_, i) => {
      const zone = parity === undefined ? i % ZONES : ((2 * i) % ZONES) + parity;
      return encodeMessage(
        newMessage({
          id: i,
          questions: [{ name: Name.parse([...labels, zoneName(zone)].join('.')), type, class: 1 }],
          edns: { udpSize: 1232, version: 0, do: dnssecOk, options: [] },
        }),
      );
    });
    const perSecond = Math.round(rate(queries, zones));
    console.log(`${what}: ${perSecond} answers a second of CPU time`);
  }
}

function zoneName(i: number): string {
  return `customer-${i}.example.`;
}

function zoneText(i: number): string {
  const hosts = Array.from({ length: 30 }, (_, host) => `host-${host} A 192.0.2.${host + 1}`);
  return `$ORIGIN ${zoneName(i)}
$TTL 3600
@ SOA ns1.box.example. hostmaster 1 7200 3600 1209600 900
@ NS ns1.box.example.
@ MX 10 mail
mail A 192.0.2.25
mail AAAA 2001:db8::25
www A 192.0.2.80
${hosts.join('\n')}
`;
}

function rate(queries: readonly Uint8Array[], zones: ZoneSet): number {
  const out = new Uint8Array(MAX_MESSAGE);
  const context = createAnswerContext('udp', (error) => {
    throw error;
  });
  const round = (): void => {
    for (const query of queries) answer(query, query.length, zones, out, context);
  };
  for (let warm = 0; warm < 5; warm++) round();
  const began = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
  let rounds = 0;
  while (seconds() < DURATION) {
    round();
    rounds++;
  }
  return (rounds * queries.length) / seconds();
}

if (import.meta.main) await run();
