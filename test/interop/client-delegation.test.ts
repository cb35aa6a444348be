import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createIterator, type DelegationResult } from '../../src/dns/client/resolve.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { missing } from '../kit/requires.ts';
import { createPeers, type Peers } from './client-peers.ts';

// A small internet: the root on BIND, `com` and more on NSD, `net` (signed) with some children on Knot.
// BIND listens only on addresses that the interface has.
const root = '127.0.0.1';
const nsd = '127.0.0.32';
const knot = '127.0.0.33';
const silent = '127.0.0.34';
const closed = '127.0.0.35';

const head = '$TTL 300\n@ IN SOA ns hostmaster 1 14400 3600 1209600 3600\n';
const ds = '370 13 2 BE74359954660069D5C63D200C39F5603827D7DD02B56F120EE9F3A86764247C';

const rootZone = `${head}
@ NS ns.root.
ns.root. A ${root}
com NS ns.com.
ns.com. A ${nsd}
net NS ns.net.
ns.net. A ${knot}
; its servers are without glue, in another TLD
org NS ns.hosts.net.
; one server refuses, one is silent, one is not there
flaky NS refuses.flaky.
flaky NS silent.flaky.
flaky NS closed.flaky.
flaky NS works.flaky.
refuses.flaky. A ${knot}
silent.flaky. A ${silent}
closed.flaky. A ${closed}
works.flaky. A ${nsd}
; nobody serves it
dead NS closed.dead.
closed.dead. A ${closed}
; each needs the other
loop1 NS ns.loop2.
loop2 NS ns.loop1.
; so does this one need itself
self NS ns.self.
`;

const comZone = `${head}
@ NS ns
ns A ${nsd}
example NS ns1.example
example NS ns2.example.net.
ns1.example A 192.0.2.1
ns1.example AAAA 2001:db8::1
secure NS ns.secure
secure DS ${ds}
ns.secure A 192.0.2.2
alias CNAME example.com.
deep.ent TXT "an empty non-terminal above"
`;

const netZone = `${head}
@ NS ns
ns A ${knot}
ns.hosts A ${nsd}
example NS ns.example
example DS ${ds}
ns.example A 192.0.2.3
; served here too
both NS ns.both
both DS ${ds}
ns.both A ${knot}
plain NS ns.both
`;

