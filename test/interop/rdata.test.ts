import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRdata, rdataFromText, rdataType, toWire } from '../../src/dns/rdata/registry.ts';
import type { RdataType } from '../../src/dns/rdata/rdata-type.ts';
import { isMetaType, typeCode } from '../../src/dns/type-codes.ts';
import { rdataArbitraries } from '../kit/rdata-arbitraries.ts';
import { missing } from '../kit/requires.ts';

const SAMPLES = 8;
const skip = missing({ commands: ['named-rrchecker'] });
const types = Object.entries(rdataArbitraries).filter(([name]) => !isMetaType(typeCode(name)!));

/** What BIND makes of a text: `-u` prints it in the generic form, `-p` in the type's own. */
function byBind(form: '-u' | '-p', type: string, text: string): string {
  const printed = execFileSync('named-rrchecker', [form], {
    input: `IN ${type} ${text}\n`,
    encoding: 'utf8',
  });
  // Class and type come before the rdata, in long texts with line breaks after them.
  return printed.replace(/^\S+\s+\S+/, '').trim();
}

/** The wire form that BIND makes of a text, in lower-case hexadecimal. */
function wireByBind(type: string, text: string): string {
  const printed = byBind('-u', type, text);
  return (/\\# \d+([^]*)/.exec(printed)?.[1] ?? '').replace(/[()\s]/g, '').toLowerCase();
}

function toHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

test.skipIf(skip)(`every type that BIND has a name for is here ${skip ?? ''}`, () => {
  const names = execFileSync('named-rrchecker', ['-T'], { encoding: 'utf8' }).trim().split('\n');
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !rdataType(typeCode(name) ?? 0))).toEqual([]);
});

test.skipIf(skip).each(types)(`BIND reads our %s ${skip ?? ''}`, { timeout: 180_000 }, (name, values) => {
  const code = typeCode(name)!;
  const entry: RdataType<unknown> = rdataType(code)!;
  for (const value of fc.sample(values, { seed: 9460, numRuns: SAMPLES })) {
    const rdata = toWire(entry, value);
    const text = printRdata(code, rdata);
    expect({ text, wire: wireByBind(name, text) }).toEqual({ text, wire: toHex(rdata) });
  }
});

test.skipIf(skip).each(types)(`we read BIND's %s ${skip ?? ''}`, { timeout: 180_000 }, (name, values) => {
  const code = typeCode(name)!;
  const entry: RdataType<unknown> = rdataType(code)!;
  for (const value of fc.sample(values, { seed: 9460, numRuns: SAMPLES })) {
    const rdata = toWire(entry, value);
    const text = byBind('-p', name, `\\# ${rdata.length} ${toHex(rdata)}`);
    expect({ text, wire: toHex(rdataFromText(code, text)) }).toEqual({ text, wire: toHex(rdata) });
  }
});
