import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rareRecords } from '../../../test/kit/rare-records.ts';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import type { Network } from '../../core/network.ts';
import { systemRandom } from '../../core/random.ts';
import { parseZoneFile } from '../../dns/zonefile/parse.ts';
import { printRecord, printZoneFile } from '../../dns/zonefile/print.ts';
import { interfaceAddresses } from '../box/addresses.ts';
import type { ImportRequest, ImportResult } from './request.ts';
import { createImport, type ZoneImport } from './service.ts';

let zones: ZonesBox;
let importZone: ZoneImport;

beforeEach(async () => {
  zones = await startZones();
  const { store, publisher, sources, parts, clock } = zones;
  importZone = createImport({
    ...{ store, publisher, sources, parts, clock },
    random: systemRandom,
    resolve: (host) => Promise.reject(new Error(`no ${host}`)),
  });
});
afterEach(() => zones.close());

const fromText = (text: string, more: Partial<ImportRequest> = {}): Promise<ImportResult> =>
  importZone(person, {
    ...{ zone: name('example.com'), from: { kind: 'zonefile', text }, dryRun: false, mail: true, web: false },
    ...more,
  });

const texts = (
  records: { owner: string; type: string; ttl?: number | undefined; value: string }[],
): string[] => records.map(({ owner, type, ttl, value }) => `${owner} ${ttl ?? '-'} ${type} ${value}`);
const reasons = ({ skipped }: ImportResult): string[] =>
  skipped.map(({ owner, type, reason }) => `${owner} ${type}: ${reason}`);
const custom = (zone = 'example.com'): string[] =>
  zones.records
    .list(name(zone), { limit: 500, cursor: undefined }, {})
    .items.map(({ owner, value }) => `${owner.toText()} ${value}`);

/** A zone as somebody brings it from another provider. */
const oldZone = `$TTL 1h
@ IN SOA ns1.provider.example.net. admin 2026010101 7200 3600 1209600 300
@ NS ns1.provider.example.net.
@ NS ns2.provider.example.net.
@ MX 10 mx.provider.example.net.
@ TXT "v=spf1 include:provider.example.net -all"
@ TXT "google-site-verification=abc"
@ A 198.51.100.7
_imap._tcp SRV 0 0 0 .
www 300 CNAME shop.provider.example.net.
mail A 198.51.100.8
autoconfig CNAME autoconfig.provider.example.net.
_imaps._tcp SRV 0 1 993 imap.provider.example.net.
_mta-sts TXT "v=STSv1; id=1"
mta-sts CNAME mta-sts.provider.example.net.
_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.org"
old._domainkey TXT "v=DKIM1; k=rsa; p=MIGf"
@ DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
child NS ns.child
ns.child A 198.51.100.9
child DS 370 13 2 BE74359954660069D5C63D200C39F5603827D7DD02B56F120EE9F3A86764247C
`;

