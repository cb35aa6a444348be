import type { Database } from '../../src/db/database.ts';

/** The rows of a zone that a disk may damage. */
export type DamagedPart = 'key' | 'public key' | 'node' | 'record' | 'owner' | 'version';

/** Statements that leave a row of the zone `@zone` (its id) as a bad disk would. */
const statements: Record<DamagedPart, string> = {
  key: 'UPDATE zone_keys SET private_key = zeroblob(length(private_key)) WHERE zone_id = @zone',
  'public key':
    "UPDATE zone_keys SET dnskey = CAST(substr(dnskey, 1, 20) || x'00000000' || substr(dnskey, 25) AS BLOB) WHERE zone_id = @zone",
  // Within the last signature of the node: it would read, and be bogus.
  node: `UPDATE zone_nodes SET node = CAST(substr(node, 1, length(node) - 16) || x'0000000000000000' || substr(node, -8) AS BLOB)
         WHERE zone_id = @zone AND length(node) > 200`,
  record:
    "UPDATE custom_records SET value = 'x' || char(7) || substr(value, 3) WHERE owner_key >= (SELECT key FROM zones WHERE id = @zone) AND owner_key < (SELECT CAST(substr(key, 1, length(key) - 1) || x'01' AS BLOB) FROM zones WHERE id = @zone)",
  owner:
    "UPDATE custom_records SET owner = '..' || owner WHERE owner_key >= (SELECT key FROM zones WHERE id = @zone) AND owner_key < (SELECT CAST(substr(key, 1, length(key) - 1) || x'01' AS BLOB) FROM zones WHERE id = @zone)",
  version:
    'UPDATE zone_versions SET diff = substr(diff, 1, length(diff) - 5) WHERE zone_id = @zone AND id = (SELECT max(id) FROM zone_versions WHERE zone_id = @zone)',
};

/** Damages rows of a zone behind the back of the box. */
export async function damage(database: Database, zoneId: number, part: DamagedPart): Promise<void> {
  await database.write(({ sqlite }) => {
    const { changes } = sqlite.prepare(statements[part]).run({ zone: zoneId });
    if (changes === 0) throw new Error(`there is no ${part} to damage`);
  });
}
