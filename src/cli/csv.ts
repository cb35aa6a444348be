import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

/** A row of a table: what is in its columns, and where it begins in the file. */
export interface CsvRow {
  line: number;
  /** By the column's name; empty cells are left out. */
  cells: ReadonlyMap<string, string>;
}

/**
 * A table as RFC 4180 has it, with a first line that names the columns. Empty lines are passed over.
 * @param columns names of columns, each with those under which others export it
 * @throws CliError usage
 */
export function readTable(text: string, columns: Readonly<Record<string, readonly string[]>>): CsvRow[] {
  const [first, ...rest] = rowsOf(text.replace(/^\ufeff/, ''));
  if (!first) return [];
  const names = first.values.map((value) => columnOf(value, columns));
  return rest.map(({ line, values }) => {
    if (values.length > names.length)
      throw new CliError(`Line ${line} has more columns than the first line.`, exitCodes.usage);
    const cells = values.map((value, index) => [names[index]!, value.trim()] as const);
    return { line, cells: new Map(cells.filter(([, value]) => value !== '')) };
  });
}

function columnOf(text: string, columns: Readonly<Record<string, readonly string[]>>): string {
  const name = text.trim().toLowerCase();
  const found = Object.entries(columns).find(([column, others]) => column === name || others.includes(name));
  if (found) return found[0];
  throw new CliError(
    `The first line must name the columns (${Object.keys(columns).join(',')}); there is no column "${text.trim()}".`,
    exitCodes.usage,
  );
}

/** A cell and what ends it. What is in quotes may hold commas, line breaks, and quotes that are doubled. */
const CELL = /[^\S\r\n]*(?:"((?:[^"]|"")*)"[^\S\r\n]*|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

function rowsOf(text: string): { line: number; values: string[] }[] {
  const rows: { line: number; values: string[] }[] = [];
  let line = 1;
  let begins = 1;
  let values: string[] = [];
  for (let at = 0; at < text.length || values.length > 0;) {
    CELL.lastIndex = at;
    const cell = CELL.exec(text);
    if (!cell)
      throw new CliError(
        `Line ${line}: a quotation mark is in a cell that has none around it.`,
        exitCodes.usage,
      );
    const [all, quoted, plain, end] = cell;
    values.push(quoted?.replaceAll('""', '"') ?? plain!);
    at += all.length;
    line += all.split(/\r\n|\n|\r/).length - 1;
    if (end === ',') continue;
    if (values.length > 1 || values[0]!.trim() !== '') rows.push({ line: begins, values });
    [begins, values] = [line, []];
  }
  return rows;
}
