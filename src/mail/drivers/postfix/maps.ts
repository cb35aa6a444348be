import { groupFile, header } from '../file.ts';
import type { RenderedFile } from '../driver.ts';

/** The address without its extension, as `recipient_delimiter` has it. */
const address =
  "CASE WHEN instr('%u', '+') > 1 THEN substr('%u', 1, instr('%u', '+') - 1) ELSE '%u' END || '@%d'";
const isHere = `EXISTS (SELECT 1 FROM mailbox WHERE address = ${address} AND deliver = 1)`;

/** An address of a domain that nobody can have (RFC 6761 §6.4): a look-up without a domain would not ask what wants one. */
export const nobody = { address: 'nobody@nobody.invalid', answer: 'srs:[127.0.0.1]:10026' };

/** How Postfix asks the directory; sqlite_table(5) puts a quoted `%s` in. */
const queries = {
  domains: `SELECT name FROM domain WHERE name = '%s'`,
  // What is not here may be at the other host of a domain that has one.
  mailboxes:
    `SELECT address FROM mailbox WHERE address = '%s' AND deliver = 1` +
    ` UNION ALL SELECT '%s' FROM next_hop WHERE domain = '%d' LIMIT 1`,
  transports: `SELECT 'smtp:[' || host || ']:' || port FROM next_hop WHERE domain = '%d' AND NOT ${isHere}`,
  elsewhere:
    `SELECT 'reject_unverified_recipient' FROM next_hop WHERE domain = '%d' AND NOT ${isHere}` +
    ` AND NOT EXISTS (SELECT 1 FROM route WHERE source = ${address})`,
  routes: `SELECT target FROM route WHERE source = '%s'`,
  // Mail from elsewhere that goes elsewhere: its sender is rewritten before.
  forwards: `SELECT '${nobody.answer}' WHERE NOT EXISTS (SELECT 1 FROM domain WHERE name = '%d')`,
  senders: `SELECT login FROM sender WHERE address = '%s'`,
};

/** All maps as one, and what looks at headers, which answers what any of them does. */
export const allMaps = (folder: string): string =>
  `unionmap:{${[...Object.keys(queries).map((name) => `sqlite:${folder}/${name}.cf`), `pcre:${folder}/privacy.pcre`].join(', ')}}`;

export function mapFiles(folder: string, directory: string): RenderedFile[] {
  return Object.entries(queries).map(([name, query]) =>
    groupFile(
      `${folder}/${name}.cf`,
      'postfix',
      `${header('none; the directory is what decides')}dbpath = ${directory}\nquery = ${query}\n`,
    ),
  );
}
