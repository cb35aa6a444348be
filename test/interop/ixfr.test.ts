import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../kit/ask.ts';
import { adminToken, type RunningBox, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { missing } from '../kit/requires.ts';
import {
  type RunningSecondary,
  secondaryCommands,
  type SecondaryPeer,
  startSecondary,
} from '../kit/secondary-peers.ts';
import { until } from '../kit/until.ts';

/*
 * Knot, NSD and BIND follow a signed zone by IXFR (RFC 1995), and end with what the box has. Knot takes no version whose digest (RFC 8976)
 * is not right.
 */

const zone = 'example.com';
const CHANGES = 50;
const peers = ['knot', 'nsd', 'bind'] as const satisfies SecondaryPeer[];
const reason = missing({ commands: ['dig', ...peers.flatMap((peer) => secondaryCommands[peer])] });

describe.skipIf(reason)(`incremental transfers ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ixfr-'));
  const running: RunningSecondary[] = [];
  let box: RunningBox;
  let secret: string;
  let first: number;
  let before: string[];

  beforeAll(async () => {
    box = await startBox({ hostname: 'box.example.net', ipv4: '127.0.0.1' });
    await box.api('POST', '/domains', { name: zone });
    expect((await box.api('PATCH', `/zones/${zone}`, { zonemd: true })).status).toBe(200);
    for (let n = 0; n < 30; n++) await add(`base${n}`, 'A', '192.0.2.1');
    const made = await box.api('POST', '/tsig-keys', { name: 'xfr.example', transfer: 'all' });
    ({ secret } = made.body as { secret: string });
    for (const server of peers) {
      const port = await freePort();
      const name = `${server}.example.org`;
      const body = { name, addresses: ['127.0.0.1'], port, tsigKey: 'xfr.example', publish: false };
      expect((await box.api('POST', '/secondaries', body)).status).toBe(201);
      const options = { box, folder, server, secret, name, address: '127.0.0.1', port, verifyDigests: true };
      running.push(await startSecondary(options));
    }
    await current();
    first = (await serialAt(box.dns.port))!;
    before = records(dig(box.dns.port, 'AXFR', '-y', key()));
  }, 180_000);
  afterAll(async () => {
    for (const peer of running) await peer.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  const key = (): string => `hmac-sha256:xfr.example:${secret}`;

  async function add(owner: string, type: string, value: string): Promise<void> {
    const record = { owner: `${owner}.${zone}`, type, value };
    expect((await box.api('POST', `/zones/${zone}/records`, record)).status).toBe(201);
  }

  async function serialAt(port: number): Promise<number | undefined> {
    const answer = (await ask({ address: '127.0.0.1', port }, zone, 'SOA', 500))?.answers[0];
    return answer && Buffer.from(answer.rdata).readUInt32BE(answer.rdata.length - 20);
  }

  /** Every secondary has the version that the box has. */
  async function current(): Promise<void> {
    for (const { port, output, server } of running) {
      const isCurrent = async (): Promise<true | undefined> =>
        (await serialAt(port)) === (await serialAt(box.dns.port)) || undefined;
      await until(60, isCurrent, () => Promise.resolve(`${server} is behind\n${output()}`));
    }
  }

  function dig(port: number, type: string, ...flags: string[]): string {
    const at = ['@127.0.0.1', '-p', String(port), '+noall', '+answer', '+nottlunits', '+nocrypto'];
    return execFileSync('dig', [...at.slice(0, -1), ...flags, zone, type], { encoding: 'utf8' });
  }

  /** The records, each with single spaces, without the SOA at the end and the TSIG. */
  function records(text: string): string[] {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
    const plain = lines
      .map((line) => line.replaceAll(/\s+/g, ' '))
      .filter((line) => !line.includes(' TSIG '));
    return [...new Set(plain)].sort();
  }

  async function transfers(kind: 'whole' | 'difference'): Promise<number> {
    const headers = { authorization: `Bearer ${adminToken}` };
    const text = await (await fetch(`${box.http}/metrics`, { headers })).text();
    const pattern = new RegExp(`^signpost_dns_transfers_total\\{.*kind="${kind}".*\\} (\\d+)$`, 'gm');
    return [...text.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  test(`RFC 1995 §4: ${CHANGES} changes are followed by differences, and all end equal`, async () => {
    const whole = await transfers('whole');
    const differences = await transfers('difference');
    for (let n = 0; n < CHANGES; n++) {
      if (n % 10 === 9) {
        const path = `/zones/${zone}/records?owner=host${(n - 5) % 40}.${zone}&type=TXT`;
        expect((await box.api('DELETE', path)).status).toBe(200);
      } else await add(`host${n % 40}`, 'TXT', `"change ${n}"`);
      // NSD 4.6 gives up a version that arrives while it loads the one before.
      await current();
    }
    // Each may have begun anew once by itself: NSD does when a version comes while it loads the one before, all do while they start.
    const anew = (await transfers('whole')) - whole;
    expect(anew).toBeLessThanOrEqual(peers.length);
    expect(await transfers('difference')).toBeGreaterThanOrEqual(differences + peers.length * CHANGES - anew);
    const ours = records(dig(box.dns.port, 'AXFR', '-y', key()));
    expect(ours.filter((line) => line.includes(' IN ZONEMD '))).toHaveLength(1);
    for (const { port, server } of running)
      expect(records(dig(port, 'AXFR')), `what ${server} has`).toEqual(ours);
  }, 180_000);

  test('one difference leads from far behind to the newest version (RFC 1995 §4, §6)', async () => {
    const newest = (await serialAt(box.dns.port))!;
    const text = dig(box.dns.port, `IXFR=${first}`, '-y', key());
    const lines = text
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' '))
      .filter((line) => line !== '' && !line.startsWith(';') && !line.includes(' TSIG '));
    const soas = lines.flatMap((line, at) => (line.includes(' IN SOA ') ? [at] : []));
    const serials = soas.map((at) => Number(lines[at]!.split(' ')[6]));
    expect(serials).toEqual([newest, first, newest, newest]);
    const removed = new Set(lines.slice(soas[1], soas[2]));
    const added = lines.slice(soas[2], soas[3]);
    const after = [...before.filter((line) => !removed.has(line)), ...added].sort();
    expect([...removed].filter((line) => !before.includes(line))).toEqual([]);
    expect(after).toEqual(records(dig(box.dns.port, 'AXFR', '-y', key())));
  });

  test('who has the newest version gets its SOA; over UDP the SOA as well (RFC 1995 §2)', async () => {
    const newest = (await serialAt(box.dns.port))!;
    for (const flags of [[`IXFR=${newest}`], [`IXFR=${first}`, '+notcp']]) {
      const [type, ...more] = flags;
      expect(records(dig(box.dns.port, type!, ...more, '-y', key()))).toHaveLength(1);
    }
  });

  test('an unknown serial gets the whole zone (RFC 1995 §4, §6)', () => {
    const whole = records(dig(box.dns.port, 'AXFR', '-y', key()));
    expect(records(dig(box.dns.port, `IXFR=${first - 1000}`, '-y', key()))).toEqual(whole);
  });
});
