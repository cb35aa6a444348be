import { spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { journalArguments, journalTail, keptLines, MOST_LINES, tailOfFile } from './log-tail.ts';

describe('the end of a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-log-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it.each([
    ['the last lines', 'one\ntwo\nthree\n', ['two', 'three']],
    ['a line without an end', 'one\ntwo', ['one', 'two']],
    ['nothing', '', []],
    ['what would move a cursor', 'a\u{1b}[2Jb\tc\r\u{9b}d\n', ['a\u{fffd}[2Jb\tc\u{fffd}\u{fffd}d']],
  ])('is %s', (_what, text, lines) => {
    expect(tailOfFile(file('log', text), 2)).toEqual({ lines });
  });

  it('is 64 KiB at most, of whole lines', () => {
    const line = (n: number): string => `${n} ${'x'.repeat(1000)}`;
    const { lines } = tailOfFile(
      file('long', Array.from({ length: 200 }, (_, n) => `${line(n)}\n`).join('')),
      MOST_LINES,
    )!;
    expect(lines.length).toBe(65);
    expect([lines[0], lines.at(-1)]).toEqual([line(135), line(199)]);
  });

  it('is not there without the file', () => {
    expect(tailOfFile(join(folder, 'nothing'), 1)).toBeUndefined();
  });

  const secret = (): string => file('shadow', 'root:x\n');
  it.each([
    ['a link', (path: string) => symlinkSync(secret(), path)],
    ['a second name of another file', (path: string) => linkSync(secret(), path)],
    ['a pipe', (path: string) => void spawnSync('mkfifo', [path])],
    ['a device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a folder', (path: string) => void spawnSync('mkdir', [path])],
  ])('is not that of %s', (_what, make) => {
    const path = join(folder, 'trap');
    rmSync(path, { recursive: true, force: true });
    make(path);
    expect(tailOfFile(path, 10)).toEqual({
      lines: [],
      problem: `The log at ${path} is not read: it is a link, or no plain file.`,
    });
  });
});

describe('the journal', () => {
  it('is asked for a unit, and nothing else', () => {
    expect(journalArguments('dovecot.service', 7).slice(0, 4)).toEqual([
      '--unit',
      'dovecot.service',
      '--lines',
      '7',
    ]);
  });

  it.each([
    ['nothing', '', []],
    ['entries, the newest last', 'c\nb\na\n', ['a', 'b', 'c']],
    ['an entry of two lines', 'b\n    more of b\na\n', ['a', 'b', '    more of b']],
    ['whole lines of what was cut', 'c\nb\na is c', ['b', 'c']],
  ])('says %s', (_what, output, lines) => {
    expect(journalTail({ status: 0, output }, 10)).toEqual({ lines });
  });

  it('says why it cannot be read', () => {
    expect(journalTail({ status: 127, output: '' }, 10)).toEqual({
      lines: [],
      problem: 'The journal is not read: journalctl ended with 127.',
    });
  });
});

test('what a daemon prints is kept with its time, the last of it', () => {
  const kept = keptLines();
  expect(kept.tail(10)).toEqual({ lines: [] });
  for (let n = 0; n < MOST_LINES + 1; n++) kept.add(`line ${n}`, n);
  expect(kept.tail(1)).toEqual({ lines: [`1970-01-01T00:00:00.500Z line ${MOST_LINES}`] });
  expect(kept.tail(1000).lines[0]).toMatch(/ line 1$/);
  for (let n = 0; n < 10; n++) kept.add('x'.repeat(1_000_000), n);
  expect(kept.tail(MOST_LINES).lines.join('').length).toBeLessThan(70_000);
});
