import fc from 'fast-check';
import { expect, test } from 'vitest';
import { questionOf, respond } from '../../../test/kit/dns-case.ts';
import { signedImage, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage } from '../message/message.ts';
import { fromWire } from '../rdata/registry.ts';
import { soa } from '../rdata/soa.ts';
import { Name } from '../wire/name.ts';

/** Few labels, so that names end alike; octets of some are labels of others, with their lengths. */
const label = fc.constantFrom(
  'a',
  'b',
  'net',
  'NET',
  'x\\003net',
  '\\001a',
  'long-label-of-some-octets',
  '\\001a\\001b',
);
const path = (most: number) => fc.array(label, { maxLength: most }).map((labels) => labels.join('.'));
const nameBelow = (apex: string, labels: string): string => `${[labels, apex].filter(Boolean).join('.')}.`;

/** The names of the SOA that denies a name below the apex. */
async function deniedBy(apex: string, mname: string, rname: string): Promise<string[]> {
  const zone = `$ORIGIN ${apex}.\n@ 60 SOA ${mname} ${rname} 1 2 3 4 5\n@ 60 NS ns.example.\n`;
  const question = questionOf({ qname: `nope.${apex.toUpperCase()}.`, qtype: 'A' });
  const response = respond(zoneSet([await signedImage(zone, 'unsigned')]), question);
  const found = fromWire(soa, decodeMessage(response!).authorities[0]!.rdata);
  return [found.mname.key, found.rname.key];
}
const keys = (...names: string[]): string[] => names.map((name) => Name.parse(name).key);

test('RFC 1035 §4.1.4: the names of the SOA in a denial are read as they were written, whatever they share with each other and the question', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
      path(3),
      path(3),
      fc.boolean(),
      fc.boolean(),
      async (apex, primary, mailbox, below, alike) => {
        const mname = nameBelow(below ? apex : '', `p${primary && `.${primary}`}`);
        const rname = nameBelow(alike ? mname.slice(0, -1) : '', `m${mailbox && `.${mailbox}`}`);
        expect(await deniedBy(apex, mname, rname)).toEqual(keys(mname, rname));
      },
    ),
    { numRuns: 300 },
  );
});

test('RFC 1035 §4.1.4: no pointer leads into a label', async () => {
  // Both end with the same octets, of which the first name has some as a pointer, inside of what is a label of the second.
  const names = ['q\\007abc.net.', 'm.abc\\003net.'] as const;
  expect(await deniedBy('net', ...names)).toEqual(keys(...names));
});

test('RFC 1035 §4.1.4: what they share is pointed to', async () => {
  const length = async (mname: string, rname: string): Promise<number> => {
    const zone = `$ORIGIN example.com.\n@ 60 SOA ${mname} ${rname} 1 2 3 4 5\n@ 60 NS ns.example.\n`;
    const zones = zoneSet([await signedImage(zone, 'unsigned')]);
    return respond(zones, questionOf({ qname: 'nope.example.com.', qtype: 'A' }))!.length;
  };
  const apart = await length('ns.one.net.', 'me.two.org.');
  // The octets of a name but for its first label, and two of a pointer in their place.
  expect(await length('ns.one.net.', 'me.one.net.')).toBe(apart - 9 + 2);
  expect(await length('ns.example.com.', 'me.two.org.')).toBe(apart - 9 + 2);
  expect(await length('ns.example.com.', 'me.example.com.')).toBe(apart - 18 + 4);
  expect(await length('ns.one.net.', 'me.example.com.')).toBe(apart - 9 + 2);
  expect(await length('ns.a.com.', 'me.a.com.')).toBe(apart - 18 + 2 + 2 + 2);
});
