import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type ApiServer } from '../../src/api/server.ts';
import type { Attempt, CertificateView, OrderStep } from '../../src/certs/model.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { signpost, type CliResult } from '../kit/cli.ts';
import { memoryCertificates, privateKeyMarker } from '../kit/memory-certificates.ts';
import { memoryServices, testBox, type MemoryServices } from '../kit/memory-services.ts';

/** The command against the real API over its socket; behind it certificates in memory, whose orders the test moves. */
let folder: string;
let services: MemoryServices;
let server: ApiServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-cert-'));
  services = memoryServices({ box: testBox });
  server = await startApi({
    services,
    http: { address: '127.0.0.1', port: 0 },
    socketPath: join(folder, 'signpost.sock'),
    log: createLog({ level: 'silent' }),
    clock: systemClock,
    random: systemRandom,
  });
});
afterAll(async () => {
  await server.close();
  await services.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  Object.assign(services.certificates, memoryCertificates());
});

const run = (...args: string[]): Promise<CliResult> => signpost(folder, 'cert', ...args);

/** Standard output of a command that must succeed and have nothing to complain of. */
async function ok(...args: string[]): Promise<string> {
  const result = await run(...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

/** From now on each look at a certificate shows the next of these steps, and the last one for good. */
function moveThrough(steps: OrderStep[], end: Partial<Attempt> = {}): void {
  const { certificates } = services;
  const stored = certificates.get.bind(certificates);
  let looks = 0;
  certificates.get = (id) => {
    const view = stored(id);
    if (view?.step === undefined) return view;
    const step = steps[Math.min(looks++, steps.length - 1)]!;
    const over = step === 'installed' || step === 'failed';
    const attempt: Attempt = {
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: over ? '2026-01-01T00:00:02.000Z' : undefined,
      step,
      problem: undefined,
      detail: undefined,
      ...(over && end),
    };
    const state: CertificateView['state'] =
      step === 'installed' ? 'valid' : step === 'failed' ? 'failed' : view.state;
    return { ...view, state, step, attempts: [attempt, ...view.attempts] };
  };
}

describe('signpost cert', () => {
  it('lists, and shows by id or by name', async () => {
    expect(await ok('list')).toMatch(/^ID +NAMES .*\nc0 +example\.com \*\.example\.com +valid +CN=R10/);
    const shown = await ok('show', 'Example.COM.');
    expect(shown).toMatch(/^certificate: +c0\n/);
    expect(shown).toContain('DNS problem: SERVFAIL looking up TXT');
    expect(shown).toMatch(/2026-03-02T00:00:00Z, .* \(two thirds of its lifetime\)/);
    expect(JSON.parse(await ok('show', 'c0', '--json'))).toMatchObject({ id: 'c0', state: 'valid' });
    expect((await run('show', 'www.example.com')).code).toBe(4);
    expect((await run('show', 'none')).code).toBe(4);
  });

  it('says that a certificate is valid though its renewal failed, and why', async () => {
    const { certificates } = services;
    const view: CertificateView = {
      ...certificates.get('c0')!,
      step: 'failed',
      problem: 'The CA at ca.example.org cannot be reached.',
      nextAttemptWhy: 'back-off after a failure',
    };
    Object.assign(certificates, { get: () => view, list: () => ({ items: [view], next: undefined }) });
    expect(await ok('list')).toMatch(
      / valid, renewal failed +.* \S.*(?:ago|in \d+ \w+) \(back-off after a failure\)/,
    );
    const shown = await ok('show', 'c0');
    expect(shown).toMatch(/^state: +valid, renewal failed\nproblem: +The CA at ca.example.org cannot/m);
    expect(shown).toMatch(/^next: +2026-03-02T00:00:00Z, .* \(back-off after a failure\)$/m);
  });

  it('follows an order to its end', async () => {
    moveThrough(['order', 'record', 'live', 'validated', 'issued', 'installed']);
    const output = await ok('issue', 'www.example.com', '*.www.example.com', '--key', 'rsa-2048');
    const steps = [
      'waiting for its turn',
      'order placed',
      'records written',
      'records live',
      'validated',
      'issued',
      'in use',
      'The new certificate is in use.',
      'names: +www.example.com\n +\\*.www.example.com',
    ];
    expect(output).toMatch(new RegExp(steps.join('[^]*')));
  });

  it('gives JSON alone when asked to', async () => {
    moveThrough(['order', 'installed']);
    expect(JSON.parse(await ok('renew', 'c0', '--json'))).toMatchObject({ id: 'c0', step: 'installed' });
  });

  it("says why an order failed, with the CA's own words", async () => {
    moveThrough(['order', 'failed'], { problem: 'The CA refused.', detail: 'CAA record prevents issuance' });
    const failed = await run('renew', 'example.com');
    expect(failed.code).toBe(6);
    expect(failed.stderr).toMatch(/^The CA refused\.\n {2}In detail: CAA record prevents issuance\n/);
    const json = await run('renew', 'example.com', '--json');
    expect([json.code, json.stdout]).toEqual([6, '']);
    expect(JSON.parse(json.stderr)).toMatchObject({ id: 'c0', state: 'failed' });
  });

  it('waits no longer than it is told, or not at all', async () => {
    moveThrough(['live']);
    const late = await run('issue', 'www.example.com', '--timeout', '0');
    expect([late.code, late.stderr]).toEqual([
      6,
      'The order has not ended, and goes on by itself: signpost cert show c1\n',
    ]);
    expect(await ok('renew', 'c0', '--no-wait')).toBe('Ordered. signpost cert show c0 says how it goes.\n');
    expect((await run('renew', 'c0', '--timeout', 'soon')).code).toBe(2);
  });

  it('revokes, when it is sure', async () => {
    expect((await run('revoke', 'c0')).code).toBe(2);
    expect(await ok('revoke', 'c0', '--reason', 'superseded', '--yes')).toMatch(/state: +revoked/);
    expect((await run('revoke', 'c0', '--reason', 'bored', '--yes')).stderr).toContain('reason');
  });

  it('brings a request out and a certificate in', async () => {
    const [csr, chain, key] = ['www.csr', 'www.pem', 'www.key'].map((name) => join(folder, name));
    expect(await ok('request', 'www.example.com')).toBe('-----BEGIN CERTIFICATE REQUEST-----\n');
    expect(await ok('request', 'www.example.com', '--output', csr!)).toBe(`The request is in ${csr}.\n`);
    expect(readFileSync(csr!, 'utf8')).toBe('-----BEGIN CERTIFICATE REQUEST-----\n');
    writeFileSync(chain!, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    writeFileSync(key!, `-----BEGIN PRIVATE KEY-----\n${privateKeyMarker}\n-----END PRIVATE KEY-----\n`);
    const installed = await ok('install', chain!, '--key-file', key!);
    expect(installed).toMatch(/kind: +own/);
    expect(installed).not.toContain(privateKeyMarker);
    expect((await run('install', join(folder, 'nothing.pem'))).code).toBe(2);
  });

  it('shows the account with the CA, and takes a new key for it', async () => {
    const shown = await ok('account');
    const lines = ['CA: +https://ca.example.org/directory', 'account: +https://ca.example.org/account/0'];
    const rest = ['email: +admin@example.com', 'external account: +bound', 'in CAA: +ca.example.org'];
    expect(shown).toMatch(new RegExp(`^${[...lines, ...rest].join('\n')}\n$`));
    expect(await ok('roll-account-key')).toMatch(/^The account has a new key\.\n\n.*\n.*account\/1\n/);
    expect(JSON.parse(await ok('account', '--json'))).toMatchObject({
      accountUri: 'https://ca.example.org/account/1',
      externalAccount: true,
    });
  });
});
