import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { epochSeconds, systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { ContentChange } from '../../src/dns/dnssec/draft.ts';
import {
  type SigningKey,
  cdsFromKeys,
  dsFromDnskey,
  dsRdata,
  generateKey,
} from '../../src/dns/dnssec/keys.ts';
import { NSEC3PARAM_RDATA } from '../../src/dns/dnssec/nsec3.ts';
import { type SignOptions, defaultSignPolicy } from '../../src/dns/dnssec/policy.ts';
import { createSignPool } from '../../src/dns/dnssec/sign-pool.ts';
import { signZone } from '../../src/dns/dnssec/sign-zone.ts';
import { canonicalRdata, rdataFromText, typeCode } from '../../src/dns/rdata/registry.ts';
import { printUnknown } from '../../src/dns/rdata/unknown.ts';
import type { RRset, ResourceRecord } from '../../src/dns/rr.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { MemoryView } from '../kit/memory-view.ts';
import { rareRecords } from '../kit/rare-records.ts';
import { missing } from '../kit/requires.ts';
import { laterPackage, withLibraries } from '../../scripts/later-packages.ts';

/** Each verifier that is installed; `missing` lets none be away in CI. */
/** All versions have a digest, which this one looks at, too; but for validns, which does not know the type. */
const ldns = ['ldns-verify-zone', '-V2', '-ZZ'];
const verifiers = ['ldns-verify-zone', 'dnssec-verify', 'validns', 'named-checkzone', 'kzonecheck'];
const reasons = new Map(verifiers.map((command) => [command, missing({ commands: [command] })]));
const absent = [...reasons.values()].filter((reason) => reason !== undefined).join('; ');
const laterValidns = withLibraries(laterPackage('trixie', 'validns'), 'usr/bin/validns');
const laterAbsent = missing({ commands: [laterValidns[0]!] });
const directory = mkdtempSync(join(tmpdir(), 'signpost-dnssec-'));
const pool = createSignPool({ threads: 0 });
afterAll(async () => {
  await pool.close();
  rmSync(directory, { recursive: true });
});

const origin = Name.parse('example.com');

/** Every shape that a denial chain has to get right, one record a line. */
const records = `
@ SOA ns1 hostmaster 1 3600 600 1209600 300
@ NS ns1
@ NS ns.sub
@ MX 10 Mail
@ TXT "v=spf1 mx -all"
@ CAA 0 issue "letsencrypt.org"
ns1 A 192.0.2.1
ns1 AAAA 2001:db8::1
Mail A 192.0.2.2
www CNAME Mail
*.wild A 192.0.2.3
*.wild TXT "any"
a.wild MX 10 mail
*.under.deep.wild CNAME www
very.deep.empty.names.here TXT "deep"
_25._tcp.mail TLSA 3 1 1 ${'ab'.repeat(32)}
_imaps._tcp SRV 0 1 993 Mail
old DNAME new
new A 192.0.2.7
sub NS ns.sub
sub NS Other.example.net.
ns.sub A 192.0.2.4
ns.deep.sub A 192.0.2.5
signed NS ns1
signed DS 12345 13 2 ${'cd'.repeat(32)}
self NS self
self A 192.0.2.6
only.cut.below NS ns1
odd\\000\\.char A 192.0.2.8
sp\\032ace TXT "space"
\\200\\255 TXT "high"
at\\@sign TXT "at"
_dmarc TXT "v=DMARC1; p=reject"
x TYPE65280 \\# 3 010203
svc HTTPS 1 . alpn=h2
`;

describe(`a zone that we signed${absent && ` (${absent})`}`, () => {
  const algorithms = [8, 13, 14, 15];
  const kinds = algorithms.flatMap((algorithm) =>
    (['nsec', 'nsec3'] as const).map((denial) => ({ algorithm, denial })),
  );

  it.each(kinds)('passes every verifier: algorithm $algorithm, $denial', async ({ algorithm, denial }) => {
    const csk = generateKey({ algorithm });
    const view = await sign([csk], denial);
    const path = write(`csk-${algorithm}-${denial}`, view);
    expect(verify(path, csk, true)).toEqual([]);
  });

  // validns 0.8 knows neither CDS, CAA and HTTPS nor dots in labels, and with OpenSSL 3 no key but RSA.
  it.each(['nsec', 'nsec3'] as const)('passes validns: %s', async (denial) => {
    const csk = generateKey({ algorithm: 8 });
    const [apex, ...names] = contentOf(records.replace(/^.*(CAA|HTTPS|\\\.).*\n/gm, ''));
    const top = { owner: origin, rrsets: [...apex!.rrsets, ...keyRRsets([csk], denial)] };
    const path = write(`validns-${denial}`, await apply(undefined, [top, ...names], [csk], denial, false));
    expect(complaints([['validns', '-z', 'example.com', path]])).toEqual([]);
  });

  // That of Debian 13 does know CDS, CAA and elliptic curves, but neither Ed25519, HTTPS nor dots in labels.
  describe(`passes a later validns${laterAbsent ? ` (${laterAbsent})` : ''}`, () => {
    const known = kinds.filter(({ algorithm }) => algorithm !== 15);
    it.skipIf(laterAbsent).each(known)('algorithm $algorithm, $denial', async ({ algorithm, denial }) => {
      const csk = generateKey({ algorithm });
      const [, ...names] = contentOf(records.replace(/^.*(HTTPS|\\\.).*\n/gm, ''));
      const signed = await apply(undefined, [apexOf([csk], denial, 1), ...names], [csk], denial, false);
      const path = write(`later-validns-${algorithm}-${denial}`, signed);
      expect(complaints([[...laterValidns, '-z', 'example.com', path]])).toEqual([]);
    });
  });

  describe.each(['nsec', 'nsec3'] as const)('with every type that BIND has: %s', (denial) => {
    const signed = (list: readonly ResourceRecord[], csk: SigningKey): Promise<MemoryView> =>
      apply(
        undefined,
        [apexOf([csk], denial, 1), ...contentOf(records).slice(1), ...changesOf(list)],
        [csk],
        denial,
      );

    it('passes BIND', async () => {
      const csk = generateKey();
      const path = write(`rare-${denial}`, await signed(rareRecords(), csk));
      expect(verify(path, csk, true, ['dnssec-verify', 'named-checkzone'])).toEqual([]);
    });

    // They know not all by name. ldns 1.8 takes the name of NSAP-PTR for text, and leaves out most of SINK.
    it('passes the others in the generic form', async () => {
      const csk = generateKey();
      const list = rareRecords().filter(({ type }) => type !== Type['NSAP-PTR'] && type !== Type.SINK);
      const path = write(`generic-${denial}`, await signed(list, csk), printGeneric);
      expect(verify(path, csk, true)).toEqual([]);
    });
  });

  it('would not pass with one octet changed', async () => {
    const csk = generateKey();
    const view = await sign([csk], 'nsec');
    view.node(Name.parse('ns1', origin))!.rrsets[0]!.rdatas = [Uint8Array.of(192, 0, 2, 99)];
    const path = write('wrong', view);
    const commands = verify(path, csk, true).map((complaint) => complaint.split(' ')[0]!);
    const able = ['ldns-verify-zone', 'dnssec-verify', 'kzonecheck'];
    expect(commands).toEqual(able.filter((command) => reasons.get(command) === undefined));
  });

  it.each(['nsec', 'nsec3'] as const)('passes them with a KSK and a ZSK: %s', async (denial) => {
    const ksk = generateKey({ roles: { signsKeys: true, signsZone: false } });
    const zsk = generateKey({ flags: 256, roles: { signsKeys: false, signsZone: true } });
    const path = write(`split-${denial}`, await sign([ksk, zsk], denial));
    expect(verify(path, ksk, false)).toEqual([]);
  });

  it.each(['nsec', 'nsec3'] as const)('passes them after a walk of changes: %s', async (denial) => {
    const csk = generateKey();
    let view = await sign([csk], denial);
    const walk = [
      'a.b.c',
      'b.c',
      '*',
      'sub',
      'www',
      'below',
      'very.deep.empty.names.here',
      'zz',
      'ns.deep.sub',
    ];
    for (const [i, owner] of walk.entries()) {
      const name = Name.parse(owner, origin);
      const edit = {
        owner: name,
        rrsets: view.node(name)?.rrsets.length ? [] : [rrsetOf(name, 'TXT', ['"new"'])],
      };
      view = await apply(view, [apexOf([csk], denial, i + 2), edit], [csk], denial);
      const path = write(`walk-${denial}-${i}`, view);
      expect(verify(path, csk, true)).toEqual([]);
    }
  });
});

function rrsetOf(owner: Name, type: string, values: string[]): RRset {
  const code = typeCode(type)!;
  return { owner, type: code, ttl: 3600, rdatas: values.map((value) => rdataFromText(code, value, origin)) };
}

function contentOf(text: string): ContentChange[] {
  const owners = new Map<string, Map<string, string[]>>();
  for (const line of text.trim().split('\n')) {
    const [, owner, type, value] = /^(\S+) (\S+) (.*)$/.exec(line)!;
    const types = owners.get(owner!) ?? new Map<string, string[]>();
    owners.set(owner!, types.set(type!, [...(types.get(type!) ?? []), value!]));
  }
  return [...owners].map(([owner, types]) => {
    const name = Name.parse(owner, origin);
    return { owner: name, rrsets: [...types].map(([type, values]) => rrsetOf(name, type, values)) };
  });
}

function changesOf(list: readonly ResourceRecord[]): ContentChange[] {
  return [...Map.groupBy(list, ({ owner }) => owner.key).values()].map((here) => {
    const sets = [...Map.groupBy(here, ({ type }) => type).values()];
    return {
      owner: here[0]!.owner,
      rrsets: sets.map((set) => ({ ...set[0]!, rdatas: set.map(({ rdata }) => rdata) })),
    };
  });
}

function keyRRsets(keys: SigningKey[], denial: 'nsec' | 'nsec3'): RRset[] {
  const dnskeys = { owner: origin, type: Type.DNSKEY, ttl: 3600, rdatas: keys.map((key) => key.dnskey) };
  const param = { owner: origin, type: Type.NSEC3PARAM, ttl: 0, rdatas: [NSEC3PARAM_RDATA] };
  return denial === 'nsec3' ? [dnskeys, param] : [dnskeys];
}

function apexOf(keys: SigningKey[], denial: 'nsec' | 'nsec3', serial: number): ContentChange {
  const apex = contentOf(records)[0]!;
  const trusted = keys.filter((key) => key.roles.signsKeys);
  const { cds, cdnskey } = cdsFromKeys(origin, trusted);
  const soa = rrsetOf(origin, 'SOA', [`ns1 hostmaster ${serial} 3600 600 1209600 300`]);
  return {
    owner: origin,
    rrsets: [
      soa,
      ...apex.rrsets.filter((set) => set.type !== Type.SOA),
      ...keyRRsets(keys, denial),
      { owner: origin, type: Type.CDS, ttl: 3600, rdatas: cds },
      { owner: origin, type: Type.CDNSKEY, ttl: 3600, rdatas: cdnskey },
    ],
  };
}

function sign(keys: SigningKey[], denial: 'nsec' | 'nsec3'): Promise<MemoryView> {
  return apply(undefined, [apexOf(keys, denial, 1), ...contentOf(records).slice(1)], keys, denial);
}

async function apply(
  view: MemoryView | undefined,
  changes: ContentChange[],
  keys: SigningKey[],
  denial: 'nsec' | 'nsec3',
  digest = true,
): Promise<MemoryView> {
  const options: SignOptions = {
    origin,
    keys,
    policy: { ...defaultSignPolicy, denial },
    now: epochSeconds(systemClock),
    random: systemRandom,
    scope: 'changes',
    digest,
  };
  const result = await signZone(view, changes, options, pool.batch());
  return (view ?? new MemoryView(origin)).apply(result.changes);
}

const rare = new Set(rareRecords().map(({ type }) => type));

/**
 * Rare types as TYPEnnn, in signatures and denials too, and their rdata in hexadecimal: in canonical form, for a reader that does not look
 * into it puts no names there in lower case.
 */
function printGeneric(record: ResourceRecord): string {
  if (rare.has(record.type)) {
    const rdata = printUnknown(canonicalRdata(record.type, record.rdata));
    return `${record.owner.toString()} ${record.ttl} IN TYPE${record.type} ${rdata}`;
  }
  const words = printRecord(record).split(' ');
  return words.map((word) => (rare.has(typeCode(word) ?? 0) ? `TYPE${typeCode(word)!}` : word)).join(' ');
}

function write(name: string, view: MemoryView, print = printRecord): string {
  const all = [...view.nodes(), ...view.nsec3Nodes()].flatMap((node) => node.rrsets);
  const lines = all.flatMap(({ owner, type, ttl, rdatas, signatures }) => [
    ...rdatas.map((rdata): ResourceRecord => ({ owner, type, ttl, rdata })),
    ...signatures.map((rdata): ResourceRecord => ({ owner, type: Type.RRSIG, ttl, rdata })),
  ]);
  // validns wants the SOA first.
  lines.sort((a, b) => Number(b.type === Type.SOA) - Number(a.type === Type.SOA));
  const path = join(directory, name);
  writeFileSync(path, lines.map((record) => `${print(record)}\n`).join(''));
  return path;
}

/** What the verifiers complain about. */
function verify(
  path: string,
  trusted: SigningKey,
  csk: boolean,
  by: readonly string[] = verifiers,
): string[] {
  const ds = dsRdata(dsFromDnskey(origin, trusted.dnskey, 2));
  const anchor = `${path}.ds`;
  writeFileSync(anchor, `${printRecord({ owner: origin, type: Type.DS, ttl: 3600, rdata: ds })}\n`);
  const commands: string[][] = [
    [...ldns, '-k', anchor, path],
    ['dnssec-verify', ...(csk ? ['-z'] : []), '-o', 'example.com', path],
    ['named-checkzone', '-i', 'full', 'example.com', path],
    ['kzonecheck', '-d', 'on', '-o', 'example.com', path],
  ];
  return complaints(commands.filter(([command]) => by.includes(command!)));
}

function complaints(commands: string[][]): string[] {
  const installed = commands.filter(([command]) => reasons.get(command!) === undefined);
  return installed.flatMap(([command, ...args]) => {
    const { status, stdout, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
    return status === 0 ? [] : [`${command!} ${args.join(' ')}\n${stdout}${stderr}`];
  });
}
