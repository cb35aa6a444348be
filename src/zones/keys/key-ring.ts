import type { Sealer } from '../../core/seal.ts';
import { exportPrivateKey, generateKey, importPrivateKey, type SigningKey } from '../../dns/dnssec/keys.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { type Reads, type ZoneKeyRow, type ZoneRow, zoneRows } from '../store.ts';

/** ECDSA P-256 with SHA-256 (RFC 8624 §3.1). */
const ALGORITHM = 13;

/** Private keys that stay open: each takes 3.4 kB, and to open one takes as long as two signatures. */
const MOST_OPEN = 1000;

/** The private keys of zones: sealed in the database, opened when they sign; those used last stay open. */
export interface KeyRing {
  /** Makes the zone's first key, one that signs everything, unless it has keys. */
  ensure(change: Change, zone: ZoneRow, createdAt: string): void;
  /** The keys that sign now. @throws Error when a sealed key does not open, or its public part is not what is stored of it. */
  signingKeys(reads: Reads, zone: ZoneRow): SigningKey[];
  /** What of the stored keys is damaged. */
  damaged(reads: Reads, zone: ZoneRow): DamagedKey[];
  /** Closes some, or all of them: the next signature opens what is stored then. */
  forget(ids?: readonly number[]): void;
}

/** A key that does not sign as it is stored. */
export interface DamagedKey {
  row: ZoneKeyRow;
  /** What to store in its place, where the rest of it says so, or it is still open. */
  whole: Pick<ZoneKeyRow, 'dnskey' | 'sealedPrivateKey'> | undefined;
}

/** `kept` gives sealed private keys of this id that are kept elsewhere: for one that is damaged. */
export function createKeyRing(
  sealer: Sealer,
  kept: (keyId: number) => readonly Uint8Array[] = () => [],
): KeyRing {
  /** In the order of their last use. */
  const opened = new Map<number, SigningKey>();

  function keepOpen(id: number, key: SigningKey): SigningKey {
    opened.delete(id);
    opened.set(id, key);
    if (opened.size > MOST_OPEN) opened.delete(opened.keys().next().value!);
    return key;
  }

  function open(zoneId: number, row: ZoneKeyRow): SigningKey {
    const known = opened.get(row.id);
    // A transaction that was rolled back gives its ids to others.
    if (known && isOf(known, row)) return keepOpen(row.id, known);
    const key = read(zoneId, row);
    // Signatures by another key than the DNSKEY would make the whole zone bogus.
    if (!isOf(key, row)) throw new Error(`the public part of the key ${row.keyTag} is damaged`);
    return keepOpen(row.id, key);
  }

  function read(zoneId: number, row: ZoneKeyRow): SigningKey {
    const pkcs8 = sealer.open(row.sealedPrivateKey, context(zoneId, row.id));
    const roles = { signsKeys: row.role !== 'ZSK', signsZone: row.role !== 'KSK' };
    return importPrivateKey(pkcs8, { algorithm: row.algorithm, flags: row.flags, roles });
  }

  function inspect(zoneId: number, row: ZoneKeyRow): DamagedKey | undefined {
    try {
      const key = read(zoneId, row);
      if (isOf(key, row)) return undefined;
      // Two of three agree: the private part, and what is stored beside the public one.
      const { dnskey, keyTag } = key;
      return { row, whole: keyTag === row.keyTag ? { ...row, dnskey } : undefined };
    } catch {
      const known = opened.get(row.id);
      if (!known || !isOf(known, row)) return { row, whole: keptElsewhere(zoneId, row) };
      const sealedPrivateKey = sealer.seal(exportPrivateKey(known), context(zoneId, row.id));
      return { row, whole: { ...row, sealedPrivateKey } };
    }
  }

  function keptElsewhere(zoneId: number, row: ZoneKeyRow): DamagedKey['whole'] {
    for (const sealedPrivateKey of kept(row.id)) {
      try {
        const whole = { ...row, sealedPrivateKey };
        if (isOf(read(zoneId, whole), row)) return whole;
      } catch {
        // Damaged there, too, or another key.
      }
    }
    return undefined;
  }

  return {
    ensure(change, zone, createdAt) {
      const tx = change.rows(zoneRows);
      if (tx.keys(zone.id).length > 0) return;
      const key = generateKey({ algorithm: ALGORITHM });
      const { algorithm, flags, keyTag, dnskey } = key;
      const row = tx.insertKey(
        zone.id,
        { algorithm, flags, keyTag, dnskey, role: 'CSK', state: 'active', createdAt },
        (id) => sealer.seal(exportPrivateKey(key), context(zone.id, id)),
      );
      // In use already for the first signatures; a change that is undone gives its ids to others.
      keepOpen(row.id, key);
      change.onRollback(() => void opened.delete(row.id));
    },
    forget(ids) {
      if (ids) for (const id of ids) opened.delete(id);
      else opened.clear();
    },
    damaged: (reads, zone) => reads.keys(zone.id).flatMap((row) => inspect(zone.id, row) ?? []),
    signingKeys: (reads, zone) =>
      reads
        .keys(zone.id)
        .filter((row) => row.state === 'active')
        .map((row) => open(zone.id, row)),
  };
}

function isOf({ dnskey }: SigningKey, row: ZoneKeyRow): boolean {
  return Buffer.compare(dnskey, row.dnskey) === 0;
}

/** A sealed key opens only as this key of this zone. */
function context(zoneId: number, keyId: number): string {
  return `zone-key:${zoneId}:${keyId}`;
}
