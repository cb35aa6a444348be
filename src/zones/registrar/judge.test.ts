import { describe, expect, test } from 'vitest';
import { type DigestType, dsFromDnskey, generateKey, keyTag } from '../../dns/dnssec/keys.ts';
import { Name } from '../../dns/wire/name.ts';
import type { DsView } from '../keys/views.ts';
import type { Box, CustomRecord } from '../model.ts';
import type { ZoneKeyRow } from '../store.ts';
import type { ExpectedDelegation, Finding, Server } from './delegation.ts';
import { expectedDelegation } from './expected.ts';
import { judge } from './judge.ts';

const name = (text: string): Name => Name.parse(text);
const box: Box = {
  hostname: name('box.example.com'),
  ipv4: ['192.0.2.1', '192.0.2.2'],
  ipv6: ['2001:DB8:0::1'],
  adminEmail: undefined,
  ttl: 3600,
  secondaries: [],
  caaIssuer: undefined,
};

function keyRow(): ZoneKeyRow {
  const { dnskey, keyTag: tag, algorithm, flags } = generateKey();
  const rest = { sealedPrivateKey: new Uint8Array(), createdAt: '', role: 'CSK' as const, state: 'active' };
  return { id: 1, keyTag: tag, algorithm, flags, dnskey, ...rest };
}

const key = keyRow();
const none = (): CustomRecord[] => [];
const own = expectedDelegation({ box, zone: name('example.com'), keys: [key], customAt: none });
const other = expectedDelegation({ box, zone: name('example.net'), keys: [key], customAt: none });

const ds = (zone: ExpectedDelegation, digestType: DigestType = 2): DsView => {
  const made = dsFromDnskey(zone.zone, key.dnskey, digestType);
  return { ...made, digest: Buffer.from(made.digest).toString('hex') };
};
const server = (text: string, ...addresses: string[]): Server => ({ name: name(text), addresses });
const ns1 = server('ns1.box.example.com', '192.0.2.1', '2001:db8::1');
const ns2 = server('ns2.box.example.com', '192.0.2.2', '2001:db8::1');
const bare = [server('ns1.box.example.com'), server('NS2.box.example.com')];
const foreign: DsView = { keyTag: 4711, algorithm: 8, digestType: 2, digest: 'AB'.repeat(32) };
const parent = name('com');
const delegated = (nameservers: Server[], found: DsView[] = []): Finding => ({
  kind: 'delegated',
  parent,
  nameservers,
  ds: found,
});
const notDelegated = (reason: 'nxdomain' | 'nodata' | 'alias'): Finding => ({
  kind: 'not-delegated',
  reason,
  parent,
});

