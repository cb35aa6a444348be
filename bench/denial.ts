import { answer, createAnswerContext, MAX_MESSAGE } from '../src/dns/server/answer.ts';
import type { ZoneSet } from '../src/dns/server/zone-set.ts';
import { Type } from '../src/dns/type-codes.ts';
import { encodeMessage, newMessage } from '../src/dns/message/message.ts';
import { Name } from '../src/dns/wire/name.ts';
import { signedImage, type TestDenial, zoneSet } from '../test/kit/test-zone.ts';

/*
 * What a customer can make others pay for: NXDOMAIN with DO next to 50,000 names below one cut, and next to names with a hundred empty
 * non-terminals above them, against NXDOMAIN elsewhere in the same zone. All kinds in turn, so that all have the same machine.
 */
export const name = 'denial: NXDOMAIN in bad company, against NXDOMAIN elsewhere';

const GLUE = 50_000;
const HOSTS = 5000;
const ROUNDS = 60;
const QUERIES = 512;

const deep = Array.from({ length: 100 }, () => 'd').join('.');

/** Where the names that do not exist would stand; the digits make each another one. */
const places: Record<string, (i: number) => string> = {
  elsewhere: (i) => `host-${(i * 7) % HOSTS}-no`,
  'elsewhere, names as long': (i) => `x${i}.${deep.slice(2 * (i % 90)).replaceAll('d', 'e')}.host-7`,
  'behind 50,000 names below a cut': (i) => `cut-${i}`,
  'among 100 empty non-terminals': (i) => `x${i}.${deep.slice(2 * (i % 90))}`,
  'behind them': (i) => `d-${i}`,
};

export async function run(): Promise<void> {
  for (const denial of ['nsec', 'nsec3'] as const) {
    const zones = zoneSet([await signedImage(zoneText(), denial)]);
    const nanoseconds = measure(zones);
    const base = nanoseconds.get('elsewhere')!;
    for (const [what, cost] of nanoseconds)
      console.log(
        `${title(denial)} ${what.padEnd(32)} ${(cost / 1000).toFixed(2).padStart(6)} µs  ${(cost / base).toFixed(2)} ×`,
      );
  }
}

function title(denial: TestDenial): string {
  return denial.toUpperCase().padEnd(5);
}

function zoneText(): string {
  const hosts = Array.from({ length: HOSTS }, (_, i) => `host-${i} A 192.0.2.1`);
  const glue = Array.from({ length: GLUE }, (_, i) => `ns${i}.cut A 192.0.2.2`);
  return `$ORIGIN zone.example.
$TTL 3600
@ SOA ns1.box.example. hostmaster 1 7200 3600 1209600 900
@ NS ns1.box.example.
cut NS ns1.cut
${hosts.join('\n')}
${glue.join('\n')}
${deep} A 192.0.2.3
`;
}

/** CPU time of an answer, nanoseconds: the median of many turns. */
function measure(zones: ZoneSet): Map<string, number> {
  const out = new Uint8Array(MAX_MESSAGE);
  const context = createAnswerContext('udp', (error) => {
    throw error;
  });
  const kinds = Object.entries(places).map(([what, place]) => ({ what, times: [] as number[], place }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { place, times } of kinds) {
      const queries = Array.from({ length: QUERIES }, (_, i) => query(`${place(i)}.zone.example.`));
      const began = process.cpuUsage();
      for (let again = 0; again < 4; again++)
        for (const each of queries) answer(each, each.length, zones, out, context);
      const { user, system } = process.cpuUsage(began);
      times.push(((user + system) * 1000) / (4 * QUERIES));
    }
  }
  return new Map(
    kinds.map(({ what, times }) => [what, times.slice(ROUNDS / 3).sort((a, b) => a - b)[ROUNDS / 3]!]),
  );
}

function query(qname: string): Uint8Array {
  return encodeMessage(
    newMessage({
      id: 1,
      questions: [{ name: Name.parse(qname), type: Type.A, class: 1 }],
      edns: { udpSize: 1232, version: 0, do: true, options: [] },
    }),
  );
}

if (import.meta.main) await run();
