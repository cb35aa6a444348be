import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rcode } from '../../src/dns/wire/codes.ts';
import { ask } from '../kit/ask.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
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
 * Knot, BIND and PowerDNS take their zones from the catalog (RFC 9432), with the configuration that the box prints: what is added on the box is on
 * them, and what is removed is gone there.
 */

const peers = ['knot', 'bind', 'powerdns'] as const satisfies SecondaryPeer[];
const reason = missing({ commands: ['dig', ...peers.flatMap((peer) => secondaryCommands[peer])] });

describe.skipIf(reason)(`a catalog of zones ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  const running = new Map<SecondaryPeer, RunningSecondary>();
  const data = join(folder, 'box');
  let dns: string;
  let box: RunningBox;
  let secret: string;

  beforeAll(async () => {
    dns = `127.0.0.1:${await freePort()}`;
    box = await startBox({ hostname: 'box.example.net', ipv4: '127.0.0.1', dns, data });
    await add('first.example');
    const made = await box.api('POST', '/tsig-keys', { name: 'xfr.example', transfer: 'all' });
    ({ secret } = made.body as { secret: string });
    for (const server of peers) {
      const port = await freePort();
      const name = `${server}.example.org`;
      // The PowerDNS of Debian 12 asks for the zones of a catalog without a key: it is known by its address.
      const keyless = server === 'powerdns';
      const address = keyless ? '127.0.0.2' : '127.0.0.1';
      const body = { name, addresses: [address], port, catalog: true, publish: false };
      const added = await box.api('POST', '/secondaries', {
        ...body,
        ...(!keyless && { tsigKey: 'xfr.example' }),
      });
      expect(added.status).toBe(201);
      running.set(server, await startSecondary({ box, folder, server, secret, name, address, port }));
    }
  }, 180_000);
  afterAll(async () => {
    for (const peer of running.values()) await peer.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  async function add(name: string): Promise<void> {
    expect((await box.api('POST', '/domains', { name })).status).toBe(201);
  }

  /** The octets of the SOA of a zone as it is served there; undefined while it is not. */
  async function soaAt(at: { address: string; port: number }, zone: string): Promise<string | undefined> {
    const answer = await ask(at, zone, 'SOA', 500);
    const soa = answer?.flags.aa ? answer.answers[0] : undefined;
    return soa && Buffer.from(soa.rdata).toString('hex').slice(-40);
  }

  async function everywhere(zone: string, is: 'served' | 'gone'): Promise<void> {
    for (const { address, port, output, server } of running.values()) {
      const isThere = async (): Promise<true | undefined> => {
        const there = await soaAt({ address, port }, zone);
        const here = await soaAt(box.dns, zone);
        return (is === 'served' ? there !== undefined && there === here : there === undefined) || undefined;
      };
      await until(60, isThere, () => Promise.resolve(`${server}: ${zone} is not ${is}\n${output()}`));
    }
  }

  function transferred(zone: string, ...flags: string[]): string {
    const at = ['@127.0.0.1', '-p', String(box.dns.port), '+onesoa', '+nocomments', '+nostats', '+nocmd'];
    return execFileSync('dig', [...at, ...flags, 'AXFR', zone], { encoding: 'utf8' });
  }

  test(
    'a domain that was there before is on all of them',
    () => everywhere('first.example', 'served'),
    90_000,
  );

  test('one that is added appears by itself, and one that is removed vanishes (RFC 9432 §5.1)', async () => {
    await add('second.example');
    await add('third.example');
    await everywhere('second.example', 'served');
    await everywhere('third.example', 'served');
    expect((await box.api('DELETE', '/domains/second.example')).status).toBe(200);
    await everywhere('second.example', 'gone');
    await everywhere('third.example', 'served');
  }, 180_000);

  test('who may transfer it sees what RFC 9432 §4 wants in it (RFC 9432 §4.1, §4.2.1); others are refused (RFC 9432 §7)', async () => {
    const catalog = '_catalog.box.example.net';
    const records = transferred(catalog, '-y', `hmac-sha256:xfr.example:${secret}`);
    expect(records).toMatch(/^_catalog\.box\.example\.net\.\s+0\s+IN\s+NS\s+invalid\.$/m);
    expect(records).toMatch(/^version\._catalog\.box\.example\.net\.\s+0\s+IN\s+TXT\s+"2"$/m);
    expect(records).toMatch(/^[0-9a-f]{20}\.zones\._catalog\S+\s+0\s+IN\s+PTR\s+third\.example\.$/m);
    expect(records).not.toContain('second.example');
    expect(transferred(catalog)).toContain('Transfer failed');
    for (const [name, type] of [
      [catalog, 'SOA'],
      [`version.${catalog}`, 'TXT'],
      [`nothing.${catalog}`, 'A'],
    ])
      expect((await ask(box.dns, name!, type!))?.rcode).toBe(Rcode.REFUSED);
  });

  test('after a restart nothing is lost: what comes then is followed, too', async () => {
    await box.stop();
    box = await startBox({ data, dns });
    await add('fourth.example');
    await everywhere('fourth.example', 'served');
    await everywhere('first.example', 'served');
  }, 180_000);

  test('it ends when no secondary takes it', async () => {
    for (const server of peers)
      expect((await box.api('DELETE', `/secondaries/${server}.example.org`)).status).toBe(200);
    const gone = transferred('_catalog.box.example.net', '-y', `hmac-sha256:xfr.example:${secret}`);
    expect(gone).toContain('Transfer failed');
  });
});
