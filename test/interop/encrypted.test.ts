import { createHash, createPublicKey } from 'node:crypto';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { laterPackage, withLibraries } from '../../scripts/later-packages.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { TlsTrust } from '../../src/dns/client/tls.ts';
import { type TransferResult, transferZone } from '../../src/dns/client/transfer.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { freePort } from '../kit/free-port.ts';
import { scratch } from '../kit/nameserver-peers.ts';
import { openssl } from '../kit/openssl.ts';
import { missing } from '../kit/requires.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';
import { imageOf, servedZones } from '../kit/test-zone.ts';
import { until } from '../kit/until.ts';

const needs = missing({ commands: ['dig', 'named', 'nsd'] });
const NAME = 'ns1.example.net';
/** Debian 12's Knot knows no TLS: that came with 3.4. */
const laterKnot = laterPackage('trixie', 'knot');
const key = {
  name: 'xfr.example',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('thirty-two octets that two share'),
} as const;

function dig({ address, port }: SocketAddress, ...args: string[]): string {
  const all = [`@${address}`, '-p', `${port}`, '+time=3', '+tries=1', '+norec', ...args];
  const { stdout, stderr } = spawnSync('dig', all, { encoding: 'utf8', timeout: 15_000 });
  return stdout + stderr;
}

