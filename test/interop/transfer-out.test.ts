import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { transferZone } from '../../src/dns/client/transfer.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { ask } from '../kit/ask.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

/*
 * Knot, NSD and BIND as secondaries, with the configuration that the box prints: each checked by the server's own checker, then a transfer with TSIG.
 */

const zone = 'example.com';
const servers = ['knot', 'nsd', 'bind'] as const;
type Server = (typeof servers)[number];

const reason = missing({ commands: ['knotd', 'knotc', 'nsd', 'nsd-checkconf', 'named', 'named-checkconf'] });
describe.skipIf(reason)(`secondaries of others ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'transfer-out-'));
  const peers: ChildProcess[] = [];
  let box: RunningBox;
  let secret: string;
  const ports = new Map<Server, number>();

  beforeAll(async () => {
    box = await startBox({ hostname: 'box.example.net', ipv4: '127.0.0.1' });
    await box.api('POST', '/domains', { name: zone });
    const made = await box.api('POST', '/tsig-keys', { name: 'xfr.example', transfer: 'all' });
    ({ secret } = made.body as { secret: string });
    for (const server of servers) {
      ports.set(server, await freePort());
      const body = {
        name: `${server}.example.org`,
        addresses: ['127.0.0.1'],
        port: ports.get(server),
        tsigKey: 'xfr.example',
      };
      expect((await box.api('POST', '/secondaries', body)).status).toBe(201);
    }
  }, 120_000);
  afterAll(async () => {
    for (const peer of peers) {
      if (peer.exitCode !== null) continue;
      const ended = once(peer, 'exit');
      peer.kill('SIGTERM');
      await ended;
    }
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** What the box prints, with the secret, and the port of the test in the place of 53. */
  async function printed(server: Server): Promise<string> {
    const path = `/secondaries/${server}.example.org/configuration?server=${server}`;
    const { configuration } = (await box.api('GET', path)).body as { configuration: string };
    const port = String(box.dns.port);
    return configuration
      .replaceAll('PUT-THE-SECRET-HERE', secret)
      .replaceAll('@53', `@${port}`)
      .replaceAll('port 53', `port ${port}`);
  }

  const frames: Record<Server, (at: string, port: number) => string> = {
    knot: (at, port) => `server:
    rundir: "${at}"
    listen: 127.0.0.1@${port}
database:
    storage: "${at}"
`,
    nsd: (at, port) => `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  zonesdir: "${at}"
  database: ""
  username: ""
  pidfile: ""
  zonelistfile: "${at}/zone.list"
  xfrdfile: "${at}/xfrd.state"
  xfrdir: "${at}"
remote-control:
  control-enable: no
`,
    bind: (at, port) => `options {
  directory "${at}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
};
controls { };
`,
  };
  const checks: Record<Server, (file: string) => string[]> = {
    knot: (file) => ['knotc', '-c', file, 'conf-check'],
    nsd: (file) => ['nsd-checkconf', file],
    bind: (file) => ['named-checkconf', file],
  };
  const programs: Record<Server, (file: string) => string[]> = {
    knot: (file) => ['knotd', '-c', file],
    nsd: (file) => ['nsd', '-d', '-c', file],
    bind: (file) => ['named', '-g', '-n', '1', '-c', file],
  };

  /** The records of a zone at a server, without the RRSIGs' order. */
  async function recordsAt(port: number, key = false): Promise<string[]> {
    const result = await transferZone({
      server: { address: '127.0.0.1', port },
      zone: Name.parse(zone),
      clock: systemClock,
      random: systemRandom,
      ...(key && {
        key: {
          name: Name.parse('xfr.example'),
          algorithm: 'hmac-sha256',
          secret: Buffer.from(secret, 'base64'),
        },
      }),
    });
    if (result.kind !== 'zone') throw new Error(result.message);
    return result.records.map((record) => printRecord({ ...record, owner: record.owner.canonical() })).sort();
  }

  test.each(servers)(
    '%s takes the zone with the configuration that is printed',
    async (server) => {
      const at = join(folder, server);
      mkdirSync(at);
      const port = ports.get(server)!;
      const file = join(at, 'config');
      const allow = { knot: 'acl: signpost-notify', nsd: '', bind: '' }[server];
      expect(await printed(server)).toContain(allow);
      writeFileSync(file, `${frames[server](at, port)}\n${await printed(server)}`);
      const [checker, ...options] = checks[server](file);
      execFileSync(checker!, options, { stdio: 'pipe' });
      const [program, ...args] = programs[server](file);
      const peer = spawn(program!, args, { cwd: at, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [peer.stdout, peer.stderr]) stream.on('data', (data) => (output += String(data)));
      peers.push(peer);
      const serial = async (from: { address: string; port: number }): Promise<number | undefined> => {
        const answer = (await ask(from, zone, 'SOA', 500))?.answers[0];
        return answer && Buffer.from(answer.rdata).readUInt32BE(answer.rdata.length - 20);
      };
      const current = async (): Promise<true | undefined> =>
        (await serial({ address: '127.0.0.1', port })) === (await serial(box.dns)) || undefined;
      await until(30, current).catch(() => {
        throw new Error(output);
      });
      const name = `${server}.example.org`;
      const { body } = await box.api('GET', `/secondaries/${name}?zone=${zone}`);
      expect(body).toMatchObject({
        zones: [{ zone, current: true, at: [{ address: '127.0.0.1', behind: 0 }] }],
      });
    },
    90_000,
  );

  test('who has no key gets nothing', async () => {
    await expect(recordsAt(box.dns.port)).rejects.toThrow('refused');
    expect(await recordsAt(box.dns.port, true)).not.toEqual([]);
  });

  test('a change is at all of them in a moment, as they are told (NOTIFY)', async () => {
    const record = { owner: `told.${zone}`, type: 'TXT', value: '"told"' };
    expect((await box.api('POST', `/zones/${zone}/records`, record)).status).toBe(201);
    for (const server of servers)
      await until(30, async () => {
        const found = await ask({ address: '127.0.0.1', port: ports.get(server)! }, record.owner, 'TXT', 500);
        return found?.answers.length || undefined;
      });
  }, 90_000);

  test('zones get NS records for those that have the zones', async () => {
    const names = servers.map((server) => `${server}.example.org`);
    await until(60, async () => {
      const { body } = await box.api('GET', '/secondaries');
      return (
        (body as { items: { published: boolean }[] }).items.every(({ published }) => published) || undefined
      );
    });
    await until(30, async () => {
      const records = (await ask(box.dns, zone, 'NS'))?.answers ?? [];
      const all = names.every((name) =>
        records.some(({ rdata }) => Buffer.from(rdata).includes(Buffer.from(Name.parse(name).wire))),
      );
      return all || undefined;
    });
  }, 120_000);
});
