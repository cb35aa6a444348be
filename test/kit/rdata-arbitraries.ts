import fc from 'fast-check';
import { printIpv6 } from '../../src/dns/rdata/ipv6.ts';
import type { Svcb } from '../../src/dns/rdata/svcb.ts';
import { anyName, octets, u16, u32, u8 } from './arbitraries.ts';

const target = fc.record({ target: anyName });
const string = octets(0, 255);
const types = fc.uniqueArray(u16, { maxLength: 40 }).map((list) => list.sort((a, b) => a - b));

/** Octets whose length depends on a number before them. */
function sized(kinds: Record<number, number>, min = 1): fc.Arbitrary<[number, Uint8Array]> {
  return u8.chain((kind) => {
    const length = kinds[kind];
    return fc.tuple(fc.constant(kind), length ? octets(length, length) : octets(min, 80));
  });
}

const ds = fc
  .tuple(u16, u8, sized({ 1: 20, 2: 32, 3: 32, 4: 48 }))
  .map(([keyTag, algorithm, [digestType, digest]]) => ({ keyTag, algorithm, digestType, digest }));
/** Any but 253, whose keys must start with a name (RFC 4034 Appendix A.1.1). */
const algorithm = u8.filter((number) => number !== 253);
const dnskey = fc.record({ flags: u16, protocol: fc.constant(3), algorithm, publicKey: octets(1, 300) });
const tlsa = fc
  .tuple(u8, u8, sized({ 1: 32, 2: 64 }))
  .map(([usage, selector, [matchingType, data]]) => ({ usage, selector, matchingType, data }));
const nsec3param = { hashAlgorithm: u8, flags: u8, iterations: u16, salt: string };
const size = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
  .map(([digit, power]) => digit * 10 ** power);
const angle = (degrees: number): fc.Arbitrary<number> =>
  fc.integer({ min: -degrees * 3_600_000, max: degrees * 3_600_000 }).map((value) => value || 0);

const multiple = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.integer({ min: 1, max: 4 }).chain((count) => octets(count * size, count * size));
const alpn = fc
  .array(octets(1, 20), { minLength: 1, maxLength: 4 })
  .map((ids) => Uint8Array.from(ids.flatMap((id) => [id.length, ...id])));
const paramValues: Record<number, fc.Arbitrary<Uint8Array>> = {
  1: alpn,
  3: octets(2, 2),
  4: multiple(4),
  5: octets(1, 60),
  6: multiple(16),
  7: fc.constant(new Uint8Array(Buffer.from('/dns-query{?dns}'))),
  8: fc.constant(new Uint8Array(0)),
};
const param = fc
  .oneof(fc.constantFrom(1, 3, 4, 5, 6, 7, 8), fc.integer({ min: 9, max: 0xfffe }))
  .chain((key) => (paramValues[key] ?? octets(0, 40)).map((value) => ({ key, value })));

/** Parameters with `mandatory` (and `no-default-alpn` where there is `alpn`) made to fit. */
const svcb: fc.Arbitrary<Svcb> = fc
  .tuple(u16, anyName, fc.uniqueArray(param, { selector: ({ key }) => key, maxLength: 6 }), fc.boolean())
  .map(([priority, name, list, withMandatory]) => {
    if (priority === 0) return { priority, target: name, params: [] };
    if (withMandatory && list.some(({ key }) => key === 1)) list.push({ key: 2, value: new Uint8Array(0) });
    list.sort((a, b) => a.key - b.key);
    const keys = list.slice(0, 3).flatMap(({ key }) => [key >> 8, key & 0xff]);
    const mandatory = { key: 0, value: Uint8Array.from(keys) };
    return { priority, target: name, params: withMandatory && keys.length > 0 ? [mandatory, ...list] : list };
  });

const sig = fc.record({
  typeCovered: u16,
  algorithm: u8,
  labels: u8,
  originalTtl: u32,
  expiration: u32,
  inception: u32,
  keyTag: u16,
  signer: anyName,
  signature: octets(1, 300),
});

/** The signer is the zone, so its labels are never more than the owner's; BIND insists on that. */
const rrsig = sig.map((value) => ({ ...value, labels: Math.max(value.labels, value.signer.labelCount) }));

const legacy = (numbers: number, names: number): fc.Arbitrary<unknown> =>
  fc.record({
    numbers: fc.array(u16, { minLength: numbers, maxLength: numbers }),
    names: fc.array(anyName, { minLength: names, maxLength: names }),
  });

