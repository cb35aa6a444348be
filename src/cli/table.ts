import { colouredState } from './colour.ts';
import { beginning, width } from './width.ts';

/** Columns of the terminal; in a pipe or file nothing is ever cut. */
function terminalColumns(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}

/** The least that is left of a value. */
const LEAST = 10;
const CUT_NOTE = '(… is cut to the width of the terminal; --json, a pipe or a file gets everything.)';

/**
 * Rows under headings, as wide as they need to be; the last column is never padded. On a terminal that is too narrow it is cut, as
 * a DKIM key over ten lines would hide the other records.
 */
export function table(
  headings: string[],
  rows: (string | number)[][],
  columns: number = terminalColumns(),
): string {
  const all = [headings.map((heading) => heading.toUpperCase()), ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const room = Math.max(LEAST, columns - before);
  const lines = all.map((row) =>
    row
      .map((cell, i) => {
        if (i === row.length - 1) return cut(cell, room);
        const shown = row !== all[0] && isState(headings[i]!) ? colouredState(cell) : cell;
        return shown + pad(widths[i]! - width(cell));
      })
      .join('  ')
      .trimEnd(),
  );
  if (widths.at(-1)! > room) lines.push('', CUT_NOTE);
  return lines.join('\n');
}

/** `name: value` lines with aligned values; lists go one below the other. Values are whole: they are there to be copied. */
export function fields(entries: [string, string | number | string[] | undefined][]): string {
  const given = entries.filter(([, value]) => value !== undefined);
  const label = Math.max(...given.map(([name]) => width(name))) + 2;
  return given
    .map(([name, value]) => {
      const plain = Array.isArray(value) ? value.map(printable) : [printable(value!)];
      const lines = isState(name) ? plain.map(colouredState) : plain;
      return `${name}:${pad(label - width(name) - 1)}${(lines.length === 0 ? ['–'] : lines).join(`\n${pad(label)}`)}`;
    })
    .join('\n');
}

/** Whether what stands under this heading is a word for how something is. */
function isState(heading: string): boolean {
  return heading === 'state' || heading === 'ready';
}

/** Control characters would let a name of a token, say, write anywhere on the terminal. */
export function printable(value: string | number): string {
  return String(value).replace(/\p{Cc}/gu, '\ufffd');
}

function cut(text: string, room: number): string {
  return width(text) <= room ? text : `${beginning(text, room - 1)}…`;
}

function pad(count: number): string {
  return ' '.repeat(Math.max(0, count));
}