const setOwn = `set the DS record "${key.keyTag} 13 2 ${own.ds[0]!.digest}"`;
const setOther = `set the DS record "${key.keyTag} 13 2 ${other.ds[0]!.digest}"`;
const bogus = 'Resolvers refuse the zone, as no DS record at the parent matches its key';
const removeForeign = 'remove the DS record "4711 8 2 ABABABAB…", which matches no key of the zone';
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const cases: [title: string, ExpectedDelegation, Finding | undefined, state: string, message: string][] = [
  ['never asked', own, undefined, 'unknown', 'The parent has not been asked yet; refresh to ask it.'],
  [
    'unreachable',
    own,
    { kind: 'failed', detail: 'no server of com answers' },
    'unknown',
    "The parent's servers could not be asked (no server of com answers); try again in some minutes.",
  ],
  [
    'not registered',
    own,
    notDelegated('nxdomain'),
    'not-delegated',
    'There is no example.com in com: register it if it is not yours, and set the nameservers ns1.box.example.com (192.0.2.1, 2001:db8::1) and ns2.box.example.com (192.0.2.2, 2001:db8::1).',
  ],
  [
    'registered without nameservers, other zone',
    other,
    notDelegated('nodata'),
    'not-delegated',
    'There are no nameservers of example.net in com: set the nameservers ns1.box.example.com and ns2.box.example.com (their addresses are host records at the registrar of example.com).',
  ],
  [
    'an alias',
    other,
    notDelegated('alias'),
    'not-delegated',
    'The name example.net is an alias in com: remove its CNAME or DNAME there, and set the nameservers ns1.box.example.com and ns2.box.example.com (their addresses are host records at the registrar of example.com).',
  ],
  [
    'at another provider',
    other,
    delegated([server('a.example.org'), server('b.example.org')]),
    'not-delegated',
    'The nameservers are a.example.org and b.example.org: set the nameservers ns1.box.example.com and ns2.box.example.com (their addresses are host records at the registrar of example.com) instead.',
  ],
  [
    'at another provider, signed',
    own,
    delegated([server('a.example.org')], [foreign]),
    'not-delegated',
    'The nameservers are a.example.org: remove the DS record "4711 8 2 ABABABAB…" first, and a day later set the nameservers ns1.box.example.com (192.0.2.1, 2001:db8::1) and ns2.box.example.com (192.0.2.2, 2001:db8::1) instead.',
  ],
  [
    'a nameserver missing',
    own,
    delegated([ns1], [ds(own)]),
    'glue-wrong',
    'Add the nameserver ns2.box.example.com.',
  ],
  [
    'a nameserver too many',
    own,
    delegated([ns1, ns2, server('a.example.org')], [ds(own)]),
    'glue-wrong',
    'Remove the nameserver a.example.org, not of this box.',
  ],
  [
    'a nameserver missing and two too many',
    other,
    delegated([ns1, server('a.example.org'), server('b.example.org')], [ds(other)]),
    'glue-wrong',
    'Add the nameserver ns2.box.example.com; remove the nameservers a.example.org and b.example.org, not of this box.',
  ],
  [
    'wrong glue',
    own,
    delegated([server('ns1.box.example.com', '203.0.113.9', '2001:db8::1'), ns2], [ds(own)]),
    'glue-wrong',
    'Change the address of ns1.box.example.com from 203.0.113.9 to 192.0.2.1.',
  ],
  [
    'glue missing',
    own,
    delegated([server('ns1.box.example.com'), ns2], [ds(own)]),
    'glue-wrong',
    'Give ns1.box.example.com the address 192.0.2.1 and 2001:db8::1.',
  ],
  [
    'glue of one family missing',
    own,
    delegated([server('ns1.box.example.com', '192.0.2.1'), ns2], [ds(own)]),
    'glue-wrong',
    'Give ns1.box.example.com the address 2001:db8::1.',
  ],
  [
    'an old address beside the right ones',
    own,
    delegated([server('ns1.box.example.com', '192.0.2.1', '2001:db8::1', '203.0.113.9'), ns2], [ds(own)]),
    'glue-wrong',
    'Remove the address 203.0.113.9 of ns1.box.example.com.',
  ],
  [
    'a wrong host record, seen from another zone',
    other,
    delegated([server('ns1.box.example.com', '203.0.113.9'), ns2], [ds(other)]),
    'glue-wrong',
    'Change the address of ns1.box.example.com from 203.0.113.9 to 192.0.2.1 and 2001:db8::1 (a host record at the registrar of example.com).',
  ],
  [
    'wrong glue and no DS',
    own,
    delegated([ns1, server('ns2.box.example.com', '192.0.2.1', '2001:db8::1')]),
    'glue-wrong',
    `Change the address of ns2.box.example.com from 192.0.2.1 to 192.0.2.2; ${setOwn}.`,
  ],
  ['no DS', own, delegated([ns1, ns2]), 'insecure', `${capital(setOwn)}.`],
  ['no DS, other zone without addresses', other, delegated(bare), 'insecure', `${capital(setOther)}.`],
  [
    'RFC 4035 §5.2, RFC 6840 §5.2: only DS that no validator knows',
    own,
    delegated([ns1, ns2], [{ ...foreign, digestType: 3 }]),
    'insecure',
    `Remove the DS record "4711 8 3 ABABABAB…", whose algorithm or digest type no resolver knows; ${setOwn}.`,
  ],
  [
    'a right DS',
    own,
    delegated([ns1, ns2], [ds(own)]),
    'secure',
    'Nothing to do: delegation and DS are right.',
  ],
  [
    'a right DS of SHA-384',
    own,
    delegated([ns2, ns1], [ds(own, 4)]),
    'secure',
    'Nothing to do: delegation and DS are right.',
  ],
  [
    'right DS of both digests, without addresses',
    other,
    delegated(bare, [ds(other), ds(other, 4)]),
    'secure',
    'Nothing to do: delegation and DS are right.',
  ],
  [
    // Alone it is enough, as RFC 8624 §3.3 has all validators know it.
    'a right DS of SHA-1',
    own,
    delegated([ns1, ns2], [ds(own, 1)]),
    'secure',
    'Nothing to do: delegation and DS are right.',
  ],
  [
    'RFC 4509 §3: a right DS of SHA-1 does not count beside a stray one of SHA-256',
    own,
    delegated([ns1, ns2], [foreign, ds(own, 1)]),
    'bogus',
    `${bogus}; ${removeForeign}; ${setOwn}.`,
  ],
  [
    'nor does a stray one of SHA-1 beside a right one of SHA-256',
    own,
    delegated([ns1, ns2], [ds(own), { ...ds(own, 1), digest: '00'.repeat(20) }]),
    'secure',
    `Remove the DS record "${key.keyTag} 13 1 00000000…", whose digest is not that of the zone's key.`,
  ],
  [
    'RFC 4035 §5.2, RFC 6840 §5.11: a stray DS beside a right one',
    own,
    delegated([ns1, ns2], [foreign, ds(own)]),
    'secure',
    `${capital(removeForeign)}.`,
  ],
  [
    'a DS of the old keys',
    own,
    delegated([ns1, ns2], [foreign]),
    'bogus',
    `${bogus}; ${removeForeign}; ${setOwn}.`,
  ],
  [
    'a DS with a wrong digest',
    own,
    delegated([ns1, ns2], [{ ...ds(own), digest: '00'.repeat(32) }]),
    'bogus',
    `${bogus}; remove the DS record "${key.keyTag} 13 2 00000000…", whose digest is not that of the zone's key; ${setOwn}.`,
  ],
  [
    'a DS with a wrong algorithm',
    own,
    delegated([ns1, ns2], [{ ...ds(own), algorithm: 8 }]),
    'bogus',
    `${bogus}; remove the DS record "${key.keyTag} 8 2 ${ds(own).digest.slice(0, 8)}…", whose algorithm is 8 where the zone's key has 13; ${setOwn}.`,
  ],
  [
    'the DS of another zone with the same key',
    other,
    delegated(bare, [ds(own)]),
    'bogus',
    `${bogus}; remove the DS record "${key.keyTag} 13 2 ${ds(own).digest.slice(0, 8)}…", whose digest is not that of the zone's key; ${setOther}.`,
  ],
  [
    'bogus and a nameserver missing',
    other,
    delegated([bare[0]!], [foreign]),
    'bogus',
    `${bogus}; ${removeForeign}; ${setOther}; add the nameserver ns2.box.example.com.`,
  ],
];