const texts = fc.record({ strings: fc.array(string, { minLength: 1, maxLength: 4 }) });
const some = fc.record({ octets: octets(1, 300) });
const any = fc.record({ octets: octets(0, 300) });
const ilnp64 = fc.record({ preference: u16, value: octets(8, 8) });
const eui = (length: number): fc.Arbitrary<unknown> => fc.record({ address: octets(length, length) });
const ipv4 = octets(4, 4).map((quad) => quad.join('.'));
const ipv6 = octets(16, 16).map(printIpv6);
const digits = (min: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.integer({ min: 0x30, max: 0x39 }), { minLength: min, maxLength: 20 })
    .map((codes) => Uint8Array.from(codes));

/** Flags with both bits of "no key" come without one. */
const key = fc
  .record({ flags: u16, protocol: u8, algorithm, publicKey: octets(1, 300) })
  .map((value) => ((value.flags & 0xc000) === 0xc000 ? { ...value, publicKey: new Uint8Array(0) } : value));

/** Without trailing zero octets. */
const trimmed = (max: number): fc.Arbitrary<Uint8Array> =>
  octets(0, max).map((address) => address.slice(0, address.findLastIndex((octet) => octet !== 0) + 1));

const aplItem = fc.constantFrom(1, 2, 1, 2, 3).chain((family) => {
  const size = { 1: 4, 2: 16, 3: 31 }[family];
  return fc.record({
    family: fc.constant(family),
    prefix: fc.integer({ min: 0, max: size * 8 }),
    negated: fc.boolean(),
    address: trimmed(size),
  });
});

const a6 = fc
  .tuple(fc.integer({ min: 0, max: 128 }), octets(16, 16), anyName)
  .map(([prefixLength, octets, name]) => {
    octets.fill(0, 0, prefixLength >> 3);
    if (prefixLength < 128) octets[prefixLength >> 3]! &= 0xff >> (prefixLength & 7);
    return {
      prefixLength,
      suffix: prefixLength === 128 ? undefined : printIpv6(octets),
      prefix: prefixLength === 0 ? undefined : name,
    };
  });

const gateway = fc.oneof(
  fc.constant(undefined),
  fc.record({ ipv4 }),
  fc.record({ ipv6 }),
  fc.record({ name: anyName }),
);

