import { describe, expect, test } from 'vitest';
import { box, custom, domain, n, zoneInput } from '../../../test/zones/input.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { ns } from '../../dns/rdata/ns.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import { compose } from '../compose.ts';
import type { ZoneInput } from '../model.ts';

const zones: [what: string, input: ZoneInput][] = [
  ['a domain', zoneInput({ domains: [domain('example.com')] })],
  [
    'a domain with others in its zone',
    zoneInput({ domains: ['example.com', 'a.example.com'].map((name) => domain(name)) }),
  ],
  ['a domain with secondaries', zoneInput({ box: { ...box, secondaries: [n('ns.example.net')] } })],
  ['a domain with a delegation', zoneInput({ custom: [custom('sub.example.com', 'NS', 'ns.example.net.')] })],
];

describe.each(zones)('the top of the zone of %s', (_what, input) => {
  const records = compose(input);
  const of = (type: number) => records.filter((record) => record.type === type);
  const servers = of(Type.NS)
    .filter(({ owner }) => owner.equals(input.zone.name))
    .map(({ rdata }) => fromWire(ns, rdata).target);

  test('RFC 1034 §4.2.1: has one SOA, and the NS records are there and at delegations', () => {
    expect(of(Type.SOA).map(({ owner }) => owner.toText())).toEqual(['example.com']);
    const owners = new Set(of(Type.NS).map(({ owner }) => owner.toText()));
    const cuts = input.custom.map(({ owner }) => owner.toText());
    expect([...owners].sort()).toEqual(['example.com', ...cuts].sort());
  });

  test('RFC 1035 §3.3.13: the SOA names the primary, which is one of the servers, and the mailbox of who is responsible', () => {
    const { mname, rname } = fromWire(soa, of(Type.SOA)[0]!.rdata);
    expect(servers.map((server) => server.toText())).toContain(mname.toText());
    expect(rname.toText()).toBe(`hostmaster.${input.box.hostname.toText()}`);
  });

  test('RFC 1034 §4.1: at least two servers are named', () => {
    expect(new Set(servers.map(({ key }) => key)).size).toBeGreaterThanOrEqual(2);
  });
});
