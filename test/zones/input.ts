import { rdataFromText } from '../../src/dns/rdata/registry.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { Box, CustomRecord, Domain, ZoneInput } from '../../src/zones/model.ts';

/** The input of zones for tests: a box `box.example.com` with two addresses of each family, in its own zone. */
export function n(text: string): Name {
  return Name.parse(text);
}

export const box: Box = {
  hostname: n('box.example.com'),
  ipv4: ['192.0.2.1', '192.0.2.2'],
  ipv6: ['2001:db8::1', '2001:db8::2'],
  adminEmail: 'admin@example.net',
  ttl: 3600,
  secondaries: [],
  caaIssuer: 'auto',
};

export function domain(name: string, options: Partial<Domain> = {}): Domain {
  return {
    name: n(name),
    dns: 'local',
    mail: true,
    web: true,
    ttl: undefined,
    createdAt: '2026-01-01T00:00:00Z',
    ...options,
  };
}

let ids = 0;
export function custom(owner: string, type: keyof typeof Type, value: string, ttl?: number): CustomRecord {
  return { id: String(++ids), owner: n(owner), type: Type[type], ttl, value };
}

const DNSKEY =
  '257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==';

/** The zone example.com with box.example.com in it and everything that a rule could ask for. */
export function zoneInput(options: Partial<ZoneInput> = {}): ZoneInput {
  return {
    box,
    zone: { name: n('example.com'), ttl: undefined, denial: 'nsec', serial: undefined },
    domains: [domain('example.com')],
    holdsHostname: true,
    reportingDomains: [n('example.com'), n('example.net')],
    signalledZones: [
      {
        zone: n('example.net'),
        cds: [rdataFromText(Type.CDS, `60485 13 2 ${'2B'.repeat(32)}`)],
        cdnskey: [rdataFromText(Type.CDNSKEY, DNSKEY)],
      },
    ],
    dkimKeys: [
      { domain: n('example.com'), selector: 's1', algorithm: 'rsa', publicKey: 'MIIB'.repeat(98) },
      { domain: n('example.com'), selector: 's2', algorithm: 'ed25519', publicKey: '11qYAYKx'.repeat(5) },
      { domain: n('example.com'), selector: 's0', algorithm: 'rsa', publicKey: '' },
      { domain: n('example.net'), selector: 's1', algorithm: 'rsa', publicKey: 'MIIBother' },
    ],
    tlsaKeys: [{ spkiSha256: 'ab'.repeat(32) }],
    sshFingerprints: [{ algorithm: 4, sha256: 'cd'.repeat(32) }],
    acmeAccountUri: 'https://ca.example/acct/1',
    acmeCaaIdentities: ['letsencrypt.org'],
    mtaStsPolicies: new Map([[n('example.com').key, '20260101000000']]),
    acmeChallenges: [],
    davDomains: new Set([n('example.com').key]),
    bimiLogos: new Map([[n('example.com').key, 'https://example.com/logo.svg']]),
    dnskeys: [rdataFromText(Type.DNSKEY, DNSKEY)],
    cds: [rdataFromText(Type.CDS, `60485 13 2 ${'2B'.repeat(32)}`)],
    cdnskey: [rdataFromText(Type.CDNSKEY, DNSKEY)],
    serial: 1_790_000_000,
    custom: [],
    ...options,
  };
}
