import type BetterSqlite3 from 'better-sqlite3';

/** Puts mailboxes into a database while no box runs on it, evenly among the domains: `m0@…`, `m1@…` and so on. */
export function insertMailboxes(
  sqlite: BetterSqlite3.Database,
  count: number,
  domains: readonly string[],
): void {
  const insert = sqlite.prepare(
    `INSERT INTO mailboxes (address, domain, display_name, password, quota, enabled, keep_copy, state, created_at)
     VALUES (?, ?, '', '{SHA512-CRYPT}$6$x$y', 0, 1, 1, 'active', '2026-01-01T00:00:00.000Z')`,
  );
  for (let n = 0; n < count; n++) {
    const domain = domains[n % domains.length]!;
    insert.run(`m${n}@${domain}`, domain);
  }
}
