import DNS from 'dns2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type DataPlane, startDataPlane } from '../../src/dns/server/data-plane.ts';
import { imageOf, servedZones } from '../kit/test-zone.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.1
@ MX 10 mail
mail AAAA 2001:db8::25
www CNAME ns1
_imaps._tcp SRV 0 1 993 mail
text TXT "v=spf1 -all"
`;

/** dns2 is a client and decoder that shares no code with ours. */
describe('the dns2 client reads our answers', () => {
  let plane: DataPlane;
  let ask: (name: string, type: string) => Promise<Record<string, unknown>[]>;

  beforeAll(async () => {
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones([imageOf(zone)]),
    });
    if (!started.ok) throw new Error(started.problem.message);
    plane = started.plane;
    const { address, port } = plane.addresses[0]!;
    const client = new DNS({ nameServers: [address], port, recursive: false });
    ask = async (name, type) =>
      (await client.resolve(name, type)).answers as unknown as Record<string, unknown>[];
  });

  afterAll(() => plane.close());

  it.each([
    ['ns1.example.com', 'A', { address: '192.0.2.1', ttl: 3600 }],
    ['mail.example.com', 'AAAA', { address: '2001:db8::25' }],
    ['example.com', 'MX', { exchange: 'mail.example.com', priority: 10 }],
    ['example.com', 'NS', { ns: 'ns1.example.com' }],
    ['www.example.com', 'CNAME', { domain: 'ns1.example.com' }],
    ['_imaps._tcp.example.com', 'SRV', { port: 993, target: 'mail.example.com', weight: 1, priority: 0 }],
    ['text.example.com', 'TXT', { data: ['v=spf1 -all'] }],
    ['example.com', 'SOA', { primary: 'ns1.example.com', serial: 1, minimum: 300 }],
  ])('%s %s', async (name, type, expected) => {
    expect((await ask(name, type))[0]).toMatchObject({ name, ...expected });
  });
});
