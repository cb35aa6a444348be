/** Rows under headings, as wide as they need to be; the last column is never padded. */
export function table(headings: string[], rows: (string | number)[][]): string {
  const all = [headings.map((heading) => heading.toUpperCase()), ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  return all
    .map((row) =>
      row.map((cell, i) => (i === row.length - 1 ? cell : cell + pad(widths[i]! - width(cell)))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `name: value` lines with aligned values; lists go one below the other. */
export function fields(entries: [string, string | number | string[] | undefined][]): string {
  const shown = entries.filter(([, value]) => value !== undefined);
  const label = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown
    .map(([name, value]) => {
      const lines = Array.isArray(value) ? value : [String(value)];
      return `${`${name}:`.padEnd(label)}${(lines.length === 0 ? ['–'] : lines).join(`\n${pad(label)}`)}`;
    })
    .join('\n');
}

function pad(count: number): string {
  return ' '.repeat(Math.max(0, count));
}

function width(text: string): number {
  return Array.from(text).length;
}