const reason = missing({ commands: ['named', 'nsd', 'knotd'] });
describe.skipIf(reason)(`delegations in a small internet ${reason ?? ''}`, () => {
  let peers: Peers;
  let hole: Socket;
  beforeAll(async () => {
    peers = await createPeers();
    hole = createSocket('udp4');
    hole.bind(peers.port, silent);
    await once(hole, 'listening');
    const served = `${head}@ NS ns\nns A 192.0.2.9\n`;
    await Promise.all([
      peers.named(root, { '.': rootZone }),
      peers.nsd(nsd, {
        com: comZone,
        org: `${served}example NS ns.example\nns.example A 192.0.2.4\n`,
        flaky: `${served}example NS ns.flaky.\n`,
      }),
      peers.knot(
        knot,
        {
          net: netZone,
          'both.net': `${head}@ NS ns\n@ NS ns.elsewhere.com.\nns A ${knot}\nchild NS ns\n`,
          'plain.net': `${head}@ NS ns.both.net.\n`,
          'child.both.net': `${head}@ NS ns.both.net.\n`,
        },
        { signed: ['net'] },
      ),
    ]);
  }, 180_000);
  afterAll(async () => {
    hole.close();
    await peers.stop();
  });

  const look = (zone: string, maxQueries?: number): Promise<DelegationResult> =>
    createIterator({
      roots: [{ name: Name.parse('ns.root'), addresses: [root] }],
      port: peers.port,
      clock: systemClock,
      random: systemRandom,
      timeout: 300,
      retries: 0,
      acceptAddress: () => true,
      ...(maxQueries && { maxQueries }),
    }).delegation(Name.parse(zone));

  /** A result in plain words. */
  async function summary(zone: string): Promise<unknown> {
    const result = await look(zone);
    switch (result.kind) {
      case 'failed':
        return result;
      case 'not-delegated':
        return [result.reason, result.parent.zone.toText(), result.server.address];
      case 'delegated':
        return {
          parent: result.parent.zone.toText(),
          source: result.source,
          servers: result.nameservers
            .map(({ name, addresses }) => [name.toText(), ...addresses].join(' '))
            .sort(),
          ds: result.ds.map((record) => printRecord(record).split(' DS ')[1]),
          signed: result.dsSignatures.length > 0,
        };
    }
  }

  const secure = { ds: [ds], signed: true };
  const insecure = { ds: [], signed: false };

  test.each([
    [
      'example.com',
      {
        parent: 'com',
        source: 'referral',
        servers: ['ns1.example.com 192.0.2.1 2001:db8::1', 'ns2.example.net'],
        ...insecure,
      },
    ],
    ['com', { parent: '.', source: 'referral', servers: [`ns.com ${nsd}`], ...insecure }],
    [
      'secure.com',
      { parent: 'com', source: 'referral', servers: ['ns.secure.com 192.0.2.2'], ds: [ds], signed: false },
    ],
    ['example.net', { parent: 'net', source: 'referral', servers: ['ns.example.net 192.0.2.3'], ...secure }],
    [
      'example.org',
      { parent: 'org', source: 'referral', servers: ['ns.example.org 192.0.2.4'], ...insecure },
    ],
    ['example.flaky', { parent: 'flaky', source: 'referral', servers: ['ns.flaky 192.0.2.9'], ...insecure }],
    // The parent's servers serve the child too.
    [
      'both.net',
      { parent: 'net', source: 'apex', servers: [`ns.both.net ${knot}`, 'ns.elsewhere.com'], ...secure },
    ],
    ['plain.net', { parent: 'net', source: 'apex', servers: ['ns.both.net'], ...insecure }],
    // … and the zone between as well.
    ['child.both.net', { parent: 'both.net', source: 'apex', servers: ['ns.both.net'], ...insecure }],
  ])('%s', async (zone, expected) => {
    expect(await summary(zone)).toEqual(expected);
  });

  test.each([
    ['missing.com', ['nxdomain', 'com', nsd]],
    ['below.missing.com', ['nxdomain', 'com', nsd]],
    ['ent.com', ['nodata', 'com', nsd]],
    ['deep.ent.com', ['nodata', 'com', nsd]],
    ['alias.com', ['alias', 'com', nsd]],
    ['missing', ['nxdomain', '.', root]],
    ['missing.both.net', ['nxdomain', 'both.net', knot]],
  ])('%s is not delegated', async (zone, expected) => {
    expect(await summary(zone)).toEqual(expected);
  });

  test.each([
    [
      'example.dead',
      /no server of dead gives a useful answer about example\.dead: 127\.0\.0\.35#\d+ cannot be reached/,
    ],
    ['example.loop1', /no server of loop1 .* none of them has an address/],
    ['example.self', /no server of self .* none of them has an address/],
    ['sub.example.com', /no server of example\.com /],
    ['.', /the root zone has no parent/],
  ])('%s cannot be found out', async (zone, detail) => {
    expect(await summary(zone)).toEqual({ kind: 'failed', detail: expect.stringMatching(detail) as string });
  });

  test('the questions are counted', async () => {
    expect(await look('example.org', 3)).toEqual({
      kind: 'failed',
      detail: expect.stringMatching(/more than 3 questions|none of them has an address/) as string,
    });
  });

  test('the servers of the parent come with it', async () => {
    expect(await look('example.com')).toMatchObject({ parent: { nameservers: [{ addresses: [nsd] }] } });
  });

  test('the root is asked once for a top-level domain', async () => {
    const roots = [{ name: Name.parse('ns.root'), addresses: [root] }];
    const { clock, random } = { clock: systemClock, random: systemRandom };
    const iterator = createIterator({ roots, port: peers.port, clock, random, acceptAddress: () => true });
    await iterator.delegation(Name.parse('example.com'));
    roots.pop();
    expect(await iterator.delegation(Name.parse('secure.com'))).toMatchObject({ kind: 'delegated' });
    expect(await iterator.delegation(Name.parse('example.net'))).toMatchObject({ kind: 'failed' });
  });

  test('addresses of this machine are not asked unless the caller says so', async () => {
    const iterator = createIterator({
      roots: [{ name: Name.parse('ns.root'), addresses: [root] }],
      port: peers.port,
      clock: systemClock,
      random: systemRandom,
    });
    expect(await iterator.delegation(Name.parse('example.com'))).toMatchObject({ kind: 'failed' });
  });

  test('an aborted look-up ends', async () => {
    const iterator = createIterator({
      roots: [{ name: Name.parse('ns.root'), addresses: [silent] }],
      port: peers.port,
      clock: systemClock,
      random: systemRandom,
      timeout: 60_000,
    });
    const started = systemClock.monotonic();
    expect(await iterator.delegation(Name.parse('example.com'), AbortSignal.timeout(50))).toMatchObject({
      kind: 'failed',
    });
    expect(systemClock.monotonic() - started).toBeLessThan(30_000);
  });
});