describe('moving a zone here', () => {
  test('adds the domain, keeps what is the person’s, and says what is left out and why', async () => {
    const result = await fromText(oldZone);
    expect(texts(result.imported)).toEqual([
      'example.com 3600 TXT "google-site-verification=abc"',
      'example.com 3600 A 198.51.100.7',
      'www.example.com 300 CNAME shop.provider.example.net.',
      'mail.example.com 3600 A 198.51.100.8',
      '_dmarc.example.com 3600 TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.org"',
      'old._domainkey.example.com 3600 TXT "v=DKIM1; k=rsa; p=MIGf"',
      'child.example.com 3600 NS ns.child.example.com.',
      'ns.child.example.com 3600 A 198.51.100.9',
      'child.example.com 3600 DS 370 13 2 BE74359954660069D5C63D200C39F5603827D7DD02B56F120EE9F3A86764247C',
    ]);
    const dnssec = 'It is DNSSEC data of the former server; the box signs the zone with its own keys.';
    const service =
      'It leads mail programs or servers to the former mail service; the box derives its own records there.';
    expect(reasons(result)).toEqual([
      'example.com SOA: Line 2: The box makes the SOA record itself.',
      'example.com NS: Line 3: It names the former nameservers; the box derives its own NS records.',
      'example.com NS: Line 4: It names the former nameservers; the box derives its own NS records.',
      'example.com MX: Line 5: The box receives the mail of this domain now and derives its own MX record.',
      'example.com TXT: Line 6: The box sends the mail of this domain now and derives its own SPF record; if others send for it too, add one that names both.',
      '_imap._tcp.example.com SRV: Line 9: The box derives the same record itself.',
      `autoconfig.example.com CNAME: Line 12: ${service}`,
      `_imaps._tcp.example.com SRV: Line 13: ${service}`,
      `_mta-sts.example.com TXT: Line 14: ${service}`,
      `mta-sts.example.com CNAME: Line 15: ${service}`,
      `example.com DNSKEY: Line 18: ${dnssec}`,
    ]);
    expect(result.published).toMatchObject({ serial: zones.zones.get(name('example.com'))!.serial });
    expect(custom()).toHaveLength(result.imported.length);
    const file = await zones.zones.zonefile(name('example.com'), { signed: false });
    expect(file).toMatch(/^www +300 IN CNAME +shop\.provider\.example\.net\.$/m);
    expect(file).toMatch(/^@ .*MX +10 box\.example\.net\.$/m);
  });

  test('takes every type that BIND has, those of the older DNSSEC too', async () => {
    const rare = rareRecords();
    const result = await fromText(printZoneFile(rare), { mail: false });
    expect(result.skipped).toEqual([]);
    expect(texts(result.imported)).toHaveLength(rare.length);
    const file = parseZoneFile(await zones.zones.zonefile(name('example.com'), { signed: false }), {});
    if (!file.ok) throw new Error(JSON.stringify(file.errors));
    const exported = new Set(file.records.map(printRecord));
    expect(rare.map(printRecord).filter((record) => !exported.has(record))).toEqual([]);
  });

  test('without mail the old mail records stay', async () => {
    const result = await fromText(oldZone, { mail: false });
    const kept = texts(result.imported);
    expect(kept).toContain('example.com 3600 MX 10 mx.provider.example.net.');
    expect(kept).toContain('example.com 3600 TXT "v=spf1 include:provider.example.net -all"');
    expect(kept).toContain('autoconfig.example.com 3600 CNAME autoconfig.provider.example.net.');
    expect(zones.domains.get(name('example.com'))).toMatchObject({ mail: false, web: false });
  });

  test('a dry run tells the same and changes nothing', async () => {
    const dry = await fromText(oldZone, { dryRun: true });
    expect(zones.domains.get(name('example.com'))).toBeUndefined();
    expect(zones.origins()).toEqual(['box.example.net']);
    const real = await fromText(oldZone);
    expect({ ...real, published: undefined }).toEqual(dry);
  });

  test('a second import changes nothing; another value takes the place of the first', async () => {
    const first = await fromText(oldZone);
    const ids = (): string[] =>
      zones.records
        .list(name('example.com'), { limit: 500, cursor: undefined }, {})
        .items.map(({ id }) => id);
    const before = ids();
    const second = await fromText(oldZone);
    expect(second.imported).toEqual(first.imported);
    expect([ids(), second.published!.serial]).toEqual([before, first.published!.serial]);
    await fromText('mail A 203.0.113.5\nmail A 203.0.113.6');
    expect(custom().filter((text) => text.startsWith('mail.'))).toEqual([
      'mail.example.com 203.0.113.5',
      'mail.example.com 203.0.113.6',
    ]);
    expect(ids().length).toBe(before.length + 1);
  });

  test('the order in the file does not matter', async () => {
    const lines = [
      '@ MX 10 mx',
      'sub NS ns.sub',
      'ns.sub A 192.0.2.9',
      'mx A 192.0.2.8',
      '_x._tcp SRV 0 0 9 mx',
    ];
    for (const file of [lines, lines.toReversed()]) {
      const result = await fromText(file.join('\n'), { mail: false, dryRun: true });
      expect(reasons(result)).toEqual([]);
    }
  });

  test('what cannot stand in the zone is left out, with line and reason', async () => {
    const file = [
      'a A 192.0.2.1',
      'a CNAME example.org.',
      '@ CNAME example.org.',
      // RFC 1035 §5.2: of another origin.
      'host.example.org. A 192.0.2.1',
      'a A 192.0.2.1',
      'sub NS ns.example.org.',
      'txt.sub TXT "hidden"',
    ];
    const result = await fromText(file.join('\n'));
    expect(texts(result.imported)).toEqual([
      'a.example.com 3600 A 192.0.2.1',
      'sub.example.com 3600 NS ns.example.org.',
    ]);
    expect(result.skipped.map(({ reason }) => reason.slice(0, 40))).toEqual([
      'Line 2: a.example.com has A records, and',
      'Line 3: example.com cannot be a CNAME, b',
      'Line 4: It is outside of example.com.',
      'Line 5: It is there twice.',
      'Line 7: sub.example.com is delegated by ',
    ]);
  });

  test('a domain inside another one goes into its zone', async () => {
    await zones.domains.add(person, domain('example.com'));
    const result = await fromText('@ NS ns.example.org.\nwww A 192.0.2.7', { zone: name('sub.example.com') });
    expect(result.zone.toText()).toBe('example.com');
    expect(custom()).toEqual(['www.sub.example.com 192.0.2.7']);
    expect(zones.domains.get(name('sub.example.com'))?.zone?.toText()).toBe('example.com');
  });
});

