import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { laterPackage, withLibraries } from '../../scripts/later-packages.ts';
import { pinOf } from '../../src/dns/client/tls.ts';
import { decodeMessage } from '../../src/dns/message/message.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { type CliResult, signpost } from '../kit/cli.ts';
import {
  type PrimaryOptions,
  type RunningPrimary,
  startBindPrimary,
  startKnotPrimary,
} from '../kit/primary-peers.ts';
import { freePort } from '../kit/free-port.ts';
import { openssl } from '../kit/openssl.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

/* The box as a secondary of Knot and of BIND: what they change comes by NOTIFY and IXFR, and is answered as they have it. */

interface ZoneJson {
  state: string;
  serial: number | null;
  records: number | null;
  primary: string | null;
  problem: string | null;
  checking: boolean;
}

const secret = Buffer.alloc(32, 5).toString('base64');
const key = { name: 'xfr.example', secret };
const laterKnot = laterPackage('trixie', 'knot');
const reason = missing({ commands: ['dig', 'nsupdate', 'knotd', 'named', 'ldns-verify-zone'] });

const zoneText = (name: string): string => `$ORIGIN ${name}.
$TTL 300
@ IN SOA ns1 hostmaster 1 3600 600 604800 60
@ IN NS ns1
ns1 IN A 192.0.2.1
www IN A 192.0.2.2
a.b.c IN TXT "below two names without records"
*.wild IN A 192.0.2.3
alias IN CNAME www
child IN NS ns.child
ns.child IN A 192.0.2.4
${Array.from({ length: 200 }, (_, n) => `host${n} IN A 192.0.2.${n}`).join('\n')}
`;

