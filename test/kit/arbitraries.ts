import fc from 'fast-check';
import { Name } from '../../src/dns/wire/name.ts';

/** Octets of at least `min` and at most `max`. */
export const octets = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: min, maxLength: max });

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffffffff });

/** A label: mostly letters, so that cases collide, and sometimes any octets. */
export const label: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .array(fc.constantFrom(0x41, 0x61, 0x62, 0x2d, 0x31), { minLength: 1, maxLength: 4 })
    .map((codes) => Uint8Array.from(codes)),
  octets(1, 63),
);

/** Any name of at most 255 octets. */
export const anyName: fc.Arbitrary<Name> = fc.array(label, { maxLength: 8 }).map((labels) => {
  while (labels.reduce((sum, { length }) => sum + length + 1, 1) > 255) labels.pop();
  return Name.fromLabels(labels);
});
