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

/** A change of keys that sign; {@link BEFORE_ANY} before the first. */
export interface KeyMark {
  sequence: number;
  /** Tells it from a change of the same number in another course of events, such as before a backup was put back. */
  mark: string;
}

export const BEFORE_ANY: KeyMark = { sequence: 0, mark: '' };

/** Where a domain is with the replacement of its keys; times are milliseconds since the epoch. */
export interface RotationRow {
  domain: Name;
  /** From when on the time until its next keys counts: {@link DkimSchedule} is added. undefined: they are on their way. */
  rollsFrom: number | undefined;
  /** When its next step falls due, or is tried again. */
  wakeAt: number | undefined;
  /** When its new keys may sign; undefined: not every nameserver was seen to have them. */
  signAt: number | undefined;
  /** The change of keys that must have come to the signer before the old ones count as retired. */
  change: number | undefined;
  /** Tries of a step in a row that came to nothing, and why: a sentence. */
  failures: number;
  problem: string | undefined;
  /** From when on that is named: what takes a while every time is no trouble yet. */
  troubleAt: number | undefined;
}

/** An RSA key that has no domain yet, sealed in {@link POOL_CONTEXT}. */
export interface PooledKey {
  publicKey: string;
  sealedPrivateKey: Uint8Array;
}

export interface DkimReads {
  /** The keys of one domain, in the order in which they were made. */
  keys(domain: Name): DkimKeyRow[];
  /** Domains that have keys, in the order of their text (lower case A-labels), from after `after` on. */
  domains(page: { after: string; limit: number }): string[];
  /** The last change of keys that sign. */
  lastChange(): KeyMark;
  /** The mark of a change; undefined: it is forgotten, or never was. */
  changeMark(sequence: number): string | undefined;
  /** Those after a sequence number, in order. */
  changes(after: number, limit: number): (KeyMark & { domain: string })[];
  rotation(domain: Name): RotationRow | undefined;
  /** Domains with a step that is due by `time`, the earliest first. */
  dueSteps(time: number, limit: number): Name[];
  /** Domains whose keys are to be replaced, as their time counts since `time` or earlier; the earliest first. */
  dueRolls(time: number, limit: number): Name[];
  /** When the first step falls due. */
  nextStep(): number | undefined;
  /** The earliest from when on the time until new keys counts. */
  nextRoll(): number | undefined;
  /** Domains of which trouble is to be named at `time`, the longest in it first. */
  troubled(time: number, limit: number): RotationRow[];
  troubledCount(time: number): number;
  /** How many RSA keys are in the pool; no more than `most` are counted. */
  pooled(most?: number): number;
  /** The domain that has waited longest for an RSA key. */
  nextWaiting(): Name | undefined;
}

export interface DkimWrites extends DkimReads {
  insertKey(key: DkimKeyRow): void;
  setKeyState(domain: Name, selector: string, state: DkimKeyState, since: string): void;
  deleteKey(domain: Name, selector: string): void;
  deleteKeys(domain: Name): void;
  putRotation(row: RotationRow): void;
  deleteRotation(domain: Name): void;
  /** Remembers that other keys sign for the domain than before. */
  addChange(domain: Name, mark: string): void;
  /** Drops changes up to a sequence number. @returns how many, at most `limit` */
  dropChanges(through: number, limit: number): number;
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
