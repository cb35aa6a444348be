import type { Name } from '../../dns/wire/name.ts';
import { RowsKey } from '../../work/rows.ts';
import type { DkimRecordKey } from '../../zones/model.ts';

/**
 * The life of a key. All but the last are published; a roll-over moves along them:
 * published (receivers learn it) → active (signs) → retired (mail under way still verifies) → revoked (empty `p=`).
 */
export type DkimKeyState = 'published' | 'active' | 'retired' | 'revoked';

/** A DKIM key as it is kept. */
export interface DkimKeyRow extends DkimRecordKey {
  /** PKCS#8 DER, sealed in the context of {@link keyContext}. */
  sealedPrivateKey: Uint8Array;
  state: DkimKeyState;
  /** RFC 3339. */
  createdAt: string;
  /** When it entered its state; RFC 3339. */
  stateSince: string;
}

/** An RSA key that has no domain yet, sealed in {@link POOL_CONTEXT}. */
export interface PooledKey {
  publicKey: string;
  sealedPrivateKey: Uint8Array;
}

export interface DkimReads {
  /** The keys of one domain, in the order in which they were made. */
  keys(domain: Name): DkimKeyRow[];
  /** Keys that sign, of all domains, by their ids. */
  activeKeys(page: { after: number; limit: number }): (DkimKeyRow & { id: number })[];
  pooled(): number;
  /** The domain that has waited longest for an RSA key. */
  nextWaiting(): Name | undefined;
}

export interface DkimWrites extends DkimReads {
  insertKey(key: DkimKeyRow): void;
  deleteKeys(domain: Name): void;
  /** Remembers that the domain wants an RSA key. */
  addWaiting(domain: Name): void;
  deleteWaiting(domain: Name): void;
  addPooled(key: PooledKey): void;
  /** Takes the oldest key out of the pool. */
  takePooled(): PooledKey | undefined;
}

export const dkimRows = new RowsKey<DkimReads, DkimWrites>('dkim');

/** What sealed RSA keys of the pool are bound to. */
export const POOL_CONTEXT = 'dkim-pool';

/** What a domain's sealed key is bound to: it opens at no other domain and selector. */
export function keyContext(domain: Name, selector: string): string {
  return `dkim:${domain.canonical().toText()}:${selector}`;
}