describe.skipIf(needs)(`DNS over TLS with others ${needs ?? ''}`, () => {
  const tool = openssl();
  const running: ChildProcess[] = [];
  let plane: DataPlane;
  let roots: string;
  /** Of the key that the box shows. */
  let pin: string;
  let tls: SocketAddress;
  let identity: { certificate: string; privateKey: string; root: string };

  beforeAll(async () => {
    const root = tool.issue({ subject: 'Root', ca: true });
    const { certificate, key: privateKey } = tool.issue({ issuer: root, subject: NAME, names: [NAME] });
    identity = { certificate, privateKey, root: root.certificate };
    const publicKey = createPublicKey(certificate).export({ type: 'spki', format: 'der' });
    pin = createHash('sha256').update(publicKey).digest('base64');
    roots = tool.file(root.certificate);
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      tlsAddresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones([imageOf(SERVER_ZONE)]),
      transfers: { keys: [{ ...key, zones: 'all' }], addresses: ['127.0.0.1'] },
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
    await plane.show({ chain: certificate, privateKey });
    tls = plane.tlsAddresses[0]!;
  }, 180_000);
  afterAll(async () => {
    for (const child of running) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await plane.close();
    tool.remove();
  });

  const run = (command: string, ...args: string[]): void =>
    void running.push(spawn(command, args, { stdio: 'ignore' }));
  /** Until the secondary has the zone. */
  const serial = (at: SocketAddress) =>
    until(60, () =>
      Promise.resolve(/^(\d+)$/m.exec(dig(at, '+short', 'example.com', 'SOA').split(' ')[2] ?? '')?.[1]),
    );
  const transfers = () =>
    plane.counters().reduce((sum, { tls: counted }) => sum + counted.transfers.whole, 0);

  test('dig asks, and verifies name and chain', () => {
    const asked = ['+tls-ca=' + roots, `+tls-hostname=${NAME}`, 'web.example.com', 'A'];
    const output = dig(tls, ...asked);
    expect(output).toContain('192.0.2.81');
    expect(output).toMatch(/SERVER: .*\(TLS\)/);
    const other = dig(tls, '+tls-ca=' + roots, '+tls-hostname=another.example', 'web.example.com', 'A');
    expect(other).toMatch(/TLS peer certificate verification .*failed/);
  });

  test('dig pads, and gets padding (RFC 8467 §4.1)', () => {
    expect(dig(tls, '+tls', '+padding=128', 'web.example.com', 'A')).toMatch(/MSG SIZE\s+rcvd: 468/);
  });

  test('dig transfers a zone (RFC 9103)', () => {
    expect(dig(tls, '+tls', 'example.com', 'AXFR')).toMatch(/XFR size: \d\d+ records/);
  });

  test('BIND follows a zone over TLS', async () => {
    const before = transfers();
    const directory = scratch();
    const port = await freePort();
    writeFileSync(
      join(directory, 'named.conf'),
      `options {
  directory "${directory}"; pid-file none; session-keyfile none; recursion no;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
};
controls { };
tls signpost { ca-file "${roots}"; remote-hostname "${NAME}"; };
zone "example.com" {
  type secondary; file "zone"; primaries { 127.0.0.1 port ${tls.port} tls signpost; };
};
`,
    );
    run('named', '-f', '-n', '1', '-c', join(directory, 'named.conf'));
    expect(await serial({ address: '127.0.0.1', port })).toBe('2026010101');
    expect(transfers()).toBeGreaterThan(before);
  }, 180_000);

  test.skipIf(!existsSync(laterKnot))(
    'Knot 3.4 follows a zone over TLS with a key (RFC 9103 §9.3.2), and knows the box by its public key (RFC 7858 §4.2)',
    async () => {
      const before = transfers();
      const directory = scratch();
      const follow = async (pinned: string): Promise<SocketAddress> => {
        const port = await freePort();
        const folder = join(directory, `${port}`);
        mkdirSync(folder);
        writeFileSync(
          join(folder, 'knot.conf'),
          `server:
  listen: 127.0.0.1@${port}
  rundir: "${folder}"
  tcp-workers: 1
  udp-workers: 1
  background-workers: 1
database:
  storage: "${folder}"
key:
  - id: ${key.name}
    algorithm: ${key.algorithm}
    secret: ${key.secret.toString('base64')}
remote:
  - id: box
    address: 127.0.0.1@${tls.port}
    via: 127.0.0.2
    tls: on
    cert-key: ${pinned}
    key: ${key.name}
zone:
  - domain: example.com
    storage: "${folder}"
    master: box
`,
        );
        const [command, ...args] = withLibraries(laterKnot, 'usr/sbin/knotd');
        run(command!, ...args, '-c', join(folder, 'knot.conf'));
        return { address: '127.0.0.1', port };
      };
      // One that expects another key, first: it takes nothing.
      const wary = await follow(createHash('sha256').update('another key').digest('base64'));
      expect(await serial(await follow(pin))).toBe('2026010101');
      expect(transfers()).toBe(before + 1);
      await until(60, () => Promise.resolve(/status: SERVFAIL/.exec(dig(wary, 'example.com', 'SOA'))?.[0]));
    },
    180_000,
  );

  test.skipIf(!existsSync(laterKnot))(
    'we follow Knot 3.4 over TLS (RFC 9103 §7), known by name or public key, and take nothing from another',
    async () => {
      const folder = scratch();
      const { privateKey, certificate } = identity;
      const path = (name: string): string => join(folder, name);
      writeFileSync(path('key'), privateKey);
      writeFileSync(path('certificate'), certificate);
      writeFileSync(path('zone'), SERVER_ZONE);
      const [clear, port] = [await freePort(), await freePort()];
      writeFileSync(
        path('knot.conf'),
        `server:
  listen: 127.0.0.1@${clear}
  listen-tls: 127.0.0.1@${port}
  key-file: "${path('key')}"
  cert-file: "${path('certificate')}"
  rundir: "${folder}"
  tcp-workers: 1
  udp-workers: 1
  background-workers: 1
database:
  storage: "${folder}"
acl:
  - id: anybody
    address: 127.0.0.1
    action: transfer
zone:
  - domain: example.com
    file: "${path('zone')}"
    acl: anybody
`,
      );
      const [command, ...args] = withLibraries(laterKnot, 'usr/sbin/knotd');
      run(command!, ...args, '-c', path('knot.conf'));
      const transfer = (trust: TlsTrust, at = port): Promise<TransferResult> =>
        transferZone({
          server: { address: '127.0.0.1', port: at, tls: trust },
          zone: Name.parse('example.com'),
          clock: systemClock,
          random: systemRandom,
        });
      const byKey = { name: undefined, pins: [pin] };
      const followed = await until(60, async () => {
        const result = await transfer(byKey);
        return result.kind === 'zone' ? result : undefined;
      });
      expect(followed.records.length).toBeGreaterThan(10);
      const byName = { name: NAME, ca: identity.root, pins: [] };
      expect(await transfer(byName)).toMatchObject({ kind: 'zone' });
      const another = createHash('sha256').update('another key').digest('base64');
      expect(await transfer({ ...byKey, pins: [another] })).toMatchObject({ kind: 'untrusted' });
      expect(await transfer({ ...byName, name: 'ns2.example.net' })).toMatchObject({ kind: 'untrusted' });
      expect(await transfer(byKey, clear)).toMatchObject({ kind: 'unreachable' });
    },
    180_000,
  );

  test('NSD follows a zone over TLS', async () => {
    const before = transfers();
    const directory = scratch();
    const port = await freePort();
    writeFileSync(
      join(directory, 'nsd.conf'),
      `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  database: ""
  zonesdir: "${directory}"
  zonelistfile: "${directory}/zone.list"
  xfrdfile: "${directory}/xfrd.state"
  pidfile: "${directory}/nsd.pid"
  xfrdir: "${directory}"
  server-count: 1
  tls-cert-bundle: "${roots}"
remote-control:
  control-enable: no
tls-auth:
  name: signpost
  auth-domain-name: ${NAME}
zone:
  name: example.com
  zonefile: zone
  request-xfr: AXFR 127.0.0.1@${tls.port} NOKEY signpost
`,
    );
    run('nsd', '-d', '-c', join(directory, 'nsd.conf'));
    expect(await serial({ address: '127.0.0.1', port })).toBe('2026010101');
    expect(transfers()).toBeGreaterThan(before);
  }, 180_000);
});
