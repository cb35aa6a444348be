import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRdata, rdataType, toWire } from '../../src/dns/rdata/registry.ts';
import type { RdataType } from '../../src/dns/rdata/rdata-type.ts';
import { isMetaType, typeCode } from '../../src/dns/type-codes.ts';
import { rdataArbitraries } from '../kit/rdata-arbitraries.ts';
import { missing } from '../kit/requires.ts';

const SAMPLES = 8;
const skip = missing({ commands: ['named-rrchecker'] });
const types = Object.entries(rdataArbitraries).filter(([name]) => !isMetaType(typeCode(name)!));

/** The wire form that BIND makes of a text, in lower-case hexadecimal. */
function wireByBind(type: string, text: string): string {
  const printed = execFileSync('named-rrchecker', ['-u'], {
    input: `IN ${type} ${text}\n`,
    encoding: 'utf8',
  });
  return (/\\# \d+([^]*)/.exec(printed)?.[1] ?? '').replace(/[()\s]/g, '').toLowerCase();
}

test.skipIf(skip).each(types)(`BIND reads our %s ${skip ?? ''}`, { timeout: 60_000 }, (name, values) => {
  const code = typeCode(name)!;
  const entry: RdataType<unknown> = rdataType(code)!;
  for (const value of fc.sample(values, { seed: 9460, numRuns: SAMPLES })) {
    const rdata = toWire(entry, value);
    const text = printRdata(code, rdata);
    expect({ text, wire: wireByBind(name, text) }).toEqual({
      text,
      wire: Buffer.from(rdata).toString('hex'),
    });
  }
});
