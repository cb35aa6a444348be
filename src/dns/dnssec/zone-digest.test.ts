import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../core/slices.ts';
import { fromWire, toWire } from '../rdata/registry.ts';
import { soa } from '../rdata/soa.ts';
import { zonemd } from '../rdata/zonemd.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from '../zonefile/parse.ts';
import { type DigestVerdict, verifyZoneDigest, zoneDigest } from './zone-digest.ts';
import { ownersOfRecords } from './zone-owners.ts';

interface TestZone {
  origin: Name;
  records: readonly ResourceRecord[];
}

function vector(file: string, zone: string): TestZone {
  const path = new URL(`../../../test/vectors/rfc8976/${file}.zone`, import.meta.url);
  const origin = Name.parse(zone);
  const text = `$ORIGIN ${zone}\n${readFileSync(path, 'utf8')}`;
  const parsed = parseZoneFile(text, { origin: Name.parse('.'), defaultTtl: 3600 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return { origin, records: parsed.records.filter(({ owner }) => owner.isAtOrBelow(origin)) };
}

function verdict({ origin, records }: TestZone): DigestVerdict {
  const apex = records.filter(({ owner }) => owner.equals(origin));
  const { serial } = fromWire(soa, apex.find(({ type }) => type === Type.SOA)!.rdata);
  const digests = apex.filter(({ type }) => type === Type.ZONEMD).map(({ rdata }) => rdata);
  const owners = atOnce(ownersOfRecords(records));
  return atOnce(verifyZoneDigest(origin, serial, digests, () => owners));
}

/** With its ZONEMD records replaced. */
function withDigests({ origin, records }: TestZone, ...digests: Uint8Array[]): TestZone {
  const others = records.filter(({ owner, type }) => type !== Type.ZONEMD || !owner.equals(origin));
  const added = digests.map((rdata) => ({ owner: origin, type: Type.ZONEMD, ttl: 86_400, rdata }));
  return { origin, records: [...others, ...added] };
}

const simple = vector('a1-simple', 'example.');
const first = simple.records.find(({ type }) => type === Type.ZONEMD)!;
const digest = fromWire(zonemd, first.rdata);

describe('the digest of a zone (RFC 8976 §2.2.2, §3.3.1, §3.3.1.1)', () => {
  it.each([
    ['a1-simple', 'example.'],
    ['a2-complex', 'example.'],
    ['a3-multiple', 'example.'],
    ['a4-uri-arpa', 'uri.arpa.'],
    ['a5-root-servers', 'root-servers.net.'],
  ])('is that of appendix %s', (file, zone) => {
    expect(verdict(vector(file, zone))).toEqual({ kind: 'right' });
  });

  it('RFC 8976 §3.3.1.1: has records of one owner, type and data in it once', () => {
    const { origin, records } = simple;
    expect(verdict({ origin, records: [...records, records.find(({ type }) => type === Type.A)!] })).toEqual({
      kind: 'right',
    });
  });

  it('is that of both hash algorithms (appendix A.3, RFC 8976 §2.2.3), whole', () => {
    const { origin, records } = vector('a3-multiple', 'example.');
    const owners = atOnce(ownersOfRecords(records));
    for (const [algorithm, start] of [
      [1, '62e6cf51'],
      [2, '08cfa111'],
    ] as const) {
      const octets = atOnce(zoneDigest(origin, owners, algorithm));
      expect(Buffer.from(octets).toString('hex').slice(0, 8)).toBe(start);
      expect(octets).toHaveLength(algorithm === 1 ? 48 : 64);
    }
    expect(() => atOnce(zoneDigest(origin, owners, 240))).toThrow('not known');
  });

  it('leaves out the signature of the ZONEMD (RFC 8976 §3.3.1.1), and no other', () => {
    const { origin, records } = vector('a4-uri-arpa', 'uri.arpa.');
    const signature = records.find(({ type }) => type === Type.RRSIG)!;
    const covering = (type: number): ResourceRecord => {
      const rdata = new Uint8Array(signature.rdata);
      rdata.set([type >>> 8, type & 0xff]);
      return { ...signature, rdata };
    };
    expect(verdict({ origin, records: [...records, covering(Type.ZONEMD)] }).kind).toBe('right');
    expect(verdict({ origin, records: [...records, covering(Type.A)] }).kind).toBe('wrong');
  });
});

describe('whether the digest of a zone is right (RFC 8976 §4)', () => {
  it('is told of a record that was changed, lost or added', () => {
    const { origin, records } = simple;
    const address = records.findIndex(({ type }) => type === Type.A);
    const changed = { ...records[address]!, rdata: Uint8Array.of(203, 0, 113, 64) };
    for (const list of [
      records.with(address, changed),
      records.toSpliced(address, 1),
      [...records, { ...changed, owner: Name.parse('more.example') }],
    ])
      expect(verdict({ origin, records: list })).toEqual({
        kind: 'wrong',
        reason: 'its digest (ZONEMD of serial 2018031900) is not that of its records',
      });
  });

  it('takes one of another serial for wrong (RFC 8976 §2.2.1, §4)', () => {
    const other = toWire(zonemd, { ...digest, serial: digest.serial - 1 });
    expect(verdict(withDigests(simple, other))).toEqual({
      kind: 'wrong',
      reason: 'its ZONEMD is of serial 2018031899, its SOA of 2018031900',
    });
  });

  it('takes two of one kind for wrong, though one is right (RFC 8976 §4), and any other that is right for right', () => {
    const false384 = toWire(zonemd, { ...digest, digest: new Uint8Array(48) });
    const false512 = toWire(zonemd, { ...digest, hashAlgorithm: 2, digest: new Uint8Array(64) });
    expect(verdict(withDigests(simple, first.rdata, false384)).kind).toBe('wrong');
    expect(verdict(withDigests(simple, false512, first.rdata)).kind).toBe('right');
    expect(verdict(withDigests(simple, false512)).kind).toBe('wrong');
  });

  it('takes one that is cut off for wrong (RFC 8976 §2.2.4, §4)', () => {
    const short = toWire(zonemd, { ...digest, digest: digest.digest.subarray(0, 20) });
    expect(verdict(withDigests(simple, short))).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining('20 octets') as string,
    });
    expect(verdict(withDigests(simple, first.rdata.subarray(0, 10))).kind).toBe('wrong');
  });

  it('says nothing of a zone without one, or with none that is known: it is not right (RFC 8976 §4)', () => {
    const scheme = toWire(zonemd, { ...digest, scheme: 241 });
    const hash = toWire(zonemd, { ...digest, hashAlgorithm: 240 });
    expect(verdict(withDigests(simple)).kind).toBe('none');
    expect(verdict(withDigests(simple, scheme, hash)).kind).toBe('unknown');
    expect(verdict(withDigests(simple, scheme, first.rdata)).kind).toBe('right');
  });
});
