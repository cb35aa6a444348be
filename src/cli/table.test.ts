import { describe, expect, it } from 'vitest';
import { fields, table } from './table.ts';
import { relative, withRelative } from './times.ts';
import { beginning, width } from './width.ts';

describe('the width of a text', () => {
  it.each([
    ['example.com', 11],
    ['bücher', 6],
    ['bu\u0308cher', 6],
    ['例え.テスト', 11],
    ['한국.kr', 7],
    ['ｆｕｌｌ', 8],
    ['😀.example', 10],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['a\u200bb', 2],
    ['☎', 1],
    ['', 0],
  ])('%s has %i columns', (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  it('is never more than the room, and no character is cut in two', () => {
    expect(beginning('例え.テスト', 4)).toBe('例え');
    expect(beginning('例え', 3)).toBe('例');
    expect(beginning('👨‍👩‍👧x', 2)).toBe('👨‍👩‍👧');
  });
});

describe('columns', () => {
  it('line up with wide characters', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['例え.テスト', 1],
          ['ab', 2],
        ],
        Infinity,
      ),
    ).toBe('NAME         N\n例え.テスト  1\nab           2');
  });

  it('are cut by the columns that characters take', () => {
    const [, line] = table(['a', 'value'], [['x', '例例例例例例例例']], 14).split('\n');
    expect(line).toBe('x  例例例例例…');
  });

  it('of fields too', () => {
    expect(
      fields([
        ['名', 'x'],
        ['name', 'y'],
      ]),
    ).toBe('名:   x\nname: y');
  });
});

describe('times', () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  it.each([
    ['2026-06-01T12:00:00Z', 'now'],
    ['2026-06-01T11:59:30Z', '30 seconds ago'],
    ['2026-06-01T12:05:00Z', 'in 5 minutes'],
    ['2026-06-01T00:00:00Z', '12 hours ago'],
    ['2026-06-30T12:00:00Z', 'in 29 days'],
    ['2026-05-30T10:00:00Z', '2 days ago'],
    ['2026-09-01T12:00:00Z', 'in 3 months'],
    ['2023-06-01T12:00:00Z', '3 years ago'],
    ['never', 'never'],
  ])('%s is %s', (time, text) => {
    expect(relative(time, now)).toBe(text);
  });

  it('are whole where they may be copied from', () => {
    expect(withRelative('2026-06-30T12:00:00Z', now)).toBe('2026-06-30T12:00:00Z (in 29 days)');
  });
});
