/** A line of a table. */
export interface TableRow<Column extends string> {
  /** Where it is in the text. */
  line: number;
  /** What is in a column; empty where nothing is. */
  of: (column: Column) => string;
}

/**
 * The rows of a table that somebody pasted (RFC 4180; semicolons and tabs separate as well), with or without a line that names the columns. `columns` are
 * in the order of a table that does not name them, with what other programs call them; the first is in every table that does.
 */
export function tableOf<Column extends string>(
  text: string,
  columns: Record<Column, readonly string[]>,
): TableRow<Column>[] {
  const inOrder = Object.keys(columns) as Column[];
  const columnOf = (head: string): Column | undefined => {
    const name = head.trim().toLowerCase();
    return inOrder.find((column) => column === name || columns[column].includes(name));
  };
  const rows = rowsOf(text.replace(/^\ufeff/, ''));
  const head = rows[0]?.cells.map(columnOf) ?? [];
  const isNamed = head.includes(inOrder[0]);
  const order: readonly (Column | undefined)[] = isNamed ? head : inOrder;
  return rows.slice(isNamed ? 1 : 0).map(({ line, cells }) => {
    const found = new Map(order.map((column, index) => [column, cells[index]?.trim() ?? '']));
    return { line, of: (column) => found.get(column) ?? '' };
  });
}

/** Cells by lines; what is in quotes may hold what separates, line breaks, and quotes that are doubled. */
function rowsOf(text: string): { line: number; cells: string[] }[] {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const count = (mark: string): number => first.split(mark).length;
  const mark = [',', ';', '\t'].reduce((most, other) => (count(other) > count(most) ? other : most));
  const cell = new RegExp(
    `[^\\S\\r\\n\\t]*(?:"((?:[^"]|"")*)"[^\\S\\r\\n\\t]*|([^${mark}\\r\\n]*))(${mark}|\\r?\\n|\\r|$)`,
    'y',
  );
  const rows: { line: number; cells: string[] }[] = [];
  let row = { line: 1, cells: [] as string[] };
  let line = 1;
  for (let at = 0; at < text.length || row.cells.length > 0;) {
    cell.lastIndex = at;
    const [all, quoted, plain, end] = cell.exec(text) ?? [text.slice(at), undefined, text.slice(at), ''];
    row.cells.push(quoted?.replaceAll('""', '"') ?? plain);
    at += all.length;
    line += all.split(/\r\n|\n|\r/).length - 1;
    if (end === mark) continue;
    if (row.cells.some((value) => value.trim() !== '')) rows.push(row);
    row = { line, cells: [] };
  }
  return rows;
}
