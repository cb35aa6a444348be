import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfSubtree } from './end-of-subtree.ts';
import { Name } from './name.ts';

const label = fc.uint8Array({ minLength: 1, maxLength: 3 });
const name = fc.array(label, { maxLength: 4 }).map((labels) => Name.fromLabels(labels));

test('comes after all that is below, and before all else', () => {
  fc.assert(
    fc.property(name, name, fc.array(label, { maxLength: 3 }), (one, other, front) => {
      const end = endOfSubtree(one);
      if (!end) return;
      expect(Name.fromLabels([...front, ...one.labels()]).compare(end)).toBeLessThan(0);
      if (other.compare(one) > 0 && !other.isAtOrBelow(one))
        expect(end.compare(other)).toBeLessThanOrEqual(0);
    }),
  );
});

test('is none where the label or the name is full', () => {
  const long = `${'a'.repeat(63)}.`;
  expect(endOfSubtree(Name.parse(long))).toBeUndefined();
  expect(endOfSubtree(Name.parse(`b.${long.repeat(3)}${'c'.repeat(59)}`))).toBeUndefined();
  expect(endOfSubtree(Name.root)).toBeUndefined();
});
