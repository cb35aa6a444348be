import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { query, type QueryOptions } from '../../src/dns/client/query.ts';
import { transferZone, type TransferOptions } from '../../src/dns/client/transfer.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Rcode } from '../../src/dns/wire/codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { parseZoneFile } from '../../src/dns/zonefile/parse.ts';
import { printRecord, printZoneFile } from '../../src/dns/zonefile/print.ts';
import { rareRecords } from '../kit/rare-records.ts';
import { missing } from '../kit/requires.ts';
import { createPeers, type Peers } from './client-peers.ts';

const zone = Name.parse('example.com');
const text = `$ORIGIN example.com.
$TTL 300
@ IN SOA ns1 hostmaster 1 14400 3600 1209600 3600
@ IN NS ns1
ns1 IN A 192.0.2.1
big IN TXT ${Array.from({ length: 10 }, (_, n) => `"${String(n).repeat(200)}"`).join(' ')}
${Array.from({ length: 5000 }, (_, n) => `host${n} IN TXT "some text to fill the messages: ${n}"`).join('\n')}
`;
/** A zone with every type that BIND knows. */
const rare = `$ORIGIN rare.example.
@ 300 IN SOA ns1 hostmaster 1 14400 3600 1209600 3600
@ 300 IN NS ns1
ns1 300 IN A 192.0.2.1
${printZoneFile(rareRecords()).replaceAll('example.com.', 'rare.example.')}`;
const servers = { named: '127.0.0.1', nsd: '127.0.0.22', knot: '127.0.0.23' } as const;
const names = Object.keys(servers) as (keyof typeof servers)[];

const reason = missing({ commands: ['named', 'nsd', 'knotd'] });
describe.skipIf(reason)(`questions and transfers at real servers ${reason ?? ''}`, () => {
  let peers: Peers;
  beforeAll(async () => {
    peers = await createPeers();
    await Promise.all([
      peers.named(
        servers.named,
        { 'example.com': text, 'example.net': text.replaceAll('.com', '.net'), 'rare.example': rare },
        { private: ['example.net'] },
      ),
      peers.nsd(servers.nsd, { 'example.com': text }),
      peers.knot(servers.knot, { 'example.com': text }),
    ]);
  }, 180_000);
  afterAll(() => peers.stop());

  const common = (name: keyof typeof servers) => ({
    server: { address: servers[name], port: peers.port },
    clock: systemClock,
    random: systemRandom,
  });
  const ask = (name: keyof typeof servers, options: Partial<QueryOptions> = {}) =>
    query({ ...common(name), name: zone, type: Type.SOA, ...options });
  const transfer = (name: keyof typeof servers, options: Partial<TransferOptions> = {}) =>
    transferZone({ ...common(name), zone, ...options });

  test.each(names)('%s: an answer over UDP', async (name) => {
    const result = await ask(name);
    expect(result).toMatchObject({
      kind: 'answer',
      transport: 'udp',
      message: { flags: { aa: true, rd: false } },
    });
    expect(result.kind === 'answer' && result.message.edns).toBeDefined();
  });

  test.each(names)('%s: a truncated answer is asked for again over TCP', async (name) => {
    const result = await ask(name, { name: Name.parse('big.example.com'), type: Type.TXT });
    expect(result).toMatchObject({ kind: 'answer', transport: 'tcp', message: { flags: { tc: false } } });
    expect(result.kind === 'answer' && result.message.answers[0]?.rdata.length).toBe(2010);
  });

  test.each(names)('%s: TCP at once', async (name) => {
    expect(await ask(name, { transport: 'tcp' })).toMatchObject({ kind: 'answer', transport: 'tcp' });
  });

  test.each(names)('%s: an RCODE is an answer', async (name) => {
    expect(await ask(name, { name: Name.parse('example.org') })).toMatchObject({
      kind: 'answer',
      message: { rcode: Rcode.REFUSED },
    });
  });

  test.each(names)('%s: the whole zone', async (name) => {
    const result = await transfer(name);
    const file = parseZoneFile(text);
    if (result.kind !== 'zone' || !file.ok) throw new Error(JSON.stringify(result));
    expect(result.skipped).toBe(0);
    expect(result.records[0]!.type).toBe(Type.SOA);
    expect(result.records.map(printRecord).sort()).toEqual(file.records.map(printRecord).sort());
  });

  test('named: a zone with every type that it knows', async () => {
    const result = await transfer('named', { zone: Name.parse('rare.example') });
    const file = parseZoneFile(rare);
    if (result.kind !== 'zone' || !file.ok) throw new Error(JSON.stringify(result));
    expect(result.records.map(printRecord).sort()).toEqual(file.records.map(printRecord).sort());
  });

  test.each(names)('%s: a zone that is not there', async (name) => {
    const result = await transfer(name, { zone: Name.parse('example.org') });
    expect(['notauth', 'refused']).toContain(result.kind);
  });

  test('a transfer that is refused', async () => {
    const result = await transfer('named', { zone: Name.parse('example.net') });
    expect(result).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('allow AXFR') as string,
    });
  });

  test.each([
    [{ records: 4000 }, 'more than 4000 records'],
    [{ octets: 100_000 }, 'more than 100000 octets'],
  ])('a zone beyond %j', async (limits, message) => {
    const result = await transfer('knot', { limits });
    expect(result).toMatchObject({ kind: 'too-large', message: expect.stringContaining(message) as string });
  });
});
