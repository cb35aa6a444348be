import { constants, setPriority } from 'node:os';
import BetterSqlite3 from 'better-sqlite3';
import { faultsOf } from './damage.ts';

/** Checks the database that its argument names, and prints what is wrong with it, one fault a line; nothing when it is whole. */
setPriority(constants.priority.PRIORITY_LOW);
const sqlite = new BetterSqlite3(process.argv[2], { readonly: true, timeout: 5000 });
for (const fault of faultsOf(sqlite)) process.stdout.write(`${fault}\n`);
