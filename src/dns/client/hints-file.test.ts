import { describe, expect, it } from 'vitest';
import { parseHints } from './hints-file.ts';

describe('root hints of a file', () => {
  it('are the servers of the root with their addresses', () => {
    const text =
      '. 3600 NS a.root.test.\na.root.test. 3600 A 192.0.2.1\na.root.test. 3600 AAAA 2001:db8::1\n';
    const result = parseHints(text);
    expect(result.ok && result.roots.map(({ name, addresses }) => [name.toText(), addresses])).toEqual([
      ['a.root.test', ['192.0.2.1', '2001:db8::1']],
    ]);
  });

  it.each([
    ['a.root.test. A 192.0.2.1', /names no server/],
    ['. NS a.root.test.\na.root.test. A 192.0.2', /line 2/],
  ])('%j is refused with the reason', (text, message) => {
    expect(parseHints(text)).toEqual({ ok: false, message: expect.stringMatching(message) as string });
  });
});
