import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../test/kit/ask.ts';
import { freePort } from '../test/kit/free-port.ts';
import { type RunningSecondary, startSecondary } from '../test/kit/secondary-peers.ts';
import { addDomains } from './kit/add-domains.ts';
import { call, type ChildBox, print, rest, startChildBox, stopChildBox, until } from './kit/child-box.ts';

/*
 * A Knot secondary with nothing takes all zones by the catalog (RFC 9432), with the configuration that the box prints: what that takes, until it
 * answers for each of them. DOMAINS says how many.
 */
export const name = 'catalog: all zones to a new Knot secondary';

const DOMAINS = Number(process.env['DOMAINS'] ?? 10_000);
/** Domains of one request. */
/** Zones that are asked for at a time. */
const ASKED = 50;
/** Milliseconds for the next zones, the first among them, for which the catalog comes before. */
const PATIENCE = 300_000;
const KEY = 'xfr.example';
const SECONDARY = 'ns2.example.org';
const nameOf = (n: number): string => `d${n}-example.com`;

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-catalog-'));
  const box = await startChildBox({ data: join(folder, 'data'), ipv4: '127.0.0.1' });
  let knot: RunningSecondary | undefined;
  try {
    await fill(box);
    const { secret } = await call<{ secret: string }>(box, 'POST', '/tsig-keys', {
      name: KEY,
      transfer: 'all',
    });
    const at = { address: '127.0.0.1', port: await freePort() };
    const secondary = { name: SECONDARY, addresses: [at.address], port: at.port, tsigKey: KEY };
    await call(box, 'POST', '/secondaries', { ...secondary, catalog: true, publish: false });
    const [began, cpu] = [performance.now(), cpuOf(box.process.pid!)];
    const asked = { dns: { address: '127.0.0.1', port: box.dns }, api: apiOf(box) };
    knot = await startSecondary({ ...at, box: asked, folder, server: 'knot', secret, name: SECONDARY });
    await allThere(knot);
    const seconds = (performance.now() - began) / 1000;
    print(`${DOMAINS} zones on a new Knot secondary`, seconds, 's');
    print('  zones a second', DOMAINS / seconds, 'a second');
    print('  CPU time of the box', cpuOf(box.process.pid!) - cpu, 's');
    const [added, ours, theirs] = [performance.now(), cpuOf(box.process.pid!), cpuOf(knot.pid)];
    await call(box, 'POST', '/domains', { name: nameOf(DOMAINS) });
    await until(() => isThere(at, nameOf(DOMAINS)));
    print(
      'one more domain, from the request until Knot answers for it',
      (performance.now() - added) / 1000,
      's',
    );
    print('  CPU time of the box', cpuOf(box.process.pid!) - ours, 's');
    print('  CPU time of Knot', cpuOf(knot.pid) - theirs, 's');
  } finally {
    await knot?.stop();
    await stopChildBox(box);
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(box: ChildBox): Promise<void> {
  return addDomains(
    box,
    Array.from({ length: DOMAINS }, (_, i) => ({ name: nameOf(i) })),
  );
}

/** Seconds of CPU time of a process, with threads that ended, in hundredths (proc_pid_stat(5)). */
function cpuOf(pid: number): number {
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/\(.*\)/, '')
    .split(/ +/);
  // utime and stime, the fields 14 and 15.
  return (Number(fields[10]) + Number(fields[11])) / 100;
}

/** What the kit of the tests asks of a box. */
function apiOf(box: ChildBox) {
  return async (method: string, path: string) => ({
    status: 200,
    headers: new Headers(),
    body: await call<unknown>(box, method, path),
  });
}

async function isThere(at: { address: string; port: number }, zone: string): Promise<boolean> {
  const answer = await ask(at, zone, 'SOA', 1000);
  return answer?.flags.aa === true && answer.answers.length > 0;
}

/** Asks for every zone until it is answered, in their order: most come in that, too. */
async function allThere(knot: RunningSecondary): Promise<void> {
  for (let from = 0; from < DOMAINS; from += ASKED) {
    const zones = Array.from({ length: Math.min(ASKED, DOMAINS - from) }, (_, i) => nameOf(from + i));
    const began = performance.now();
    while ((await Promise.all(zones.map((zone) => isThere(knot, zone)))).includes(false)) {
      if (performance.now() - began > PATIENCE)
        throw new Error(`${zones[0]} and its neighbours do not arrive\n${knot.output().slice(-2000)}`);
      await rest(200);
    }
  }
}

if (import.meta.main) await run();
