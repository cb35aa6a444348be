import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine } from '../kit/mail-machine.ts';
import { neededDrivers } from '../kit/mail-model.ts';
import { openssl } from '../kit/openssl.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = ['unshare', 'nsenter', 'postfix', 'dovecot', 'rspamd', 'redis-server', 'openssl', 'curl'];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
const data = '/srv/signpost';
const hostname = 'box.example.net';

/** With the words that `openssl s_client` has for the protocol, where TLS comes later. */
const ports: readonly [port: number, starttls?: string][] = [
  [25, 'smtp'],
  [465],
  [587, 'smtp'],
  [993],
  [995],
  [4190, 'sieve'],
];

describe.skipIf(reason)(`a new certificate of the box ${reason ?? ''}`, { timeout: 4 * MINUTE }, () => {
  let machine: MailMachine;
  let box: RunningBox;
  let agent: RunningAgent;
  const tool = openssl();
  const issuer = tool.issue({ subject: 'Root', ca: true });

  beforeAll(async () => {
    machine = await createMailMachine(hostname);
    machine.run('mkdir', '-p', data);
    const flags = { data, hostname, dns: '127.0.0.1:5300', prefix: machine.prefix };
    box = await startBox({ ...flags, workers: 1, patience: 2 * MINUTE });
    agent = await startAgent(machine);
    // TLSA that caches forget soon.
    api('PUT', '/box', { hostname, ipv4: ['192.0.2.1'], ttl: 2 });
    expect(api('POST', '/mail/apply', {}), agent.output()).toMatchObject({
      servers: Array(neededDrivers.length).fill({ outcome: 'applied' }) as object[],
    });
  }, 4 * MINUTE);
  afterAll(async () => {
    await agent.stop();
    await box.kill();
    await machine.close();
    tool.remove();
  }, MINUTE);

  const { api } = boxOn(() => machine, data);

  /** SHA-256 of the public key, as TLSA 3 1 1 has it. */
  function spki(pem: string): string {
    const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('hex');
  }

  /** By port, the key that is shown to who connects now. */
  function served(): Record<number, string> {
    const shown = ports.map(([port, starttls]): [number, string] => {
      const flags = starttls === undefined ? [] : ['-starttls', starttls];
      const { output } = machine.ask('timeout', [
        ...['10', 'openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-servername', hostname, ...flags],
      ]);
      const pem = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(output)?.[0];
      return [port, pem === undefined ? output : spki(pem)];
    });
    return Object.fromEntries(shown);
  }

  /** Keys in TLSA of port 25. */
  function published(): string[] {
    const { output } = machine.ask('dig', [
      ...['@127.0.0.1', '-p', '5300', `_25._tcp.${hostname}`, 'TLSA', '+short'],
    ]);
    return [...output.matchAll(/^3 1 1 ([0-9A-F ]+)$/gm)].map(([, hex]) =>
      hex!.replaceAll(' ', '').toLowerCase(),
    );
  }

  function install(): string {
    const { certificate, key } = tool.issue({ names: [hostname], issuer });
    const answer = api('POST', '/certificates/install', {
      chain: certificate + issuer.certificate,
      privateKey: key,
    });
    expect(answer).toHaveProperty('id');
    return spki(certificate);
  }

  /** Looks until all ports show the key. @returns where TLSA said another one than what was shown */
  async function follow(key: string, seconds: number): Promise<object[]> {
    const wrong: object[] = [];
    await until(
      seconds,
      () => {
        const [before, shown, after] = [published(), served(), published()];
        const keys = Object.values(shown);
        const matches = (tlsa: string[]): boolean =>
          tlsa.length === 0 || keys.every((one) => tlsa.includes(one));
        if (!matches(before) || !matches(after)) wrong.push({ before, shown, after });
        return Promise.resolve(keys.every((one) => one === key) || undefined);
      },
      () => Promise.resolve(JSON.stringify({ key, served: served(), published: published() })),
    );
    return wrong;
  }

  it('is shown by all servers by itself, and TLSA never says otherwise: the first', async () => {
    const key = install();
    expect(await follow(key, 60)).toEqual([]);
    expect(published()).toContain(key);
  });

  it('is shown by all servers by itself, and TLSA never says otherwise: one with another key', async () => {
    // It waits until no cache has TLSA without it: the TTL, and a minute.
    expect(await follow(install(), 150)).toEqual([]);
  });
});
