import { expect, it } from 'vitest';
import { atOnce } from '../../src/core/slices.ts';
import type { ContentChange } from '../../src/dns/dnssec/draft.ts';
import { sameContent } from '../../src/dns/dnssec/rrset-signer.ts';
import { rdataFromText } from '../../src/dns/rdata/registry.ts';
import type { RRset } from '../../src/dns/rr.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { compose } from '../../src/zones/compose.ts';
import { growingContext, type GrowingContext } from '../../src/zones/custom/growing-context.ts';
import { hostedDomains } from '../../src/zones/custom/hosted-domains.ts';
import { lossProblem, type RecordRequest, validateRecord } from '../../src/zones/custom/validate.ts';
import { planImport } from '../../src/zones/import/plan.ts';
import type { CustomRecord } from '../../src/zones/model.ts';
import { contentOf, realChanges } from '../../src/zones/publisher/content.ts';
import { MemoryView } from '../kit/memory-view.ts';
import { box, custom, domain, n, zoneInput } from './input.ts';

/*
 * Thirty times the records take about thirty times as long, never nine hundred times: nobody can hold the box up with a request that is
 * merely large.
 */
const FEW = 90;
const MANY = 30 * FEW;
/** Far from 30, as other work on the machine makes the longer time longer still, and far from 900. */
const GROWTH = 200;

/** Milliseconds, the least of some tries: a busy machine makes the others longer. */
function time(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}

const owner = n('many.example.com');
const text = (i: number): string => `"${i}"`;
const texts = (count: number): CustomRecord[] =>
  Array.from({ length: count }, (_, i) => custom('many.example.com', 'TXT', text(i)));
const requests = (count: number, type: string, value: (i: number) => string): RecordRequest[] =>
  Array.from({ length: count }, (_, i) => ({ owner: 'many.example.com', type, value: value(i) }));

function emptyContext(domains = 0): GrowingContext {
  const none = (): [] => [];
  const names = Array.from({ length: domains }, (_, i) => domain(`d${i}.example.com`));
  const place = { zone: n('example.com'), box, domains: hostedDomains(names) };
  return growingContext({ ...place, customAt: none, customBelow: none, pointingAt: none, derivedAt: none });
}

function takeAll(context: GrowingContext, records: readonly RecordRequest[]): void {
  for (const [i, request] of records.entries()) {
    const result = validateRecord(request, context);
    if (!result.ok) throw new Error(result.problems[0]!.message);
    context.take({ ...result.record, id: String(i) });
  }
}

function rrset(count: number, order: 1 | -1): RRset {
  const rdatas = Array.from({ length: count }, (_, i) => rdataFromText(Type.TXT, text(i)));
  return { owner, type: Type.TXT, ttl: 300, rdatas: order === 1 ? rdatas : rdatas.reverse() };
}

function viewOf(changes: Iterable<ContentChange>): MemoryView {
  const nodes = [...changes].map(({ owner: name, rrsets }) => ({
    kind: 'name' as const,
    owner: name,
    node: { owner: name, rrsets: rrsets.map((one) => ({ ...one, signatures: [] })) },
  }));
  return new MemoryView(n('example.com')).apply(nodes);
}

const work: [what: string, prepare: (count: number) => () => void][] = [
  [
    'TXT records at one name are checked',
    (count) => {
      const list = requests(count, 'TXT', text);
      return () => takeAll(emptyContext(), list);
    },
  ],
  [
    'MX records are checked, all leading to one host',
    (count) => {
      const hosts: RecordRequest = { owner: 'host.example.com', type: 'A', value: '203.0.113.1' };
      const list = Array.from({ length: count }, (_, i) => ({
        owner: `m${i}.example.com`,
        type: 'MX',
        value: '10 host.example.com.',
      }));
      return () => takeAll(emptyContext(), [hosts, ...list]);
    },
  ],
  [
    'CNAME records are checked, among as many domains',
    (count) => {
      const list = Array.from({ length: count }, (_, i) => ({
        owner: `c${i}.example.com`,
        type: 'CNAME',
        value: 'example.net.',
      }));
      return () => takeAll(emptyContext(count), list);
    },
  ],
  [
    'names that records lead to are asked for',
    (count) => {
      const context = emptyContext();
      const names = Array.from({ length: count }, (_, i) => n(`h${i}.example.net`));
      const list = names.map((name) => ({ owner: `x.${name.toText().replace('.net', '.com')}`, name }));
      takeAll(
        context,
        list.map(({ owner: from, name }) => ({ owner: from, type: 'MX', value: `1 ${name.toString()}` })),
      );
      return () => {
        for (const name of names) expect(lossProblem(name, context)).toBeDefined();
      };
    },
  ],
  [
    'a zone with very many records at one name is composed',
    (count) => {
      const input = zoneInput({ custom: texts(count) });
      return () => void compose(input);
    },
  ],
  [
    'a zone with as many aliases as domains is composed',
    (count) => {
      const domains = Array.from({ length: count }, (_, i) => domain(`d${i}.example.com`, { mail: false }));
      const aliases = domains.map(({ name }) => custom(`x.${name.toText()}`, 'CNAME', 'example.net.'));
      const input = zoneInput({ domains, custom: aliases, dkimKeys: [] });
      return () => void compose(input);
    },
  ],
  [
    'an RRset is compared with the served one in another order',
    (count) => {
      const [one, other] = [rrset(count, 1), rrset(count, -1)];
      const view = viewOf([{ owner, rrsets: [one] }]);
      const records = other.rdatas.map((rdata) => ({ owner, type: Type.TXT, ttl: 300, rdata }));
      return () => {
        const content = [...atOnce(contentOf(records)).values()];
        expect(atOnce(realChanges(view, content))).toEqual([]);
        expect(sameContent(one, other)).toBe(true);
      };
    },
  ],
  [
    'an import replaces as many records at one name',
    (count) => {
      const input = zoneInput({ custom: texts(count) });
      const records = rrset(count, -1).rdatas.map((rdata, i) => ({
        ...{ owner, type: Type.TXT, ttl: 300 + (i % 2), rdata, line: i },
      }));
      return () => void atOnce(planImport(n('example.com'), records, input));
    },
  ],
];

it.each(work)('%s in time proportional to their number', (_what, prepare) => {
  const few = time(prepare(FEW));
  const many = time(prepare(MANY));
  expect(many / few).toBeLessThan(GROWTH);
});