/** Values of every type by mnemonic, such as a zone may have: they can be encoded and printed, and come back the same. */
export const rdataArbitraries: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  A: fc.record({ address: ipv4 }),
  NS: target,
  CNAME: target,
  PTR: target,
  DNAME: target,
  SOA: fc.record({
    mname: anyName,
    rname: anyName,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
  }),
  HINFO: fc.record({ cpu: string, os: string }),
  MX: fc.record({ preference: u16, exchange: anyName }),
  TXT: texts,
  RP: fc.record({ mailbox: anyName, text: anyName }),
  LOC: fc.record({
    size,
    horizontalPrecision: size,
    verticalPrecision: size,
    latitude: angle(90),
    longitude: angle(180),
    altitude: u32.map((value) => value - 10_000_000),
  }),
  MD: legacy(0, 1),
  MF: legacy(0, 1),
  MB: legacy(0, 1),
  MG: legacy(0, 1),
  MR: legacy(0, 1),
  MINFO: legacy(0, 2),
  AFSDB: legacy(1, 1),
  RT: legacy(1, 1),
  PX: legacy(1, 2),
  KX: legacy(1, 1),
  SRV: fc.record({ priority: u16, weight: u16, port: u16, target: anyName }),
  NAPTR: fc.record({
    order: u16,
    preference: u16,
    flags: fc.constantFrom('', 's', 'U', 'p').map((flags) => new Uint8Array(Buffer.from(flags))),
    services: string,
    regexp: fc.constant(new Uint8Array(0)),
    replacement: anyName,
  }),
  OPT: fc.record({ options: fc.array(fc.record({ code: u16, data: octets(0, 40) }), { maxLength: 4 }) }),
  DS: ds,
  CDS: ds,
  SSHFP: fc
    .tuple(u8, sized({ 1: 20, 2: 32 }))
    .map(([algorithm, [fingerprintType, fingerprint]]) => ({ algorithm, fingerprintType, fingerprint })),
  RRSIG: rrsig,
  // An NSEC lists itself at least (RFC 4034 §4.1.2).
  NSEC: fc.record({ next: anyName, types: types.filter((list) => list.length > 0) }),
  DNSKEY: dnskey,
  CDNSKEY: dnskey,
  NSEC3: fc.record({ ...nsec3param, hashAlgorithm: fc.constant(1), nextHashed: octets(20, 20), types }),
  NSEC3PARAM: fc.record(nsec3param),
  TLSA: tlsa,
  SMIMEA: tlsa,
  OPENPGPKEY: fc.record({ publicKey: octets(1, 300) }),
  CSYNC: fc.record({ serial: u32, flags: u16, types }),
  ZONEMD: fc
    .tuple(u32, u8, sized({ 1: 48, 2: 64 }, 12))
    .map(([serial, scheme, [hashAlgorithm, digest]]) => ({ serial, scheme, hashAlgorithm, digest })),
  SVCB: svcb,
  HTTPS: svcb,
  TSIG: fc.record({
    algorithm: anyName,
    timeSigned: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    fudge: u16,
    mac: octets(0, 64),
    originalId: u16,
    error: u16,
    otherData: octets(0, 12),
  }),
  URI: fc.record({ priority: u16, weight: u16, target: octets(1, 300) }),
  CAA: fc.record({
    flags: u8,
    tag: fc.constantFrom('issue', 'IssueWild', 'iodef', 'x1'),
    value: octets(0, 300),
  }),
  AAAA: fc.record({ address: ipv6 }),
  NULL: any,
  WKS: fc.record({
    address: ipv4,
    protocol: u8,
    ports: fc.uniqueArray(u16, { maxLength: 8 }).map((ports) => ports.sort((a, b) => a - b)),
  }),
  X25: fc.record({ address: digits(4) }),
  ISDN: fc.oneof(fc.record({ address: string }), fc.record({ address: string, subaddress: string })),
  NSAP: fc.record({ address: octets(1, 40) }),
  'NSAP-PTR': target,
  SIG: sig,
  KEY: key,
  GPOS: fc.record({ longitude: string, latitude: string, altitude: string }),
  NXT: fc.record({
    next: anyName,
    types: fc
      .uniqueArray(fc.integer({ min: 1, max: 127 }), { maxLength: 20 })
      .map((list) => list.sort((a, b) => a - b)),
  }),
  EID: some,
  NIMLOC: some,
  ATMA: fc.oneof(
    fc.record({ format: fc.constantFrom(0, 2), address: octets(1, 40) }),
    fc.record({ format: fc.constant(1), address: digits(1) }),
  ),
  CERT: fc.record({ certificateType: u16, keyTag: u16, algorithm: u8, certificate: octets(1, 300) }),
  A6: a6,
  SINK: fc.record({ meaning: u8, coding: u8, subcoding: u8, data: octets(0, 300) }),
  APL: fc.record({ items: fc.array(aplItem, { maxLength: 6 }) }),
  IPSECKEY: fc.record({ precedence: u8, gateway, algorithm: u8, publicKey: octets(1, 300) }),
  DHCID: some,
  HIP: fc.record({
    algorithm: u8,
    tag: octets(1, 255),
    publicKey: octets(1, 300),
    servers: fc.array(anyName, { maxLength: 4 }),
  }),
  NINFO: texts,
  RKEY: fc.record({ protocol: u8, algorithm, publicKey: octets(1, 300) }),
  TALINK: fc.record({ previous: anyName, next: anyName }),
  DSYNC: fc.record({ rrType: u16, scheme: u8, port: u16, target: anyName }),
  HHIT: some,
  BRID: some,
  SPF: texts,
  UINFO: any,
  UID: any,
  GID: any,
  UNSPEC: any,
  NID: ilnp64,
  L32: fc.record({ preference: u16, locator: ipv4 }),
  L64: ilnp64,
  LP: fc.record({ preference: u16, target: anyName }),
  EUI48: eui(6),
  EUI64: eui(8),
  AVC: texts,
  DOA: fc.record({ enterprise: u32, type: u32, location: u8, mediaType: string, data: octets(0, 300) }),
  AMTRELAY: fc.record({
    precedence: u8,
    discovery: fc.boolean(),
    relay: fc.oneof(gateway, fc.record({ type: fc.integer({ min: 4, max: 0x7f }), octets: octets(0, 40) })),
  }),
  RESINFO: texts,
  WALLET: texts,
  TA: ds,
  DLV: ds,
};
