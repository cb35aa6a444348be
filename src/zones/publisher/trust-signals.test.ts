import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { verifySignature } from '../../dns/dnssec/verify.ts';
import { dnskey as dnskeyType } from '../../dns/rdata/dnskey.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { rrsig } from '../../dns/rdata/rrsig.ts';
import { Type } from '../../dns/type-codes.ts';
import type { SignedRRset } from '../../dns/zone/node.ts';

let zones: ZonesBox;
beforeAll(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterAll(() => zones.close());

function rrset(zone: string, owner: string, type: number): SignedRRset {
  const node = zones.served(zone)!.node(name(owner));
  return node!.rrsets.find((one) => one.type === type)!;
}

/** Whether it has one signature, made with the key of the zone. */
function isSignedBy(zone: string, set: SignedRRset): boolean {
  const key = fromWire(dnskeyType, rrset(zone, zone, Type.DNSKEY).rdatas[0]!);
  const [signature, ...more] = set.signatures.map((rdata) => fromWire(rrsig, rdata));
  return (
    more.length === 0 &&
    signature!.signer.equals(name(zone)) &&
    verifySignature(set, signature!, key, signature!.inception) === 'valid'
  );
}

describe.each([
  ['CDS', Type.CDS],
  ['CDNSKEY', Type.CDNSKEY],
] as const)('%s', (_name, type) => {
  const signals = ['ns1', 'ns2'].map((server) => `_dsboot.example.com._signal.${server}.box.example.net`);

  test('RFC 7344 §4.1, §5, RFC 8078 §3: is at the apex of a new zone, signed by the key that it names', () => {
    const set = rrset('example.com', 'example.com', type);
    expect(set.rdatas).toHaveLength(1);
    expect(isSignedBy('example.com', set)).toBe(true);
  });

  test('RFC 9615 §3.1, §3.2, §4.1: is the same under each nameserver, signed by the zone of that', () => {
    const { rdatas } = rrset('example.com', 'example.com', type);
    for (const signal of signals) {
      const set = rrset('box.example.net', signal, type);
      expect(set.rdatas).toEqual(rdatas);
      expect(isSignedBy('box.example.net', set)).toBe(true);
    }
  });

  test('RFC 9615 §4.1: is not under a nameserver inside of the zone itself', () => {
    const names = [...zones.served('box.example.net')!.nodes()].map(({ owner }) => owner.toText());
    expect(names.filter((text) => text.startsWith('_dsboot.'))).toEqual(signals);
    expect(rrset('box.example.net', 'box.example.net', type).rdatas).toHaveLength(1);
  });
});
