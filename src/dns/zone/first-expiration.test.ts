import { expect, test } from 'vitest';
import { imageOf, signedImage, type TestDenial } from '../../../test/kit/test-zone.ts';
import { firstExpiration, knownFirstExpiration } from './first-expiration.ts';
import { readerOf } from './image-reader.ts';
import { imageView } from './image-view.ts';

const now = Date.UTC(2026, 0, 1) / 1000;
const text = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 900
@ NS ns1
ns1 A 192.0.2.1
a.b.c TXT "below names without records"
`;

test.each<TestDenial>(['nsec', 'nsec3'])('the first of all signatures, with %s', async (denial) => {
  const image = await signedImage(text, denial);
  const view = imageView(image);
  const expirations = [...view.nodes(), ...view.nsec3Nodes()].flatMap(({ rrsets }) =>
    rrsets.flatMap(({ signatures }) =>
      signatures.map((rdata) => Buffer.from(rdata.buffer, rdata.byteOffset).readUInt32BE(8)),
    ),
  );
  expect(expirations.length).toBeGreaterThanOrEqual(8);
  expect(firstExpiration(image, now)).toBe(Math.min(...expirations));
});

test('none in a zone that is not signed', async () => {
  expect(firstExpiration(await signedImage(text, 'unsigned'), now)).toBeUndefined();
});

test('a damaged version costs no more than a good one', async () => {
  const image = await signedImage(text, 'nsec');
  const { data, apex } = readerOf(image);
  // Lengths and counts of everything behind the first words of the first node.
  data.fill(0xff, apex + 8, data.length);
  expect(() => firstExpiration(image, now)).not.toThrow();
});

test('in the right century: times are serial numbers (RFC 4034 §3.1.5)', () => {
  const signature = (expiration: number): string =>
    `@ RRSIG SOA 13 2 3600 ${expiration} 1 12345 example.com. AAAA\n`;
  const epoch = 2 ** 32;
  const after = imageOf(text + signature(100));
  expect(firstExpiration(after, epoch - 50)).toBe(epoch + 100);
  expect(firstExpiration(after, epoch + 150)).toBe(epoch + 100);
  expect(firstExpiration(imageOf(text + signature(epoch - 60)), epoch - 50)).toBe(epoch - 60);
});

test('is looked for once', async () => {
  const image = await signedImage(text, 'nsec');
  const first = firstExpiration(image, now);
  expect(knownFirstExpiration(image, now)).toEqual({ at: first, isNew: true });
  expect(knownFirstExpiration(image, now + 1000)).toEqual({ at: first, isNew: false });
  const unsigned = await signedImage(text, 'unsigned');
  expect(knownFirstExpiration(unsigned, now)).toEqual({ at: undefined, isNew: true });
  expect(knownFirstExpiration(unsigned, now)).toEqual({ at: undefined, isNew: false });
});
