import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom } from '../../src/core/random.ts';
import type { ImportResult } from '../../src/zones/import/request.ts';
import { createImport, type ZoneImport } from '../../src/zones/import/service.ts';
import { missing } from '../kit/requires.ts';
import { name, person, startZones, type ZonesBox } from '../kit/zones-box.ts';
import { createPeers, type Peers } from './client-peers.ts';

const bind = '127.0.0.1';
const knot = '127.0.0.53';

const zone = `$TTL 300
@ IN SOA ns hostmaster 1 14400 3600 1209600 3600
@ NS ns
@ MX 10 mail
ns A 192.0.2.53
mail A 192.0.2.25
www A 192.0.2.80
*.wild TXT "anything"
`;

const reason = missing({ commands: ['named', 'knotd'] });
describe.skipIf(reason)(`taking over zones by AXFR ${reason ?? ''}`, () => {
  let peers: Peers;
  let zones: ZonesBox;
  let importZone: ZoneImport;

  beforeAll(async () => {
    peers = await createPeers();
    await Promise.all([
      peers.named(bind, { 'example.com': zone, 'private.example': zone }, { private: ['private.example'] }),
      peers.knot(knot, { 'signed.example': zone }, { signed: ['signed.example'] }),
    ]);
    zones = await startZones();
    const resolve = (host: string): Promise<string[]> =>
      host === 'ns.example.com'
        ? Promise.resolve(['127.0.0.54', bind])
        : Promise.reject(new Error('unknown'));
    const { store, publisher, sources, parts, clock } = zones;
    importZone = createImport({ store, publisher, sources, parts, clock, random: systemRandom, resolve });
  }, 180_000);
  afterAll(async () => {
    await peers.stop();
    await zones.close();
  });

  const take = (origin: string, server: string): Promise<ImportResult> =>
    importZone(
      { ...person, kind: 'local' },
      {
        zone: name(origin),
        from: { kind: 'axfr', server, port: peers.port },
        dryRun: false,
        mail: true,
        web: false,
      },
    );
  const owners = (records: { owner: string; type: string }[]): string[] =>
    records.map(({ owner, type }) => `${owner} ${type}`).sort();

  test('from BIND, by the first address of a host name that works', async () => {
    const result = await take('example.com', 'ns.example.com');
    expect(owners(result.imported)).toEqual([
      '*.wild.example.com TXT',
      'mail.example.com A',
      'ns.example.com A',
      'www.example.com A',
    ]);
    expect(owners(result.skipped)).toEqual(['example.com MX', 'example.com NS', 'example.com SOA']);
    expect(zones.served('example.com')!.node(name('www.example.com'))?.rrsets[0]?.signatures).toHaveLength(1);
  });

  test('from Knot, signed: without its signatures', async () => {
    const result = await take('signed.example', knot);
    expect(result.imported).toHaveLength(4);
    expect(new Set(result.skipped.map(({ type }) => type))).toEqual(
      new Set(['SOA', 'NS', 'MX', 'DNSKEY', 'RRSIG', 'NSEC', 'CDS', 'CDNSKEY']),
    );
  });

  test.each([
    [
      'a transfer that is not allowed',
      'private.example',
      bind,
      /is refused; allow AXFR from this box there\.$/,
    ],
    ['a zone that is not there', 'other.example', bind, /not authoritative for other\.example\.$/],
    [
      'a server that is not there',
      'example.com',
      '127.0.0.54',
      /cannot be reached.*; check address and port/,
    ],
    ['a host without address', 'example.com', 'nowhere.example', /^The host nowhere\.example is not found/],
  ])('%s is refused with what to do', async (_title, origin, server, message) => {
    const failing = expect(take(origin, server)).rejects;
    await failing.toMatchObject({
      code: 'transfer-failed',
      message: expect.stringMatching(message) as string,
    });
  });
});
