import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxFlags } from '../../scripts/node-flags.mjs';
import { programs } from './programs.ts';

/** The admin token that test boxes are started with. */
export const adminToken = 'sp_test-admin-token-of-at-least-thirty-two-characters';

export interface BoxOptions {
  /** Kept between starts when given; else a fresh folder that `stop` removes. */
  data?: string;
  hostname?: string | undefined;
  ipv4?: string;
  ipv6?: string;
  dns?: string;
  http?: string;
  https?: string;
  /** Put before the command, such as `ip netns exec NAME`. */
  prefix?: string[];
  flags?: string[];
  /** In place of `--admin-token` with {@link adminToken}. */
  tokenFlags?: string[];
  env?: Record<string, string>;
  workers?: number;
  /** Milliseconds it may take to be ready; 120,000 if nothing is said. */
  patience?: number;
}

/** A running Signpost, as a person starts it. */
export interface RunningBox {
  child: ChildProcess;
  data: string;
  dns: { address: string; port: number };
  http: string;
  /** Such as `https://127.0.0.1:8443`; undefined when it is not served. */
  https: string | undefined;
  /** Milliseconds from spawn to `signpost ready`. */
  startedIn: number;
  /** Everything printed so far. */
  output(): string;
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  /** The same over the unix socket, as the person on the machine: needs no token, and reaches into a namespace. */
  local(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data folder stays. */
  kill(): Promise<void>;
}

export interface ApiAnswer {
  status: number;
  /** Parsed when it is JSON. */
  body: unknown;
}

/** Starts the box and waits for its `signpost ready` line. */
export async function startBox(options: BoxOptions = {}): Promise<RunningBox> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'signpost-box-'));
  const began = performance.now();
  const [command, ...args] = [
    ...(options.prefix ?? []),
    process.execPath,
    ...boxFlags,
    programs.box,
    ...boxArguments(data, options),
  ];
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let output = '';
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ready = await new Promise<RegExpExecArray>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      const line = /^signpost ready dns=(\S+) http=(\S+)(?: https=(\S+))?$/m.exec(output);
      if (line) resolve(line);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    void exit.then((code) => reject(new Error(`the box ended with ${code} before it was ready:\n${output}`)));
    const { patience = 120_000 } = options;
    setTimeout(() => reject(new Error(`the box was not ready in time:\n${output}`)), patience).unref();
  });
  const http = ready[2]!.startsWith('http') ? ready[2]! : `http://${ready[2]!}`;
  return {
    child,
    data,
    dns: parseAddress(ready[1]!.split(',')[0]!),
    http,
    https: ready[3],
    startedIn: performance.now() - began,
    output: () => output,
    api: (method, path, body, headers) => callApi(http, method, path, body, headers),
    local: (method, path, body) => callLocally(join(data, 'signpost.sock'), method, path, body),
    async stop() {
      child.kill('SIGTERM');
      const code = await exit;
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function boxArguments(data: string, options: BoxOptions): string[] {
  const hostname = 'hostname' in options ? options.hostname : 'box.example.net';
  return [
    '--data',
    data,
    '--dns',
    options.dns ?? '127.0.0.1:0',
    '--http',
    options.http ?? '127.0.0.1:0',
    '--https',
    options.https ?? '127.0.0.1:0',
    ...(options.tokenFlags ?? ['--admin-token', adminToken]),
    ...(hostname === undefined ? [] : ['--hostname', hostname, '--ipv4', options.ipv4 ?? '192.0.2.1']),
    ...(options.ipv6 === undefined ? [] : ['--ipv6', options.ipv6]),
    ...(options.workers === undefined ? [] : ['--workers', String(options.workers)]),
    // Tests ask no CA of the internet for anything.
    ...(options.flags?.includes('--acme-directory') ? [] : ['--acme-directory', 'none']),
    ...(options.flags ?? []),
  ];
}

function parseAddress(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

export async function callApi(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: json ? JSON.parse(text) : text };
}

function callLocally(socketPath: string, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path: `/api/v1${path}`, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const json = /[/+]json/.test(response.headers['content-type'] ?? '');
        resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(text) : text });
      });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
