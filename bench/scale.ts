import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxFlags } from '../scripts/node-flags.mjs';
import { freePort } from '../test/kit/free-port.ts';
import { Name } from '../src/dns/wire/name.ts';

/*
 * A box with many domains, as a process of its own: what adding them as one job takes, what adding one more costs beside a box with few,
 * memory, and a restart. DOMAINS says how many; the figures that the project promises are for 100,000.
 */
export const name = 'scale: many domains';

const DOMAINS = Number(process.env['DOMAINS'] ?? 10_000);
/** Domains of one request. */
const CHUNK = 10_000;
const FEW = 100;
const SAMPLES = 60;
const token = 'bench-token-of-at-least-thirty-two-characters';

interface Box {
  process: ChildProcess;
  http: string;
  dns: number;
}

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-scale-'));
  let box = await start(data);
  try {
    print('memory with no domains', memory(box), 'MiB');
    await bulk(box, 'few', FEW);
    const few = await posts(box, 'a');
    print(`POST /domains to signed answer, ${FEW} domains, median`, quantile(few, 0.5), 'ms');
    const idle = await latencies(box, async () => await rest(2000));
    const began = performance.now();
    const busy = await latencies(box, async () => await bulk(box, 'd', DOMAINS));
    const seconds = (performance.now() - began) / 1000;
    print(`bulk add of ${DOMAINS} domains`, DOMAINS / seconds, 'a second');
    print('UDP p99 during it against idle', quantile(busy, 0.99) / quantile(idle, 0.99), 'times');
    const many = await posts(box, 'b');
    print(`POST /domains to signed answer, ${DOMAINS} domains, median`, quantile(many, 0.5), 'ms');
    print('  against few', quantile(many, 0.5) / quantile(few, 0.5), 'times');
    print(`memory with ${DOMAINS} domains`, memory(box), 'MiB');
    await stop(box);
    const restarted = performance.now();
    box = await start(data, async (port) => {
      await until(() => signedMx(port, `d${DOMAINS - 1}-example.com`));
      print('restart to the first answer of a domain', (performance.now() - restarted) / 1000, 's');
    });
    print('restart to all of them', (performance.now() - restarted) / 1000, 's');
    print('memory after it', memory(box), 'MiB');
  } finally {
    await stop(box);
    rmSync(data, { recursive: true, force: true });
  }
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(62)} ${value.toFixed(1).padStart(9)} ${unit}`);
}

async function start(data: string, meanwhile?: (dns: number) => Promise<void>): Promise<Box> {
  const [dns, http] = [await freePort(), await freePort()];
  const flags = [
    ...['--hostname', 'box.example.net', '--ipv4', '192.0.2.1', '--data', data, '--workers', '2'],
    ...['--dns', `127.0.0.1:${dns}`, '--http', `127.0.0.1:${http}`, '--https', 'none'],
    ...['--acme-directory', 'none', '--log-level', 'error'],
  ];
  const program = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, [...boxFlags, program, ...flags], {
    env: { ...process.env, SIGNPOST_ADMIN_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('signpost ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the box ended with ${code ?? 'a signal'}`)));
  });
  await Promise.all([ready, meanwhile?.(dns)]);
  return { process: child, http: `http://127.0.0.1:${http}/api/v1`, dns };
}

function stop({ process: child }: Box): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  child.kill('SIGTERM');
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Resident memory of the whole process, MiB. */
function memory({ process: { pid } }: Box): number {
  const status = readFileSync(`/proc/${pid!}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

async function call<T>(box: Box, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${box.http}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function bulk(box: Box, prefix: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += CHUNK) {
    const domains = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => ({
      name: `${prefix}${from + i}-example.com`,
    }));
    const { job } = await call<{ job: string }>(box, 'POST', '/domains/bulk', { domains });
    await until(async () => {
      const { state, failedCount } = await call<{ state: string; failedCount: number }>(
        box,
        'GET',
        `/jobs/${job}`,
      );
      if (failedCount > 0) throw new Error(`${failedCount} domains were refused`);
      return state === 'done';
    });
  }
}

/** Milliseconds from the request until the new domain's MX is answered with a signature. */
async function posts(box: Box, prefix: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const domain = `${prefix}${i}-sample.com`;
    const began = performance.now();
    await call(box, 'POST', '/domains', { name: domain });
    if (!(await signedMx(box.dns, domain))) throw new Error(`${domain} has no signed MX`);
    times.push(performance.now() - began);
  }
  return times;
}

/** Milliseconds of queries, one after the other, while something is done. */
async function latencies(box: Box, action: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const ended = new AbortController();
  const asking = (async () => {
    while (!ended.signal.aborted) {
      const began = performance.now();
      await signedMx(box.dns, 'few1-example.com');
      times.push(performance.now() - began);
      await rest(2);
    }
  })();
  await action().finally(() => ended.abort());
  await asking;
  return times;
}

/** Whether MX with DO brings two records: MX and RRSIG. */
async function signedMx(port: number, domain: string): Promise<boolean> {
  const header = Uint8Array.of(1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
  const question = Buffer.concat([Name.parse(domain).wire, Uint8Array.of(0, 15, 0, 1)]);
  const opt = Uint8Array.of(0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0);
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('message', (answer) => resolve(answer.readUInt16BE(6) === 2));
      socket.once('error', () => resolve(false));
      socket.send(Buffer.concat([header, question, opt]), port, '127.0.0.1');
      void rest(500).then(() => resolve(false));
    });
  } finally {
    socket.close();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await rest(20);
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

if (import.meta.main) await run();
