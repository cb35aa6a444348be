import { sql } from './drizzle.ts';

/**
 * Writes of rows whose columns differ from call to call: a statement for each set of columns, built and prepared when the first such
 * row comes. `build` is given placeholders in place of the values; what is undefined is left out, as Drizzle does.
 */
export function prepared<Row extends object, Statement>(
  build: (row: Row) => { prepare(): Statement },
): (row: Row) => Statement {
  const statements = new Map<string, Statement>();
  return (row) => {
    const shape = shapeOf(row);
    let statement = statements.get(shape);
    if (!statement) statements.set(shape, (statement = build(placeholdersOf(row)).prepare()));
    return statement;
  };
}

/** NULL is part of the statement: given as a value, a column of JSON would store it as the text `null`. */
function shapeOf(row: object): string {
  let shape = '';
  for (const [column, value] of Object.entries(row))
    if (value !== undefined) shape += value === null ? `${column}=NULL ` : `${column} `;
  return shape;
}

function placeholdersOf<Row extends object>(row: Row): Row {
  const known = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    known.map(([column, value]) => [column, value === null ? null : sql.placeholder(column)]),
  ) as Row;
}
