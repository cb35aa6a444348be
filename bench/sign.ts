import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { systemClock } from '../src/core/clock.ts';
import { systemRandom } from '../src/core/random.ts';
import type { ContentChange } from '../src/dns/dnssec/draft.ts';
import { generateKey } from '../src/dns/dnssec/keys.ts';
import { defaultSignPolicy } from '../src/dns/dnssec/policy.ts';
import { createSignPool } from '../src/dns/dnssec/sign-pool.ts';
import { signZone } from '../src/dns/dnssec/sign-zone.ts';
import { rdataFromText } from '../src/dns/rdata/registry.ts';
import { Type } from '../src/dns/type-codes.ts';
import { Name } from '../src/dns/wire/name.ts';

export const name = 'sign: a zone of 10,000 names from nothing, against openssl speed ecdsap256 × cores';

const NAMES = 10_000;
const ROUNDS = 3;
const origin = Name.parse('example.com');

/** Signs a zone from nothing and runs `openssl speed` in turn; prints the ratio of the best rounds. */
export async function run(): Promise<void> {
  const cores = availableParallelism();
  const pool = createSignPool({
    threads: cores,
    program: new URL('../src/native/sign-worker.ts', import.meta.url),
  });
  const rates: number[] = [];
  const references: number[] = [];
  await signOnce(pool);
  for (let round = 0; round < ROUNDS; round++) {
    references.push(opensslRate(cores));
    rates.push(await signOnce(pool));
  }
  references.push(opensslRate(cores));
  await pool.close();
  const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!;
  const [ours, theirs] = [median(rates), median(references)];
  console.log(
    `sign ${ours.toFixed(0)} signatures/s on ${cores} cores; openssl ${theirs.toFixed(0)}/s; ` +
      `ratio ${(ours / theirs).toFixed(2)} (target 0.70)`,
  );
}

/** Signatures per second. */
async function signOnce(pool: ReturnType<typeof createSignPool>): Promise<number> {
  const key = generateKey();
  const content = zoneContent(key.dnskey);
  const options = {
    origin,
    keys: [key],
    policy: defaultSignPolicy,
    now: Math.floor(systemClock.now() / 1000),
    random: systemRandom,
    scope: 'changes',
  } as const;
  const start = systemClock.monotonic();
  const { signatures } = await signZone(undefined, content, options, pool);
  return signatures / ((systemClock.monotonic() - start) / 1000);
}

function zoneContent(dnskey: Uint8Array): ContentChange[] {
  const rrset = (owner: Name, type: number, rdata: Uint8Array) => ({
    owner,
    type,
    ttl: 3600,
    rdatas: [rdata],
  });
  const soa = rdataFromText(Type.SOA, 'ns1.example.com. hostmaster.example.com. 1 3600 600 1209600 3600');
  const apex = [
    rrset(origin, Type.SOA, soa),
    rrset(origin, Type.NS, rdataFromText(Type.NS, 'ns1.example.com.')),
    rrset(origin, Type.DNSKEY, dnskey),
  ];
  const hosts = Array.from({ length: NAMES }, (_, i) => {
    const owner = origin.child(`host${i}`);
    return { owner, rrsets: [rrset(owner, Type.A, Uint8Array.of(192, 0, 2, i & 0xff))] };
  });
  const nameserver = origin.child('ns1');
  const address = rrset(nameserver, Type.A, Uint8Array.of(192, 0, 2, 1));
  return [{ owner: origin, rrsets: apex }, { owner: nameserver, rrsets: [address] }, ...hosts];
}

/** Signatures per second of all cores together. */
function opensslRate(cores: number): number {
  const result = spawnSync(
    'openssl',
    ['speed', '-elapsed', '-multi', String(cores), '-seconds', '1', 'ecdsap256'],
    {
      encoding: 'utf8',
    },
  );
  const line = result.stdout.split('\n').find((text) => text.includes('nistp256'));
  return Number(line?.trim().split(/\s+/).at(-2));
}

if (import.meta.main) await run();
