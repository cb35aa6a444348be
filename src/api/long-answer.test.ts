import { expect, it } from 'vitest';
import { atOnce } from '../core/slices.ts';
import { jsonOctets } from './long-answer.ts';

const text = (value: Record<string, unknown>): string => Buffer.concat(atOnce(jsonOctets(value))).toString();

it.each([
  [{}],
  [{ a: undefined }],
  [{ zone: 'exämple', none: [], serial: null, left: undefined, one: [1], nested: { list: [[], {}] } }],
  [
    {
      items: Array.from({ length: 1234 }, (_, i) => ({ value: `"${i}" ü`, ttl: i % 3 ? i : null })),
      from: 1,
    },
  ],
])('writes what JSON.stringify does', (value) => {
  expect(text(value)).toBe(JSON.stringify(value));
});

it('writes a long list in many steps', () => {
  const items = Array.from({ length: 20_000 }, (_, i) => `record ${i}`);
  let steps = 0;
  for (const writing = jsonOctets({ items }); !writing.next().done;) steps++;
  expect(steps).toBeGreaterThanOrEqual(200);
});