describe('refusals', () => {
  test('RFC 1035 §5.2: syntax errors, each with its line', async () => {
    await expect(fromText('a A 192.0.2.1\nb A 192.0.2.300\nc MX mail\n')).rejects.toMatchObject({
      code: 'invalid-zonefile',
      errors: [
        { path: 'from.text', message: expect.stringMatching(/^line 2, column 5: /) as string },
        { path: 'from.text', message: expect.stringMatching(/^line 3, column /) as string },
      ],
    });
    expect(zones.domains.get(name('example.com'))).toBeUndefined();
  });

  test('a domain that is served elsewhere', async () => {
    await zones.domains.add(person, domain('example.com', { dns: 'external' }));
    await expect(fromText('a A 192.0.2.1')).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('a name that can be no domain', async () => {
    await expect(fromText('a A 192.0.2.1', { zone: name('com') })).rejects.toMatchObject({
      code: 'invalid-name',
    });
  });

  test('a server that is not found', async () => {
    const from = { kind: 'axfr' as const, server: 'ns.example.org', port: 53 };
    await expect(fromText('', { from })).rejects.toMatchObject({ code: 'transfer-failed' });
  });
});

test('ten thousand records in a few seconds', { timeout: 60_000 }, async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `h${n} A 192.0.2.${n % 250}\nh${n} TXT "host ${n}"`);
  // Processor time: other tests run beside this one.
  const start = process.cpuUsage();
  const result = await fromText(lines.join('\n'));
  const { user, system } = process.cpuUsage(start);
  expect([result.imported.length, custom().length]).toEqual([10_000, 500]);
  expect((user + system) / 1e6).toBeLessThan(12);
});

test('a zone file has an end', async () => {
  const lines = Array.from({ length: 20_001 }, (_, n) => `h${n} A 192.0.2.1`);
  await expect(fromText(`$TTL 300\n${lines.join('\n')}\n`)).rejects.toMatchObject({
    code: 'invalid-zonefile',
    message: expect.stringContaining('more than 20000 records') as string,
  });
});

describe('a server to import from', () => {
  const local = { ...person, kind: 'local' } as const;
  const token = { ...person, kind: 'token' } as const;
  const from = (server: string, actor: typeof local | typeof token) =>
    importZone(actor, {
      ...{ zone: name('example.com'), dryRun: true, mail: true, web: false },
      from: { kind: 'axfr', server, port: 1 },
    });
  const resolveTo = (addresses: string[], networks: Network[] = []): void => {
    const { store, publisher, sources, parts, clock } = zones;
    const resolve = (): Promise<string[]> => Promise.resolve(addresses);
    const random = systemRandom;
    importZone = createImport({ store, publisher, sources, parts, clock, random, resolve, networks });
  };

  test.each([
    ...['127.0.0.1', '0.0.0.0', '169.254.169.254', '10.1.2.3', '192.168.1.1', '100.64.0.1'],
    ...[
      '::1',
      'fe80::1%lo',
      'fd00::1',
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '64:ff9b::127.0.0.1',
      '2002:7f00::1',
    ],
  ])('is not %s for who asks over the network', async (server) => {
    await expect(from(server, token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is not the box itself', async () => {
    await zones.box.put(person, { ...zones.box.get()!, ipv4: ['11.53.3.1'], ipv6: ['2a0e:53::1'] });
    for (const server of ['11.53.3.1', '2a0e:53::1', '::ffff:11.53.3.1', '2002:b35:301::1'])
      await expect(from(server, token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is no address of the interfaces', async () => {
    for (const server of interfaceAddresses())
      await expect(from(server, token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is not a name that leads there', async () => {
    resolveTo(['127.0.0.1', '::1', '10.0.0.1', '2002:7f00:1::1']);
    await expect(from('ns.example.net', token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('may be in a network that the settings allow', async () => {
    resolveTo(['127.0.0.2'], [{ address: '127.0.0.2', prefix: 32 }]);
    // Nothing listens there: but it was asked.
    await expect(from('ns.example.net', token)).rejects.toMatchObject({ code: 'transfer-failed' });
    await expect(from('127.0.0.1', token)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('--import-networks') as string,
    });
  });

  test('may be this machine for who is on it', async () => {
    await expect(from('127.0.0.1', local)).rejects.toMatchObject({ code: 'transfer-failed' });
  });
});

test('what is more than a name can hold is left out, each record with the reason', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `many 300 TXT "a text of the former zone ${i}"\n`);
  const result = await fromText(`${lines.join('')}other 300 A 198.51.100.7\n`);
  expect(result.imported.length).toBeGreaterThan(1000);
  expect(result.imported.at(-1)).toMatchObject({ owner: 'other.example.com' });
  expect(result.imported.length + result.skipped.length).toBe(3001);
  const reason = expect.stringMatching(
    /^Line 3000: many\.example\.com has so many TXT records that/,
  ) as string;
  expect(result.skipped.at(-1)).toMatchObject({ owner: 'many.example.com', reason });
});
