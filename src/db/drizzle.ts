import { createRequire } from 'node:module';

/*
 * Drizzle in its CommonJS form. For each of its ECMAScript modules Node parses the 180 kB of drizzle's package.json once more (to know
 * what `.js` means there), which is half of the time that a start takes; of a `.cjs` file it knows.
 */
const require = createRequire(import.meta.url);

export const {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  like,
  lt,
  lte,
  min,
  ne,
  notExists,
  sql,
} = require('drizzle-orm') as typeof import('drizzle-orm');

// eslint-disable-next-line @typescript-eslint/no-deprecated -- only one of the signatures of primaryKey is
export const { blob, index, integer, primaryKey, real, sqliteTable, text, unique } =
  require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');

export const { drizzle } =
  require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3');

export const { migrate } =
  require('drizzle-orm/better-sqlite3/migrator') as typeof import('drizzle-orm/better-sqlite3/migrator');

export const { readMigrationFiles } =
  require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator');

export type { SQL } from 'drizzle-orm';
export type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
