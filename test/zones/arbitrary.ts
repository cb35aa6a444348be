import fc from 'fast-check';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { CustomRecord, Domain, ZoneInput } from '../../src/zones/model.ts';
import { box, domain, n, zoneInput } from './input.ts';

/** Few labels, so that owners meet; among them all that the rules treat in their own way. */
const LABELS = [
  ...['a', 'b', 'www', 'mta-sts', 'sub', 'box', 'ns1', 'ns2', '*'],
  ...['_dmarc', '_mta-sts', '_domainkey', '_tcp', '_imaps', '_report', '_signal', 'B', 'xn--bcher-kva'],
];

const labels = fc.array(fc.constantFrom(...LABELS), { maxLength: 3 });

/** Owners of a zone, its apex among them. */
export function ownerIn(zone: Name): fc.Arbitrary<Name> {
  return labels.map((path) => Name.parse(path.join('.') || '@', zone));
}

const HEX = 'AB'.repeat(32);
/** Good values of each type that a person may write; `OWNER` stands for a name of the zone. */
export const VALUES: readonly [type: keyof typeof Type, values: readonly string[]][] = [
  ['A', ['192.0.2.7', '203.0.113.9', 'local']],
  ['AAAA', ['2001:db8::7', 'local']],
  ['CNAME', ['example.net.', 'OWNER']],
  ['DNAME', ['example.net.', 'OWNER']],
  ['NS', ['ns.example.net.', 'OWNER']],
  ['DS', [`60485 13 2 ${HEX}`]],
  ['MX', ['0 .', '10 mail.example.net.', '20 OWNER']],
  ['TXT', ['"x"', '"v=spf1 a -all"', '"v=DMARC1; p=none"', '"v=STSv1; id=1"', `"${'y'.repeat(255)}" "z"`]],
  ['SRV', ['0 0 0 .', '0 1 443 host.example.net.', '1 1 25 OWNER']],
  ['CAA', ['0 issue ";"', '128 iodef "mailto:a@example.net"']],
  ['TLSA', [`3 1 1 ${HEX}`]],
  ['SSHFP', [`4 2 ${HEX}`]],
  ['PTR', ['host.example.net.']],
  ['HTTPS', ['1 . alpn=h2,h3 port=8443', '0 example.net.', '1 OWNER ipv4hint=192.0.2.1']],
  ['SVCB', ['1 example.net. alpn=dot']],
  ['URI', ['10 1 "https://example.net/"']],
  ['NAPTR', ['100 10 "S" "SIP+D2U" "" _sip._udp.example.net.']],
  ['LOC', ['52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m']],
  ['HINFO', ['"PC" "Linux"']],
  ['RP', ['admin.example.net. text.example.net.']],
  ['SMIMEA', [`3 1 1 ${HEX}`]],
  ['OPENPGPKEY', ['mQENBFeLbPcB']],
  ['CSYNC', ['66 3 A NS AAAA']],
  ['ZONEMD', [`1 1 1 ${'AB'.repeat(48)}`]],
];

function customIn(zone: Name): fc.Arbitrary<CustomRecord> {
  return fc
    .record({
      id: fc.uuid(),
      owner: ownerIn(zone),
      kind: fc.constantFrom(...VALUES),
      choice: fc.nat(),
      target: ownerIn(zone),
      ttl: fc.constantFrom(undefined, 0, 60, 86_400),
    })
    .map(({ id, owner, kind: [type, values], choice, target, ttl }) => {
      const value = values[choice % values.length]!.replace('OWNER', target.toString());
      return { id, owner, type: Type[type], ttl, value };
    });
}

function domainsIn(zone: Name): fc.Arbitrary<Domain[]> {
  const hosts = ['@', 'a', 'b.a', 'box', 'www', 'mta-sts'].map((path) => Name.parse(path, zone).toText());
  return fc
    .subarray(hosts)
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc
            .record({ mail: fc.boolean(), web: fc.boolean(), ttl: fc.constantFrom(undefined, 60) })
            .map((options) => domain(name, options)),
        ),
      ),
    );
}

function inputOf(zone: Name, holdsHostname: boolean): fc.Arbitrary<ZoneInput> {
  return fc
    .record({
      domains: domainsIn(zone),
      custom: fc.array(customIn(zone), { maxLength: 12 }),
      denial: fc.constantFrom('nsec' as const, 'nsec3' as const),
      ipv4: fc.subarray([...box.ipv4]),
      ipv6: fc.subarray([...box.ipv6], { minLength: 1 }),
      secondaries: fc.subarray([n('ns.example.org'), n('ns.example.edu')]),
    })
    .map(({ domains, custom, denial, ipv4, ipv6, secondaries }) =>
      zoneInput({
        box: { ...box, ipv4, ipv6, secondaries },
        zone: { name: zone, ttl: undefined, denial, serial: undefined },
        domains,
        custom,
        holdsHostname,
        dkimKeys: [{ domain: zone, selector: 's1', algorithm: 'rsa', publicKey: 'MIIB'.repeat(98) }],
        mtaStsPolicies: new Map(domains.map(({ name }) => [name.key, '1'])),
        acmeChallenges: [],
        davDomains: new Set([zone.key]),
        ...(holdsHostname ? {} : { reportingDomains: [], signalledZones: [] }),
      }),
    );
}

/** Any zone: the box's own, or another; custom records of all types at any owners, whether they fit or not. */
export const arbitraryZone: fc.Arbitrary<ZoneInput> = fc.oneof(
  inputOf(n('example.com'), true),
  inputOf(n('example.net'), false),
  inputOf(n('box.example.com'), true),
);
