import { type Random, randomInteger } from '../../src/core/random.ts';
import { typeName } from '../../src/dns/rdata/registry.ts';
import { Type } from '../../src/dns/type-codes.ts';
import type { DnsCase } from '../kit/dns-case.ts';
import { zoneRecords } from '../kit/test-zone.ts';

const usual = [
  'A',
  'AAAA',
  'MX',
  'TXT',
  'NS',
  'SOA',
  'DS',
  'DNSKEY',
  'CNAME',
  'DNAME',
  'SRV',
  'HTTPS',
  'TYPE65281',
];
const labels = ['x', 'q', '*', 'a', 'zzz', '0', 'www', 'ns', '\\000', '\\255', '_tcp', 'deep', 'y'];
const left: readonly number[] = [Type.RRSIG, Type.NSEC, Type.NSEC3];

/** Questions about names that are there, near them, above them and below them, without end; names of NSEC3 records are left out (RFC 5155 §7.2.8). */
export function createQuestions(
  random: Random,
  zones: Iterable<string>,
  denial: 'nsec' | 'nsec3',
): () => DnsCase {
  const pick = <T>(list: readonly T[]): T => list[randomInteger(random, list.length)]!;
  const names = new Set<string>();
  const types = new Set(usual);
  for (const text of zones)
    for (const { owner, type } of zoneRecords(text).records) {
      if (!left.includes(type)) types.add(typeName(type));
      if (type !== Type.NSEC3 && (type !== Type.RRSIG || denial === 'nsec')) names.add(owner.toString());
    }
  // At a CNAME of a zone without NSEC, NSD follows the CNAME (RFC 1034 §4.3.2) and Knot does not; we do.
  if (denial === 'nsec') types.add('NSEC');
  const allNames = [...names];
  const allTypes = [...types];
  const name = (): string => {
    const at = pick(allNames);
    switch (randomInteger(random, 8)) {
      case 0:
        return `${pick(labels)}.${at}`;
      case 1:
        return `${pick(labels)}.${pick(labels)}.${at}`;
      case 2: {
        const above = at.slice(at.indexOf('.') + 1);
        return above.split('.').length > 2 ? above : at;
      }
      case 3:
        return `${pick(labels)}.${at.slice(at.indexOf('.') + 1)}`;
      default:
        return at;
    }
  };
  return () => {
    for (;;) {
      const qname = name();
      if (!isServed(qname)) continue;
      return { qname, qtype: pick(allTypes), do: random.float() < 0.7, udpSize: 4096 };
    }
  };
}

function isServed(name: string): boolean {
  return /(^|\.)(parent\.example|other\.example|example\.com)\.$/.test(name);
}
