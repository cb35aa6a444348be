import { mkdtempSync, rmSync } from 'node:fs';
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
import {
  printedConfiguration,
  type RunningSecondary,
  secondaryCommands,
  type SecondaryPeer,
  startSecondary,
} from '../kit/secondary-peers.ts';
import { until } from '../kit/until.ts';

/*
 * Knot, NSD, BIND and PowerDNS as secondaries, with the configuration that the box prints: each checked by the server's own checker, then a transfer with TSIG.
 */

const zone = 'example.com';
const servers = ['knot', 'nsd', 'bind', 'powerdns'] as const satisfies SecondaryPeer[];

const reason = missing({ commands: servers.flatMap((server) => secondaryCommands[server]) });
describe.skipIf(reason)(`secondaries of others ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'transfer-out-'));
  const peers: RunningSecondary[] = [];
  let box: RunningBox;
  let secret: string;
  const ports = new Map<SecondaryPeer, number>();

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
  }, 180_000);
  afterAll(async () => {
    for (const peer of peers) await peer.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

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
      const port = ports.get(server)!;
      const name = `${server}.example.org`;
      const options = { box, folder, server, secret, name, address: '127.0.0.1', port };
      expect(await printedConfiguration(options)).toContain(zone);
      const peer = await startSecondary(options);
      peers.push(peer);
      // Another version may come meanwhile: with an NS record for the one before.
      const isCurrent = async (): Promise<true | undefined> => {
        const { body } = await box.api('GET', `/secondaries/${name}?zone=${zone}`);
        const [lag] = (body as { zones: { current: boolean; at: { behind?: number }[] }[] }).zones;
        return (lag?.current && lag.at[0]?.behind === 0) || undefined;
      };
      await until(60, isCurrent, () => Promise.resolve(peer.output()));
    },
    90_000,
  );

  test('who has no key gets nothing (RFC 5936 §5)', async () => {
    await expect(recordsAt(box.dns.port)).rejects.toThrow('refused');
    expect(await recordsAt(box.dns.port, true)).not.toEqual([]);
  });

  test('a change is at all of them in a moment, as they are told (RFC 1996 §4.5)', async () => {
    const record = { owner: `told.${zone}`, type: 'TXT', value: '"told"' };
    expect((await box.api('POST', `/zones/${zone}/records`, record)).status).toBe(201);
    for (const server of servers)
      await until(60, async () => {
        const found = await ask({ address: '127.0.0.1', port: ports.get(server)! }, record.owner, 'TXT', 500);
        return found?.answers.length || undefined;
      });
  }, 180_000);

  test('zones get NS records for those that have the zones', async () => {
    const names = servers.map((server) => `${server}.example.org`);
    await until(60, async () => {
      const { body } = await box.api('GET', '/secondaries');
      return (
        (body as { items: { published: boolean }[] }).items.every(({ published }) => published) || undefined
      );
    });
    await until(60, async () => {
      const records = (await ask(box.dns, zone, 'NS'))?.answers ?? [];
      const all = names.every((name) =>
        records.some(({ rdata }) => Buffer.from(rdata).includes(Buffer.from(Name.parse(name).wire))),
      );
      return all || undefined;
    });
  }, 180_000);
});