describe.skipIf(reason)(`zones of others ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'secondary-zones-'));
  const primaries: RunningPrimary[] = [];
  let box: RunningBox;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    box = await startBox({ data: join(folder, 'box'), dns: `127.0.0.1:${port}` });
    const made = await box.api('POST', '/tsig-keys', { name: key.name, transfer: [], secret });
    expect(made.status).toBe(201);
  }, 180_000);
  afterAll(async () => {
    for (const primary of primaries) await primary.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  /** Starts a primary, and has the box follow its zone. */
  async function follow(
    zone: string,
    start: (options: PrimaryOptions) => Promise<RunningPrimary>,
    options: Partial<PrimaryOptions> = {},
  ): Promise<RunningPrimary> {
    const primary = await start({
      ...{ folder: join(folder, zone), zones: { [zone]: zoneText(zone) } },
      ...{ follower: { address: '127.0.0.1', port }, ...options },
    });
    primaries.push(primary);
    const tsigKey = options.key && { tsigKey: options.key.name };
    const body = { name: zone, primaries: [{ address: '127.0.0.1', port: primary.port, ...tsigKey }] };
    const added = await box.local('POST', '/secondary-zones', body);
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    await current(zone, primary);
    return primary;
  }

  const shown = async (zone: string): Promise<ZoneJson> =>
    (await box.api('GET', `/secondary-zones/${zone}`)).body as ZoneJson;

  /** The box has the serial of the primary. */
  async function current(zone: string, primary: RunningPrimary): Promise<ZoneJson> {
    return until(
      60,
      async () => {
        const [here, there] = [await shown(zone), await primary.serial(zone)];
        return here.serial === there && here.state === 'current' ? here : undefined;
      },
      async () => `${JSON.stringify(await shown(zone))}\n${primary.output()}\n${box.output()}`,
    );
  }

  const dig = (at: number, ...args: string[]): string =>
    spawnSync('dig', ['@127.0.0.1', '-p', `${at}`, '+tries=1', '+norec', '+time=5', ...args], {
      encoding: 'utf8',
    }).stdout;

  /** The records of an answer, without what is counted down or shuffled. */
  const sections = (at: number, ...args: string[]): string[] =>
    dig(at, '+noall', '+answer', '+authority', '+additional', '+dnssec', ...args)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
      .map((line) => line.replaceAll(/\s+/g, ' '))
      .sort();

  const questions = (zone: string): string[][] => [
    [zone, 'SOA'],
    [zone, 'NS'],
    [zone, 'DNSKEY'],
    [`www.${zone}`, 'A'],
    [`www.${zone}`, 'MX'],
    [`nothing.${zone}`, 'A'],
    [`b.c.${zone}`, 'TXT'],
    [`x.wild.${zone}`, 'A'],
    [`x.wild.${zone}`, 'MX'],
    [`alias.${zone}`, 'A'],
    [`x.child.${zone}`, 'A'],
    [`child.${zone}`, 'DS'],
  ];

  /** What is answered is what the primary answers, proofs of what is not there included. */
  function expectSame(zone: string, primary: RunningPrimary): void {
    for (const question of questions(zone))
      expect(sections(port, ...question), question.join(' ')).toEqual(sections(primary.port, ...question));
  }

  /** The zone as it may be transferred from there, in order; RRSIGs are compared as everything else. */
  const whole = (at: number, zone: string, ...more: string[]): string[] =>
    dig(at, '+noall', '+answer', '+onesoa', zone, 'AXFR', ...more)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
      .map((line) => line.replaceAll(/\s+/g, ' '))
      .sort();

  test('Knot, by AXFR; then a dynamic update, NOTIFY and IXFR', async () => {
    const zone = 'knot.example';
    const knot = await follow(zone, startKnotPrimary);
    expectSame(zone, knot);
    knot.update(zone, ['add new.knot.example. 300 A 192.0.2.77', 'del www.knot.example. A']);
    await current(zone, knot);
    expect(dig(port, '+short', `new.${zone}`, 'A').trim()).toBe('192.0.2.77');
    expect(dig(port, '+short', `www.${zone}`, 'A').trim()).toBe('');
    expectSame(zone, knot);
    expect(knot.output()).toMatch(/IXFR, outgoing, remote \S+, finished/);
  }, 120_000);

  test('BIND with TSIG: NOTIFY is signed, too', async () => {
    const zone = 'bind.example';
    // It goes round while it is followed (RFC 1982).
    const text = zoneText(zone).replace('hostmaster 1 ', 'hostmaster 4294967293 ');
    const bind = await follow(zone, startBindPrimary, { key, zones: { [zone]: text } });
    expectSame(zone, bind);
    for (let n = 0; n < 5; n++) bind.update(zone, [`add new${n}.${zone}. 300 A 192.0.2.${n}`]);
    await current(zone, bind);
    expectSame(zone, bind);
    expect(dig(port, '+short', `new4.${zone}`, 'A').trim()).toBe('192.0.2.4');
    expect((await shown(zone)).serial).toBeLessThan(10);
  }, 120_000);

  test.each(['nsec', 'nsec3'] as const)(
    'signed by Knot with %s, and a digest: the proofs are its own, and what is here verifies and is sent on as it came (RFC 5936 §3)',
    async (signed) => {
      const zone = `${signed}.example`;
      const knot = await follow(zone, startKnotPrimary, { signed, zonemd: true });
      expectSame(zone, knot);
      knot.update(zone, [`add new.${zone}. 300 A 192.0.2.77`, `del host7.${zone}. A`]);
      await current(zone, knot);
      expectSame(zone, knot);
      // Who may transfer it has it as the primary has it.
      const secondary = { name: 'ns2.example.org', addresses: ['127.0.0.1'], publish: false };
      await box.api('POST', '/secondaries', secondary);
      const here = whole(port, zone);
      await box.api('DELETE', '/secondaries/ns2.example.org');
      expect(here).toEqual(whole(knot.port, zone));
      const file = join(folder, `${zone}.signed`);
      writeFileSync(file, `${here.join('\n')}\n`);
      execFileSync('ldns-verify-zone', [file], { stdio: 'pipe' });
    },
    120_000,
  );

  test('BIND over TLS (RFC 9103), by name and by pin, and not from another', async () => {
    await overTls('bind-tls.example', startBindPrimary);
  }, 120_000);

  // Debian 12's Knot knows no TLS.
  test.skipIf(!existsSync(laterKnot))(
    'Knot 3.4 over TLS, the same',
    async () => {
      await overTls('knot-tls.example', startKnotPrimary, withLibraries(laterKnot, 'usr/sbin/knotd'));
    },
    120_000,
  );

  async function overTls(
    zone: string,
    start: (options: PrimaryOptions) => Promise<RunningPrimary>,
    program?: string[],
  ): Promise<void> {
    const tool = openssl();
    const root = tool.issue({ subject: 'Root', ca: true });
    const { certificate, key: privateKey } = tool.issue({
      ...{ issuer: root, subject: 'ns1.example.net', names: ['ns1.example.net'] },
    });
    const tls = { certificate: tool.file(certificate), key: tool.file(privateKey), port: await freePort() };
    const primary = await start({
      ...{ folder: join(folder, zone), zones: { [zone]: zoneText(zone) }, tls },
      ...{ follower: { address: '127.0.0.1', port }, key, ...(program && { program }) },
    });
    primaries.push(primary);
    const at = { address: '127.0.0.1', port: tls.port, tsigKey: key.name };
    const pin = pinOf(new X509Certificate(certificate));
    const wrong = { ...at, tls: { pin: pinOf(new X509Certificate(root.certificate)) } };
    expect((await box.local('POST', '/secondary-zones', { name: zone, primaries: [wrong] })).status).toBe(
      201,
    );
    const refused = async (): Promise<string | undefined> => (await shown(zone)).problem ?? undefined;
    expect(await until(60, refused)).toContain('it shows another public key than the pinned one');
    const named = { ...at, tls: { name: 'ns1.example.net', ca: root.certificate } };
    await box.local('PATCH', `/secondary-zones/${zone}`, { primaries: [wrong, named] });
    await current(zone, primary);
    await box.local('PATCH', `/secondary-zones/${zone}`, { primaries: [{ ...at, tls: { pin } }] });
    primary.update(zone, [`add new.${zone}. 300 A 192.0.2.77`]);
    await current(zone, primary);
    expectSame(zone, primary);
    tool.remove();
  }

  test('a restart serves it at once, while the primary is away', async () => {
    const zone = 'restart.example';
    const knot = await follow(zone, startKnotPrimary, { signed: 'nsec' });
    const before = sections(port, `nothing.${zone}`, 'A');
    await knot.stop();
    await box.stop();
    box = await startBox({ data: join(folder, 'box'), dns: `127.0.0.1:${port}` });
    expect(sections(port, `nothing.${zone}`, 'A')).toEqual(before);
    expect((await box.api('POST', `/secondary-zones/${zone}/refresh`)).status).toBe(202);
    const failing = await until(
      60,
      async () => {
        const now = await shown(zone);
        return now.state === 'failing' ? now : undefined;
      },
      async () => JSON.stringify(await shown(zone)),
    );
    expect(failing.problem).toContain('cannot be reached');
    const health = (await box.api('GET', '/health')).body as { problems: string[] };
    expect(health.problems.join('\n')).toContain(`The secondary zone ${zone} was not refreshed since`);
    await knot.start();
    await box.api('POST', `/secondary-zones/${zone}/refresh`);
    await current(zone, knot);
  }, 180_000);

  test('what is stored and cannot be read is transferred anew, and harms no other', async () => {
    const zone = 'damaged.example';
    const other = 'whole.example';
    const knot = await follow(zone, startKnotPrimary);
    await follow(other, startKnotPrimary);
    await box.stop();
    const database = new BetterSqlite3(join(folder, 'box', 'signpost.sqlite'));
    const cut = 'UPDATE secondary_zone_contents SET content = substr(content, 1, length(content) - 5)';
    database.prepare(`${cut} WHERE name = ?`).run(zone);
    database.close();
    box = await startBox({ data: join(folder, 'box'), dns: `127.0.0.1:${port}` });
    expect(dig(port, '+short', `ns1.${other}`, 'A').trim()).toBe('192.0.2.1');
    await current(zone, knot);
    expectSame(zone, knot);
  }, 180_000);

  test('RFC 1996 §4.6: a version that came is told on to who takes the zone from here, when it is served (§4.2)', async () => {
    const zone = 'onward.example';
    const socket = createSocket('udp4');
    const told: (number | undefined)[] = [];
    socket.on('message', (bytes) => {
      const { questions, answers } = decodeMessage(bytes);
      const rdata = answers[0]?.rdata;
      if (questions[0]?.name.toText() === zone)
        told.push(rdata && Buffer.from(rdata).readUInt32BE(rdata.length - 20));
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const secondary = { name: 'ns3.example.org', addresses: ['127.0.0.1'], publish: false };
    await box.api('POST', '/secondaries', { ...secondary, port: socket.address().port });
    const knot = await follow(zone, startKnotPrimary);
    await until(60, () => Promise.resolve(told.includes(1) || undefined));
    knot.update(zone, [`add new.${zone}. 300 A 192.0.2.77`]);
    const { serial } = await current(zone, knot);
    await until(60, () => Promise.resolve(told.includes(serial!) || undefined));
    await box.api('DELETE', '/secondaries/ns3.example.org');
    socket.close();
  }, 120_000);

  test('NOTIFY from somebody else is refused, and of no zone of others too (RFC 1996 §3.10, §4.7)', async () => {
    const zone = 'notify.example';
    const knot = await follow(zone, startKnotPrimary);
    const from = (address: string, name: string): string =>
      dig(port, '+noall', '+comments', '+opcode=NOTIFY', '-b', address, name, 'SOA');
    expect(from('127.0.0.9', zone)).toContain('status: REFUSED');
    expect(from('127.0.0.1', 'box.example.net')).toContain('status: NOTAUTH');
    const answered = dig(port, '+opcode=NOTIFY', zone, 'SOA');
    expect(answered).toMatch(/opcode: NOTIFY, status: NOERROR[^]*flags: qr aa/);
    await current(zone, knot);
  }, 120_000);

  test('the configuration that docs/secondary-zones.md has is taken by Knot and by BIND', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/secondary-zones.md'), 'utf8');
    const [knot, bind] = [...page.matchAll(/^```\n([^]*?)^```$/gm)].map(([, block]) =>
      block!.replaceAll('PUT-THE-SECRET-HERE', secret),
    );
    const file = join(folder, 'documented');
    writeFileSync(file, knot!);
    execFileSync('knotc', ['-c', file, 'conf-check'], { stdio: 'pipe' });
    writeFileSync(file, `options { directory "${folder}"; };\n${bind}`);
    execFileSync('named-checkconf', [file], { stdio: 'pipe' });
  });

  test('what the box has itself is no zone of others', async () => {
    const primaries = [{ address: '127.0.0.1' }];
    const own = await box.local('POST', '/secondary-zones', { name: 'box.example.net', primaries });
    expect(own).toMatchObject({ status: 409, body: { code: 'in-use' } });
  });

  test('the signpost command adds, shows, changes, refreshes and removes one', async () => {
    const zone = 'cli.example';
    const knot = await startKnotPrimary({
      ...{ folder: join(folder, zone), zones: { [zone]: zoneText(zone) }, key },
      follower: { address: '127.0.0.1', port },
    });
    primaries.push(knot);
    const run = (...args: string[]): Promise<CliResult> => signpost(box.data, 'secondary-zone', ...args);
    const place = `127.0.0.1#${knot.port}`;
    const added = await run('add', zone, '--primary', place);
    expect([added.code, added.stdout]).toEqual([0, expect.stringContaining('nothing came yet')]);
    expect(added.stdout).toMatch(
      /problem: .*the transfer of cli\.example is refused|problem: .*not authoritative/,
    );
    const set = await run('set', zone, '--primary', '127.0.0.99', place, '--key', key.name);
    expect(set.stdout).toContain('served as the primaries have it');
    expect(set.stdout).toMatch(/^serial: +1$/m);
    expect((await run('list')).stdout).toMatch(
      /cli\.example +current +1 .*127\.0\.0\.99 with xfr\.example, 127/,
    );
    await knot.stop();
    expect((await run('refresh', zone)).stdout).toContain('served, but no primary gives it any more');
    expect(JSON.parse((await run('show', zone, '--json')).stdout)).toMatchObject({
      state: 'failing',
      serial: 1,
    });
    const unasked = await run('remove', zone);
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect((await run('remove', zone, '--yes')).stdout).toContain('is not served any more');
    expect((await run('show', zone)).stderr).toContain('There is no secondary zone cli.example');
  }, 180_000);

  test('removed, it is refused', async () => {
    const zone = 'gone.example';
    await follow(zone, startKnotPrimary);
    expect((await box.api('DELETE', `/secondary-zones/${zone}`)).status).toBe(200);
    expect(dig(port, zone, 'SOA')).toContain('status: REFUSED');
    expect((await box.api('GET', `/secondary-zones/${zone}`)).status).toBe(404);
  }, 120_000);
});
