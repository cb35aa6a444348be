import { expect, test } from 'vitest';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from './parse.ts';
import { printZoneFile } from './print.ts';

test('RFC 4027 §3: octets that are no ASCII are written as \\DDD, which every transport leaves alone', () => {
  const octets = Uint8Array.from({ length: 255 }, (_, index) => index + 1);
  const owner = Name.fromLabels([octets.subarray(190, 250), ...Name.parse('example.com').labels()]);
  const zone = [{ owner, ttl: 300, type: Type.TXT, rdata: Uint8Array.of(255, ...octets) }];
  const text = printZoneFile(zone, { origin: Name.parse('example.com') });
  expect(text).toMatch(/^[\n -~]+$/);
  const read = parseZoneFile(text);
  expect(read.ok && read.records.map(({ rdata }) => Buffer.from(rdata))).toEqual([
    Buffer.from(zone[0]!.rdata),
  ]);
});
