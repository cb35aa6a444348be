import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { drizzle, integer, sqliteTable, text } from './drizzle.ts';
import { prepared } from './prepared.ts';

const things = sqliteTable('things', {
  id: integer().primaryKey(),
  name: text().notNull().default('nobody'),
  seen: integer({ mode: 'boolean' }),
  detail: text({ mode: 'json' }).$type<{ of: number }>(),
});

function open() {
  const sqlite = new BetterSqlite3(':memory:');
  sqlite.exec(
    "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT DEFAULT 'nobody', seen INTEGER, detail TEXT)",
  );
  const orm = drizzle(sqlite);
  const put = prepared((row: typeof things.$inferInsert) =>
    orm.insert(things).values(row).onConflictDoUpdate({ target: things.id, set: row }).returning(),
  );
  return { sqlite, put: (row: typeof things.$inferInsert) => put(row).get(row), statement: put };
}

test('values go through the columns, and NULL stays NULL', () => {
  const { sqlite, put } = open();
  put({ id: 1, name: 'a', seen: true, detail: { of: 1 } });
  put({ id: 2, name: 'b', seen: null, detail: null });
  expect(sqlite.prepare('SELECT * FROM things ORDER BY id').all()).toEqual([
    { id: 1, name: 'a', seen: 1, detail: '{"of":1}' },
    { id: 2, name: 'b', seen: null, detail: null },
  ]);
});

test('what is undefined is left out: a new row has the default, an old one keeps what it has', () => {
  const { put } = open();
  expect(put({ id: 1, detail: { of: 1 } })).toMatchObject({ name: 'nobody' });
  expect(put({ id: 1, name: 'a', detail: undefined })).toEqual({
    id: 1,
    name: 'a',
    seen: null,
    detail: { of: 1 },
  });
});

test('rows of the same columns share a statement, others do not', () => {
  const { statement } = open();
  const first = statement({ id: 1, name: 'a' });
  expect(statement({ id: 2, name: 'b', seen: undefined })).toBe(first);
  expect(statement({ id: 2, name: 'b', seen: null })).not.toBe(first);
  expect(statement({ id: 2, name: 'b', seen: true })).not.toBe(statement({ id: 2, name: 'b', seen: null }));
});
