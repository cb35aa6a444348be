import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PebbleOptions {
  /** Nameserver that it asks, such as `127.0.0.1:5300`. */
  dns: string;
  /** Whether it waits a while before each validation, as by default. */
  sleeps?: boolean;
  /** Seconds that it waits at most; in place of `sleeps`. */
  sleepTime?: number;
  /** Percent of good nonces that it refuses. */
  nonceReject?: number;
  eab?: Record<string, string>;
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
  output(): string;
  /** SIGTERM; `keep` leaves the folder for the next. */
  stop(options?: { keep: boolean }): Promise<void>;
}

export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'signpost-pebble-'));
  const [port, management] = options.ports ?? [await freePort(), await freePort()];
  if (options.folder === undefined) makeCertificate(folder);
  const { eab } = options;
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(folder, 'cert.pem'),
    privateKey: join(folder, 'key.pem'),
    httpPort: 5002,
    tlsPort: 5001,
    ocspResponderURL: '',
    externalAccountBindingRequired: eab !== undefined,
    ...(eab ? { externalAccountMACKeys: eab } : {}),
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble: config }));
  const child = spawn('pebble', ['-config', join(folder, 'config.json'), '-dnsserver', options.dns], {
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
  const ca = readFileSync(join(folder, 'cert.pem'), 'utf8');
  const directory = `https://127.0.0.1:${port}/dir`;
  const fetchText = (path: string): Promise<string> =>
    httpsText(`https://127.0.0.1:${management}${path}`, ca);
  for (let tries = 0; ; tries++) {
    const found = await httpsText(directory, ca).catch(() => undefined);
    if (found !== undefined) break;
    if (tries === 100) throw new Error(`pebble does not answer:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    directory,
    ca: join(folder, 'cert.pem'),
    ports: [port, management],
    folder,
    root: () => fetchText('/roots/0'),
    async status(serial) {
      const text = await fetchText(`/cert-status-by-serial/${serial}`);
      return (JSON.parse(text) as { Status: string }).Status;
    },
    output: () => output,
    async stop({ keep } = { keep: false }) {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificate(folder: string): void {
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
  const names = ['-subj', '/CN=pebble', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...args, ...files, ...names], { stdio: 'pipe' });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function httpsText(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