// RFC 1034 §4.2.2: both sides of the cut are to agree.
describe('judge', () => {
  test.each(cases)('%s', (_title, expected, finding, state, message) => {
    expect(judge(expected, finding)).toEqual({ state, message });
  });
});

describe('expected delegation', () => {
  test('names servers, their addresses, and DS and DNSKEY in every form', () => {
    expect(JSON.parse(JSON.stringify({ nameservers: own.nameservers, glue: own.glue }))).toEqual({
      nameservers: ['ns1.box.example.com', 'ns2.box.example.com'],
      glue: [
        { name: 'ns1.box.example.com', addresses: ['192.0.2.1', '2001:db8::1'] },
        { name: 'ns2.box.example.com', addresses: ['192.0.2.2', '2001:db8::1'] },
      ],
    });
    expect(own.ds.map(({ keyTag: tag, algorithm, digestType }) => [tag, algorithm, digestType])).toEqual([
      [keyTag(key.dnskey), 13, 2],
      [keyTag(key.dnskey), 13, 4],
    ]);
    const publicKey = Buffer.from(key.dnskey.subarray(4)).toString('base64');
    expect(own.dnskey).toEqual([{ flags: 257, protocol: 3, algorithm: 13, publicKey }]);
  });

  test('a secondary inside the zone has the addresses that the person gave it', () => {
    const secondary = name('ns2.example.com');
    const record: CustomRecord = {
      id: '1',
      owner: secondary,
      type: 1,
      ttl: undefined,
      value: '198.51.100.7',
    };
    const customAt = (owner: Name): CustomRecord[] => (owner.equals(secondary) ? [record] : []);
    const withSecondary = { ...box, secondaries: [secondary, name('ns.example.org')] };
    const expected = expectedDelegation({ box: withSecondary, zone: own.zone, keys: [key], customAt });
    expect(expected.nameservers.map(String)).toEqual([
      'ns1.box.example.com.',
      'ns2.example.com.',
      'ns.example.org.',
    ]);
    expect(expected.glue.slice(1)).toEqual([{ name: secondary, addresses: ['198.51.100.7'] }]);
  });

  test('keys that do not sign the key set, or not any more, get no DS (RFC 4035 §2.2, §2.4)', () => {
    const keys: ZoneKeyRow[] = [
      { ...key, role: 'ZSK' },
      { ...key, state: 'retired' },
    ];
    expect(expectedDelegation({ box, zone: own.zone, keys, customAt: none }).ds).toEqual([]);
  });
});

test('nameservers by a hostname of before are ours: they are to be replaced, and the DS record stays', () => {
  const formerHostnames = [
    { hostname: name('old.example.org'), since: 0, leftAt: undefined, longestTtl: 3600 },
  ];
  const moved = expectedDelegation({
    box: { ...box, formerHostnames },
    zone: name('example.net'),
    keys: [key],
    customAt: none,
  });
  const old = [server('ns1.old.example.org'), server('ns2.old.example.org')];
  expect(judge(moved, delegated(old, [ds(moved)]))).toEqual({
    state: 'glue-wrong',
    message:
      'Add the nameservers ns1.box.example.com and ns2.box.example.com; remove the nameservers ns1.old.example.org and ns2.old.example.org, by a name that the box had before.',
  });
});
