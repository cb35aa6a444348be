import { groupFile, header } from '../file.ts';
import type { RenderedFile } from '../driver.ts';

/** How Postfix asks the directory; sqlite_table(5) puts a quoted `%s` in. */
const queries = {
  domains: `SELECT name FROM domain WHERE name = '%s'`,
  mailboxes: `SELECT address FROM mailbox WHERE address = '%s' AND deliver = 1`,
  routes: `SELECT target FROM route WHERE source = '%s'`,
  // Mail from elsewhere that goes elsewhere: its sender is rewritten before.
  forwards: `SELECT 'srs:[127.0.0.1]:10026' WHERE NOT EXISTS (SELECT 1 FROM domain WHERE name = '%d')`,
  senders: `SELECT login FROM sender WHERE address = '%s'`,
};

export const mapNames = Object.keys(queries);

export function mapFiles(folder: string, directory: string): RenderedFile[] {
  return Object.entries(queries).map(([name, query]) =>
    groupFile(
      `${folder}/${name}.cf`,
      'postfix',
      `${header('none; the directory is what decides')}dbpath = ${directory}\nquery = ${query}\n`,
    ),
  );
}
