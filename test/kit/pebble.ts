import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { laterPackage } from '../../scripts/later-packages.ts';
import { freePort } from './free-port.ts';

export interface PebbleOptions {
  /** Where it runs: put before its command, such as `ip netns exec NAME`; and its address there. */
  within?: { prefix: string[]; address: string };
  /** Of a later Debian than the one that is installed; it speaks ARI, and from forky on it has profiles. */
  suite?: 'trixie' | 'forky';
  /** Seconds for which certificates of each profile are valid; of forky's. */
  profiles?: Record<string, number>;
  /** Seconds for which certificates are valid; of Debian 12's and trixie's. */
  lifetime?: number;
  /** Nameserver that it asks, such as `127.0.0.1:5300`. */
  dns: string;
  /** Whether it waits a while before each validation, as by default. */
  sleeps?: boolean;
  /** Seconds that it waits at most; in place of `sleeps`. */
  sleepTime?: number;
  /** Percent of good nonces that it refuses. */
  nonceReject?: number;
  eab?: Record<string, string>;
  /** Names for which it issues nothing. */
  blocked?: string[];
  /** Ports of one that ran before. */
  ports?: [number, number];
  /** Folder of one that ran before: its HTTPS certificate stays. */
  folder?: string;
}

/** Let's Encrypt's test CA, as Debian has it: it validates as a CA of the internet does, and forgets everything when it ends. */
export interface Pebble {
  directory: string;
  /** File with the root of its own HTTPS. */
  ca: string;
  ports: [number, number];
  folder: string;
  /** PEM of the root that its certificates lead to. */
  root(): Promise<string>;
  /** Whether it says that the certificate (by serial number, hex) is revoked. */
  status(serial: string): Promise<string>;
  /** The certificate (by serial number, hex), PEM. */
  certificate(serial: string): Promise<string>;
  /** Makes it suggest this window for the certificate (PEM); forky's. */
  suggest(certificate: string, window: { start: Date; end: Date }): Promise<void>;
  output(): string;
  /** SIGTERM; `keep` leaves the folder for the next. */
  stop(options?: { keep: boolean }): Promise<void>;
}

/** The program: the installed one, or that of a later Debian. */
export function pebbleProgram(suite: PebbleOptions['suite']): string {
  return suite === undefined ? 'pebble' : join(laterPackage(suite, 'pebble'), 'usr/bin/pebble');
}

export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'signpost-pebble-'));
  const [port, management] = options.ports ?? [await freePort(), await freePort()];
  const { prefix, address } = options.within ?? { prefix: [], address: '127.0.0.1' };
  if (options.folder === undefined) makeCertificate(folder, address);
  const { eab } = options;
  const config = {
    listenAddress: `${address}:${port}`,
    managementListenAddress: `${address}:${management}`,
    certificate: join(folder, 'cert.pem'),
    privateKey: join(folder, 'key.pem'),
    httpPort: 5002,
    tlsPort: 5001,
    ocspResponderURL: '',
    externalAccountBindingRequired: eab !== undefined,
    ...(eab ? { externalAccountMACKeys: eab } : {}),
    domainBlocklist: options.blocked ?? [],
    ...(options.lifetime ? { certificateValidityPeriod: options.lifetime } : {}),
    ...(options.profiles ? { profiles: profilesOf(options.profiles) } : {}),
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble: config }));
  const command = [pebbleProgram(options.suite), '-config', join(folder, 'config.json')];
  const [program, ...args] = [...prefix, ...command, '-dnsserver', options.dns];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...(options.sleeps || options.sleepTime ? {} : { PEBBLE_VA_NOSLEEP: '1' }),
      ...(options.sleepTime ? { PEBBLE_VA_SLEEPTIME: String(options.sleepTime) } : {}),
      PEBBLE_WFE_NONCEREJECT: String(options.nonceReject ?? 0),
      PEBBLE_AUTHZREUSE: '0',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const caFile = join(folder, 'cert.pem');
  const ca = readFileSync(caFile, 'utf8');
  const text: typeof httpsText = (url, body) =>
    prefix.length === 0 ? httpsText(url, body, ca) : curlText(prefix, url, body, caFile);
  const directory = `https://${address}:${port}/dir`;
  const manage = (path: string, body?: string): Promise<string> =>
    text(`https://${address}:${management}${path}`, body);
  const statusOf = async (serial: string) =>
    JSON.parse(await manage(`/cert-status-by-serial/${serial}`)) as { Status: string; Certificate: string };
  for (let tries = 0; ; tries++) {
    const found = await text(directory, undefined).catch(() => undefined);
    if (found !== undefined) break;
    if (tries === 1200) throw new Error(`pebble does not answer:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    directory,
    ca: join(folder, 'cert.pem'),
    ports: [port, management],
    folder,
    root: () => manage('/roots/0'),
    status: async (serial) => (await statusOf(serial)).Status,
    certificate: async (serial) => (await statusOf(serial)).Certificate,
    async suggest(certificate, suggestedWindow) {
      const ARIResponse = JSON.stringify({ suggestedWindow });
      await manage('/set-renewal-info/', JSON.stringify({ Certificate: certificate, ARIResponse }));
    },
    output: () => output,
    async stop({ keep } = { keep: false }) {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function profilesOf(lifetimes: Record<string, number>) {
  const profile = ([name, validityPeriod]: [string, number]) => [name, { description: name, validityPeriod }];
  return Object.fromEntries(Object.entries(lifetimes).map(profile)) as unknown;
}

function makeCertificate(folder: string, address: string): void {
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=pebble', '-addext', `subjectAltName=IP:${address}`];
  execFileSync('openssl', [...args, ...files, ...names], { stdio: 'pipe' });
}

/** Posts when there is a body. Anything but 200 is an error. */
function httpsText(url: string, body: string | undefined, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    // RFC 8555 §6.1: without a User-Agent a CA need not answer, and forky's does not.
    const headers = { 'user-agent': 'signpost/test' };
    const call = request(url, { ca, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** The same from inside of a namespace. */
async function curlText(
  prefix: string[],
  url: string,
  body: string | undefined,
  ca: string,
): Promise<string> {
  const [command, ...args] = [...prefix, 'curl', '-sSf', '--max-time', '10', '--cacert', ca, url];
  const post = body === undefined ? [] : ['--data-binary', body];
  const { stdout } = await promisify(execFile)(command, [...args, ...post]);
  return stdout;
}
