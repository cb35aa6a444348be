import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AcmeConfig, Config } from '../../src/core/config.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { startBox } from '../../src/start.ts';
import { adminToken, type ApiAnswer, callApi } from './box.ts';
import { LeapingClock } from './leaping-clock.ts';
import { until } from './until.ts';

/** What the tests look at of a certificate. */
export interface CertificateJson {
  id: string;
  names: string[];
  state: string;
  issuer?: string;
  serialNumber?: string;
  notBefore?: string;
  notAfter?: string;
  nextAttemptAt?: string;
  nextAttemptWhy?: string;
  step?: string;
  attempts: { step: string; endedAt?: string; problem?: string; detail?: string }[];
}

/** A whole box in this process, whose time can be taken over the hours in which it only waits. */
export interface LeapingBox {
  clock: LeapingClock;
  api(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** Waits until the API shows the certificate of this name so. */
  certificate(name: string, so: (certificate: CertificateJson) => boolean): Promise<CertificateJson>;
  data: string;
  /** `keep` leaves the data for the next. */
  stop(options?: { keep: boolean }): Promise<void>;
}

export interface LeapingBoxOptions {
  /** Port of 127.0.0.1 that a CA asks. */
  dns: number;
  acme: AcmeConfig;
  /** Data of one that ran before. */
  data?: string | undefined;
  /** Milliseconds by which its clock is ahead as it starts. */
  leap?: number;
  /** Other settings. */
  config?: Partial<Config>;
}

export async function startLeapingBox(options: LeapingBoxOptions): Promise<LeapingBox> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'signpost-leaping-'));
  const clock = new LeapingClock();
  clock.leap(options.leap ?? 0);
  const anyPort = { address: '127.0.0.1', port: 0 };
  const box = await startBox({
    config: {
      hostname: 'box.example.net',
      ipv4: ['192.0.2.1'],
      ipv6: [],
      data,
      dns: [{ address: '127.0.0.1', port: options.dns }],
      http: anyPort,
      https: 'none',
      trustedProxies: [],
      warnings: [],
      adminToken,
      workers: 1,
      rootHints: undefined,
      acme: options.acme,
      logLevel: 'silent',
      ...options.config,
    },
    clock,
    random: systemRandom,
    log: createLog({ level: process.env['LOG'] ?? 'silent' }),
  });
  const api = (method: string, path: string, body?: unknown) => callApi(box.http, method, path, body);
  const certificates = async (): Promise<CertificateJson[]> =>
    ((await api('GET', '/certificates')).body as { items: CertificateJson[] }).items;
  return {
    clock,
    api,
    certificate: (name, so) =>
      until(
        60,
        async () => (await certificates()).find((one) => one.names[0] === name && so(one)),
        async () => JSON.stringify(await certificates(), undefined, 1),
      ),
    data,
    async stop({ keep } = { keep: false }) {
      await box.stop();
      if (!keep) rmSync(data, { recursive: true, force: true });
    },
  };
}
