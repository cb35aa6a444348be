import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boxFlags } from '../../scripts/node-flags.mjs';
import { encodeMessage, newMessage } from '../../src/dns/message/message.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { programs } from '../../test/kit/programs.ts';

const root = join(import.meta.dirname, '../..');
/** Where `npm start` keeps what is compiled, too. */
const compiled = join(root, 'node_modules/.cache/node');
const token = 'bench-token-of-at-least-thirty-two-characters';

/** A box as a process of its own, started as a service would start it. */
export interface ChildBox {
  process: ChildProcess;
  /** Where the API is. */
  http: string;
  /** UDP port on loopback. */
  dns: number;
}

export interface BoxOptions {
  /** Folder of its data. */
  data: string;
  /** Its address, as its zones have it; one of nobody when not given. */
  ipv4?: string;
  /** 2 when not given. */
  workers?: number;
  /** How it serves UDP. */
  udp?: 'batched' | 'dgram';
  /** The only core that it runs on. */
  core?: number;
  /** Serves HTTPS as well. */
  https?: boolean;
  /** Done while it starts. */
  meanwhile?: (dns: number) => Promise<void>;
}

/** Resolves once it says that it is ready, and `meanwhile` is done. */
export async function startChildBox({
  data,
  ipv4 = '192.0.2.1',
  workers = 2,
  https = false,
  udp = 'batched',
  core,
  meanwhile,
}: BoxOptions): Promise<ChildBox> {
  const [dns, http] = [await freePort(), await freePort()];
  const flags = [
    ...['--hostname', 'box.example.net', '--ipv4', ipv4, '--data', data, '--workers', `${workers}`],
    ...['--dns', `127.0.0.1:${dns}`, '--http', `127.0.0.1:${http}`],
    ...['--https', https ? `127.0.0.1:${await freePort()}` : 'none'],
    ...['--acme-directory', 'none', '--log-level', 'error', '--udp', udp],
  ];
  const command = [process.execPath, ...boxFlags, programs.box, ...flags];
  // taskset becomes the program that it starts.
  const [first, ...rest] = core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
  const child = spawn(first!, rest, {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, SIGNPOST_ADMIN_TOKEN: token },
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

export function stopChildBox({ process: child }: ChildBox): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  child.kill('SIGTERM');
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Resident memory of the process and of those it started, MiB. */
export function memoryOf({ process: { pid } }: ChildBox): number {
  return [pid!, ...childrenOf(pid!)].reduce((sum, each) => sum + residentMemory(each), 0);
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** Asks the API. @throws Error with the body of an answer that is not 2xx */
export async function call<T>(box: ChildBox, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await send(
    box,
    method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** Sends a request as it is. */
export async function send(
  box: ChildBox,
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${box.http}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

/** Whether a question with DO brings a record and its RRSIG, within so many milliseconds. */
export async function signedAnswer(
  port: number,
  owner: string,
  type: number,
  patience = 500,
): Promise<boolean> {
  const question = questionWithDo(Name.parse(owner), type);
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('message', (answer) => resolve(answer.readUInt16BE(6) === 2));
      socket.once('error', () => resolve(false));
      socket.send(question, port, '127.0.0.1');
      void rest(patience).then(() => resolve(false));
    });
  } finally {
    socket.close();
  }
}

/** A message that asks for a type, with its signatures. */
export function questionWithDo(owner: Name, type: number): Uint8Array {
  return encodeMessage(
    newMessage({
      id: 0x102,
      questions: [{ name: owner, type, class: 1 }],
      edns: { udpSize: 1232, version: 0, do: true, options: [] },
    }),
  );
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await rest(20);
}

export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

/** A line of the table: what, its figure, and what is promised of it, where something is. */
export function print(what: string, value: number, unit: string, promised = ''): void {
  const figure = `${value.toFixed(1).padStart(9)} ${unit}`;
  console.log(`${what.padEnd(66)} ${figure.padEnd(20)} ${promised}`.trimEnd());
}
