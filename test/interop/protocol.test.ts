import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { freePort } from '../kit/free-port.ts';
import { scratch } from '../kit/nameserver-peers.ts';
import { missing } from '../kit/requires.ts';
import { imageOf, servedZones } from '../kit/test-zone.ts';
import { until } from '../kit/until.ts';

const needs = missing({ commands: ['dig', 'dnsperf', 'named'] });

const ZONE = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
flood A 192.0.2.9
`;
/** Responses of a kind in a second. */
const RATE = 5;
/** Shared by both servers. */
const SECRET = 'e5e973e5a6b2a43f48e7dc849e37bfcf';

function dig({ address, port }: SocketAddress, ...args: string[]): string {
  const all = [`@${address}`, '-p', `${port}`, '+time=3', '+tries=1', '+norec', ...args];
  const { stdout, stderr } = spawnSync('dig', all, { encoding: 'utf8', timeout: 60_000 });
  return stdout + stderr;
}

/** The cookie of a response, as dig shows it. */
function cookieIn(output: string): string {
  return /COOKIE: ([0-9a-f]+)/.exec(output)?.[1] ?? output;
}

/** BIND with the same secret: it answers only whoever has a cookie of it. */
async function startBind(): Promise<{ address: SocketAddress; stop(): Promise<void> }> {
  const directory = scratch();
  const port = await freePort();
  writeFileSync(join(directory, 'zone'), ZONE);
  writeFileSync(
    join(directory, 'named.conf'),
    `options {
  directory "${directory}"; pid-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; require-server-cookie yes; cookie-algorithm siphash24; cookie-secret "${SECRET}";
};
controls { };
zone "example.com" { type primary; file "zone"; };
`,
  );
  const named = spawn('named', ['-f', '-n', '1', '-c', join(directory, 'named.conf')], { stdio: 'ignore' });
  const address = { address: '127.0.0.1', port };
  await until(60, () =>
    Promise.resolve(dig(address, 'example.com', 'SOA').includes('status: NOERROR') || undefined),
  );
  return {
    address,
    async stop() {
      named.kill('SIGKILL');
      await once(named, 'exit');
    },
  };
}

describe.skipIf(needs)(`what dig and BIND say of the protocol ${needs ?? ''}`, () => {
  let plane: DataPlane;
  let ours: SocketAddress;
  beforeAll(async () => {
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 2,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones([imageOf(ZONE)]),
      rateLimit: { rate: RATE, exempt: [] },
      identity: 'ns1.example.net',
      version: 'Signpost',
      random: { bytes: () => Uint8Array.fromHex(SECRET), float: () => 0 },
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
    ours = plane.addresses[0]!;
  });
  afterAll(() => plane.close());

  test('NSID (RFC 5001), CH TXT (RFC 4892), keepalive (RFC 7828)', () => {
    expect(dig(ours, '+nsid', 'ns1.example.com', 'A')).toContain('("ns1.example.net")');
    expect(dig(ours, '+short', 'CH', 'TXT', 'id.server')).toBe('"ns1.example.net"\n');
    expect(dig(ours, '+short', 'CH', 'TXT', 'version.bind')).toBe('"Signpost"\n');
    expect(dig(ours, '+keepalive', '+tcp', 'ns1.example.com', 'A')).toContain('TCP KEEPALIVE: 10.0 secs');
  });

  describe('rate limiting', () => {
    const limited = () =>
      plane.counters().reduce((sum, { udp }) => sum + udp.limited.slipped + udp.limited.dropped, 0);

    /** Asks for the name again and again, as fast as it goes, while `during` looks. */
    async function flood<T>(name: string, during: () => T): Promise<T> {
      const file = join(scratch(), 'queries');
      writeFileSync(file, `${name} A\n`);
      const { address, port } = ours;
      const target = ['-s', address, '-p', `${port}`, '-d', file];
      // It waits for each response, for a second: with few under way at a time there is no flood.
      const args = [...target, '-l', '120', '-Q', '2000', '-q', '5000', '-c', '4', '-t', '1'];
      const load = spawn('dnsperf', args, { stdio: 'ignore' });
      const ended = once(load, 'exit');
      await until(60, () => Promise.resolve(limited() > 0 || undefined));
      try {
        // As long as the others take: half of their questions are left without an answer.
        return during();
      } finally {
        load.kill();
        await ended;
      }
    }

    test('lets few responses of a flood pass, and honest clients in', async () => {
      const before = limited();
      const seen = await flood('flood.example.com', () => ({
        // One of the two is short, and has dig come by TCP.
        plain: dig(ours, '+nocookie', '+tries=12', '+time=1', 'flood.example.com', 'A'),
        // BADCOOKIE has it come with the cookie.
        cookies: dig(ours, '+tries=12', '+time=1', 'flood.example.com', 'A'),
        other: dig(ours, '+nocookie', '+ignore', 'example.com', 'SOA'),
      }));
      expect(seen.plain).toMatch(/Truncated, retrying in TCP[^]*192\.0\.2\.9/);
      expect(seen.cookies).toMatch(/BADCOOKIE, retrying[^]*192\.0\.2\.9/);
      expect(seen.other).toContain('hostmaster');
      // The others of some thousands, by the load of the machine.
      expect(limited() - before).toBeGreaterThan(20 * RATE);
    });
  });

  describe('cookies (RFC 7873, RFC 9018 §4.4)', () => {
    test('dig takes them over UDP and TCP', () => {
      for (const transport of ['+notcp', '+tcp'])
        expect(dig(ours, transport, 'ns1.example.com', 'A')).toMatch(/COOKIE: [0-9a-f]{48} \(good\)/);
    });

    test('all workers take what one of them made, and count it', () => {
      const before = plane.counters().map(({ udp }) => udp.cookies.valid);
      const cookie = cookieIn(dig(ours, 'ns1.example.com', 'A'));
      // A port for each query, so that both workers are asked.
      for (let i = 0; i < 12; i++)
        expect(cookieIn(dig(ours, `+cookie=${cookie}`, 'ns1.example.com', 'A'))).toBe(cookie);
      const valid = plane.counters().map(({ udp }, worker) => udp.cookies.valid - before[worker]!);
      expect(valid.reduce((sum, count) => sum + count)).toBe(12);
    });

    test('a question for the cookie alone (RFC 7873 §5.4)', () => {
      const output = dig(ours, '+header-only');
      expect(output).toContain('status: NOERROR');
      expect(output).toContain('(good)');
    });

    test('a length that cannot be is FORMERR (RFC 7873 §5.2.2)', () => {
      expect(dig(ours, '+nocookie', '+ednsopt=10:0123', 'ns1.example.com', 'A')).toContain('status: FORMERR');
    });

    test('BIND with the same secret makes and takes the same ones', async () => {
      const bind = await startBind();
      try {
        const theirs = cookieIn(dig(bind.address, '+nobadcookie', 'example.com', 'SOA'));
        // A good one is given back as it is.
        expect(cookieIn(dig(ours, `+cookie=${theirs}`, 'ns1.example.com', 'A'))).toBe(theirs);
        const own = cookieIn(dig(ours, 'ns1.example.com', 'A'));
        const asked = (cookie: string) =>
          dig(bind.address, '+nobadcookie', `+cookie=${cookie}`, 'ns1.example.com', 'A');
        expect(asked(own)).toContain('status: NOERROR');
        expect(asked(`${own.slice(0, -2)}00`)).toContain('status: BADCOOKIE');
      } finally {
        await bind.stop();
      }
    });
  });
});
