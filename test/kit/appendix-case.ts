import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import type { ResourceRecord } from '../../src/dns/rr.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { rcodeName } from '../../src/dns/wire/codes.ts';
import { askCase } from './dns-case.ts';
import { imageOf, zoneRecords, zoneSet } from './test-zone.ts';

/**
 * A response as an appendix prints it to a query with DO. An RRset is written `owner type`, or `owner type from wildcard`,
 * and stands for all its records of the zone with all RRSIGs over them, to the octet.
 */
export interface AppendixCase {
  /** Section of the appendix, and what it shows. */
  title: string;
  qname: string;
  qtype: string;
  /** NOERROR by default. */
  rcode?: string;
  /** Whether AA is set; it is by default. */
  aa?: boolean;
  answer?: string[];
  authority?: string[];
  additional?: string[];
  /** RRsets that the appendix prints and that we leave out. */
  leftOut?: { rrsets: string[]; why: string };
}

/** The text of a file of `test/vectors`. */
export function vectorText(file: string): string {
  return readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8');
}

/** A table of responses of an appendix, from a zone of `test/vectors` that was signed by its authors. */
export function describeAppendix(title: string, file: string, cases: AppendixCase[]): void {
  const text = vectorText(file);
  const { records } = zoneRecords(text);
  const zones = zoneSet([imageOf(text)]);
  describe(title, () => {
    test.each(cases.map((spec) => [caseTitle(spec), spec] as const))('%s', (_title, spec) => {
      const message = askCase(zones, { qname: spec.qname, qtype: spec.qtype, do: true });
      const leftOut = new Set(spec.leftOut?.rrsets);
      const printed = (rrsets: string[] = []): string[] =>
        rrsets
          .filter((rrset) => !leftOut.has(rrset))
          .flatMap((rrset) => rrsetLines(records, rrset))
          .sort();
      expect({
        rcode: rcodeName(message.rcode),
        aa: message.flags.aa,
        answer: message.answers.map((record) => line(record)).sort(),
        authority: message.authorities.map((record) => line(record)).sort(),
        additional: message.additionals.map((record) => line(record)).sort(),
      }).toEqual({
        rcode: spec.rcode ?? 'NOERROR',
        aa: spec.aa ?? true,
        answer: printed(spec.answer),
        authority: printed(spec.authority),
        additional: printed(spec.additional),
      });
    });
  });
}

function caseTitle({ title, qname, qtype, leftOut }: AppendixCase): string {
  const less = leftOut ? `, without ${leftOut.rrsets.join(', ')}: ${leftOut.why}` : '';
  return `${title}: ${qname} ${qtype}${less}`;
}

function rrsetLines(records: readonly ResourceRecord[], rrset: string): string[] {
  const [owner = '', type, source = owner] = rrset.split(/ (?:from )?/);
  const lines = records
    .filter((record) => record.owner.toString() === source && coveredType(record) === type)
    .map((record) => line(record, owner));
  if (lines.length === 0) throw new Error(`the zone has no RRset ${rrset}`);
  return lines;
}

/** The type of a record; of an RRSIG the one that it covers. */
function coveredType({ type, rdata }: ResourceRecord): string {
  return typeName(type === Type.RRSIG ? (rdata[0]! << 8) | rdata[1]! : type);
}

function line({ owner, ttl, type, rdata }: ResourceRecord, as = owner.toString()): string {
  return `${as} ${ttl} ${typeName(type)} ${printRdata(type, rdata)}`;
}
