import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Ran } from '../drivers/driver.ts';

/** Lines of an answer, and octets of what they are read from. */
export const MOST_LINES = 500;
const MOST_OCTETS = 64 * 1024;

/** The last lines of a server's log, the newest last. */
export interface LogTail {
  lines: string[];
  /** Why there are none: a public sentence. */
  problem?: string;
}

/** What strangers bring to be logged: nothing of it moves the cursor of a terminal. */
const shown = (line: string): string => line.replaceAll(/[^\P{Cc}\t]/gu, '\u{fffd}');

const lastOf = (lines: readonly string[], count: number): string[] => lines.slice(-count).map(shown);

/**
 * The end of a file, which may lie in a folder that the daemon's user owns: a link to another file is not followed, and a pipe is not waited
 * for. Undefined: there is no such file.
 */
export function tailOfFile(path: string, count: number): LogTail | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return notRead(path);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.nlink > 1) return notRead(path);
    const octets = Buffer.alloc(Math.min(stat.size, MOST_OCTETS));
    const read = readSync(file, octets, 0, octets.length, stat.size - octets.length);
    const lines = octets.toString('utf8', 0, read).split('\n');
    // Of the first one a part may be missing, and what is written just now has no end yet.
    if (stat.size > MOST_OCTETS) lines.shift();
    if (lines.at(-1) === '') lines.pop();
    return { lines: lastOf(lines, count) };
  } finally {
    closeSync(file);
  }
}

const notRead = (path: string): LogTail => ({
  lines: [],
  problem: `The log at ${path} is not read: it is a link, or no plain file.`,
});

/** For `journalctl`: the newest first, as of more output than is kept the beginning is. */
export const journalArguments = (unit: string, count: number): string[] => [
  ...['--unit', unit, '--lines', String(count), '--reverse'],
  ...['--output', 'short-iso', '--no-pager', '--quiet'],
];

/** What journalctl printed, the newest last. Lines after the first of an entry begin with a space, and stay below it. */
export function journalTail({ status, output }: Ran, count: number): LogTail {
  if (status !== 0) {
    const why = output.trim().split('\n')[0] ?? '';
    return { lines: [], problem: `The journal is not read: ${why || `journalctl ended with ${status}`}.` };
  }
  const whole = output.slice(0, output.lastIndexOf('\n'));
  const entries = whole === '' ? [] : whole.split(/\n(?! )/);
  return {
    lines: lastOf(
      entries.reverse().flatMap((entry) => entry.split('\n')),
      count,
    ),
  };
}

/** What a daemon printed last, in memory, with when it did. */
export function keptLines(): { add(line: string, at: number): void; tail(count: number): LogTail } {
  const kept: string[] = [];
  let octets = 0;
  return {
    add(line, at) {
      const text = `${toRfc3339(at)} ${line.slice(0, MOST_OCTETS / 4)}`;
      kept.push(text);
      octets += text.length;
      while (kept.length > MOST_LINES || octets > MOST_OCTETS) octets -= kept.shift()!.length;
    },
    tail: (count) => ({ lines: lastOf(kept, count) }),
  };
}
