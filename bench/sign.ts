import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../src/core/clock.ts';
import { systemRandom } from '../src/core/random.ts';
import type { ContentChange } from '../src/dns/dnssec/draft.ts';
import { generateKey } from '../src/dns/dnssec/keys.ts';
import { defaultSignPolicy } from '../src/dns/dnssec/policy.ts';
import { type SignPool, createSignPool } from '../src/dns/dnssec/sign-pool.ts';
import { signZone } from '../src/dns/dnssec/sign-zone.ts';
import { rdataFromText } from '../src/dns/rdata/registry.ts';
import { Type } from '../src/dns/type-codes.ts';
import { Name } from '../src/dns/wire/name.ts';

export const name = 'sign: a zone of 10,000 names from nothing, against openssl speed ecdsap256 × cores';

const NAMES = 10_000;
const ROUNDS = 7;
/** Until the compiler is done with it: the first round also starts the threads. */
const WARM_UP = 3;
const origin = Name.parse('example.com');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What one round came to. */
interface Rate {
  /** Signatures per second of the clock. */
  wall: number;
  /** Signatures per second of one core's time: the same on a busy machine, where the other is not. */
  cpu: number;
}

/** Signs a zone from nothing and runs `openssl speed` in turn; prints the ratio of the medians. */
export async function run(): Promise<void> {
  const cores = availableParallelism();
  const program = new URL('../src/native/sign-worker.ts', import.meta.url);
  const pool = createSignPool({ threads: cores, program, onSlow: (problem) => console.warn(problem) });
  const ours: Rate[] = [];
  const openssl: Rate[] = [];
  const cold = await signOnce(pool);
  for (let round = 1; round < WARM_UP; round++) await signOnce(pool);
  for (let round = 0; round < ROUNDS; round++) {
    openssl.push({ wall: opensslRate(['-elapsed', '-multi', String(cores)]), cpu: opensslRate([]) });
    ours.push(await signOnce(pool));
  }
  await pool.close();
  report(`signatures/s on ${cores} cores`, ours, openssl, 'wall');
  report('signatures per second of CPU time', ours, openssl, 'cpu');
  console.log(`sign ${cold.wall.toFixed(0)} signatures/s in the first round, which starts the threads`);
}

function report(what: string, ours: readonly Rate[], openssl: readonly Rate[], clock: keyof Rate): void {
  const median = (rates: readonly Rate[]): number =>
    rates.map((rate) => rate[clock]).sort((a, b) => a - b)[rates.length >> 1]!;
  const ratio = median(ours) / median(openssl);
  console.log(
    `sign ${median(ours).toFixed(0)} ${what}; openssl ${median(openssl).toFixed(0)}; ratio ${ratio.toFixed(2)}` +
      (clock === 'wall' ? ' (target 0.70)' : ''),
  );
}

async function signOnce(pool: SignPool): Promise<Rate> {
  const key = generateKey();
  const content = zoneContent(key.dnskey);
  // What the round before left behind is not for this one to clear away.
  collectGarbage();
  const options = {
    origin,
    keys: [key],
    policy: defaultSignPolicy,
    now: Math.floor(systemClock.now() / 1000),
    random: systemRandom,
    scope: 'changes',
  } as const;
  const start = systemClock.monotonic();
  const before = process.cpuUsage();
  const { signatures } = await signZone(undefined, content, options, pool.batch());
  const { user, system } = process.cpuUsage(before);
  return {
    wall: signatures / ((systemClock.monotonic() - start) / 1000),
    cpu: signatures / ((user + system) / 1e6),
  };
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

/** Signatures per second that `openssl speed` tells: of its own CPU time, or of all cores with `-elapsed -multi`. */
function opensslRate(options: readonly string[]): number {
  const command = ['speed', ...options, '-seconds', '1', 'ecdsap256'];
  const result = spawnSync('openssl', command, { encoding: 'utf8' });
  const line = result.stdout.split('\n').find((text) => text.includes('nistp256'));
  return Number(line?.trim().split(/\s+/).at(-2));
}

if (import.meta.main) await run();
