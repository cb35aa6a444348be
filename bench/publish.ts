import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import type { Config } from '../src/core/config.ts';
import { createLog } from '../src/core/log.ts';
import { systemRandom } from '../src/core/random.ts';
import { Name } from '../src/dns/wire/name.ts';
import { type RunningBox, startBox } from '../src/start.ts';
import type { Actor } from '../src/work/actor.ts';

/*
 * What a change costs: from POST /domains to the signed answer over UDP with 10 and with 1,000 domains present, one record in a zone
 * of 10,000 names, and a restart with all of it.
 */
export const name = 'publish: a domain, a record, a restart';

const token = 'bench-token-of-at-least-thirty-two-characters';
const actor: Actor = { kind: 'system', id: 'bench', name: 'bench', address: undefined };
/** Domains added one by one: few where there are few, as they are then present too. */
const FEW = 50;
const MANY = 300;
const LARGE_ZONE = 10_000;

interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The figure that the project promises, in the same unit. */
  target: number;
}

export async function run(): Promise<void> {
  for (const { what, value, unit, target } of await measure())
    console.log(`${what.padEnd(45)} ${value.toFixed(1).padStart(8)} ${unit} (target ${target})`);
}

async function measure(): Promise<Figure[]> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
  try {
    let box = await start(data);
    await fill(box, 0, 10);
    const few = await posts(box, 'few', FEW);
    await fill(box, 10 + FEW, 1000);
    const many = await posts(box, 'many', MANY);
    const record = await oneRecord(box);
    await box.stop();
    const began = performance.now();
    box = await start(data);
    const restart = performance.now() - began;
    await box.stop();
    return [
      { what: 'POST /domains, 10 domains, median', value: quantile(few, 0.5), unit: 'ms', target: 20 },
      { what: 'POST /domains, 1,000 domains, median', value: quantile(many, 0.5), unit: 'ms', target: 20 },
      { what: 'POST /domains, 1,000 domains, p99', value: quantile(many, 0.99), unit: 'ms', target: 60 },
      {
        what: 'POST /domains, 1,000 against 10 domains',
        value: quantile(many, 0.5) / quantile(few, 0.5),
        unit: 'times',
        target: 1.5,
      },
      { what: 'one record in a zone of 10,000 names', value: quantile(record, 0.5), unit: 'ms', target: 50 },
      { what: 'restart with 1,000 domains and that zone', value: restart, unit: 'ms', target: 2000 },
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function start(data: string): Promise<RunningBox> {
  const config: Config = {
    hostname: 'box.example.net',
    ipv4: ['192.0.2.1'],
    ipv6: ['2001:db8::1'],
    data,
    dns: [{ address: '127.0.0.1', port: 0 }],
    http: { address: '127.0.0.1', port: 0 },
    https: 'none',
    trustedProxies: [],
    warnings: [],
    adminToken: token,
    workers: 1,
    rootHints: undefined,
    acme: { directory: undefined },
    logLevel: 'error',
  };
  const log = createLog({ level: 'error' });
  return startBox({ config, clock: systemClock, random: systemRandom, log });
}

function domainName(prefix: string, index: number): string {
  return `${prefix}${index}-example.com`;
}

async function fill({ services }: RunningBox, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    const request = { name: Name.parse(domainName('d', i)), dns: 'local' as const, mail: true, web: true };
    await services.domains.add(actor, request);
  }
}

/** Milliseconds from the request until the new domain's MX is answered with a signature. */
async function posts(box: RunningBox, prefix: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const domain = domainName(prefix, i);
    const began = performance.now();
    const response = await fetch(`${box.http}/api/v1/domains`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: domain }),
    });
    if (response.status !== 201)
      throw new Error(`POST /domains: ${response.status} ${await response.text()}`);
    await askSigned(box, domain);
    times.push(performance.now() - began);
  }
  return times;
}

/** A query for MX with DO; @throws Error when the answer has not two records (MX and RRSIG). */
async function askSigned({ dns }: RunningBox, domain: string): Promise<void> {
  const port = Number(dns[0]!.split(':').at(-1));
  const header = Uint8Array.of(1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
  const question = Buffer.concat([Name.parse(domain).wire, Uint8Array.of(0, 15, 0, 1)]);
  const opt = Uint8Array.of(0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0);
  const socket = createSocket('udp4');
  try {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
      socket.send(Buffer.concat([header, question, opt]), port, '127.0.0.1');
    });
    if (answer.readUInt16BE(6) !== 2) throw new Error(`${domain} has no signed MX`);
  } finally {
    socket.close();
  }
}

async function oneRecord({ services }: RunningBox): Promise<number[]> {
  const zone = Name.parse('large-example.com');
  await services.domains.add(actor, { name: zone, dns: 'local', mail: true, web: true });
  const records = Array.from({ length: LARGE_ZONE }, (_, i) => ({
    owner: `host${i}.large-example.com`,
    type: 'TXT',
    value: `"host ${i}"`,
  }));
  const began = performance.now();
  await services.records.add(actor, zone, records);
  console.error(`${LARGE_ZONE} records at once: ${Math.round(performance.now() - began)} ms`);
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await services.records.replace(actor, zone, [
      { owner: `host${i * 499}.large-example.com`, type: 'TXT', value: `"changed ${i}"` },
    ]);
    times.push(performance.now() - start);
  }
  return times;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

if (import.meta.main) await run();
