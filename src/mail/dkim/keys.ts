import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { DkimRecordKey } from '../../zones/model.ts';
import { type DkimKeyPair, generateEd25519, publicKeyOf } from './key-pair.ts';
import { newSelector } from './selector.ts';
import { type DkimKeyRow, type DkimReads, type DkimWrites, keyContext, POOL_CONTEXT } from './store.ts';

/** What making keys needs. */
export interface KeyTools {
  clock: Clock;
  sealer: Sealer;
  /** For selectors. */
  random: Random;
}

/**
 * Gives a domain what it lacks of one Ed25519 and one RSA key, the latter from the pool. The first keys of a domain sign at once:
 * there is no older key that could go on until the world has seen them.
 * @returns whether it has both now; false when the pool was empty.
 */
export function giveKeys(tx: DkimWrites, domain: Name, tools: KeyTools): boolean {
  const signing = tx.keys(domain).filter(({ state }) => state === 'active');
  keysChanged(tx, domain, tools);
  const has = (algorithm: DkimRecordKey['algorithm']): boolean =>
    signing.some((key) => key.algorithm === algorithm);
  if (!has('ed25519'))
    insert(tx, domain, { algorithm: 'ed25519', state: 'active' }, generateEd25519(), tools);
  if (has('rsa')) return true;
  const pair = takePooled(tx, tools);
  if (pair) insert(tx, domain, { algorithm: 'rsa', state: 'active' }, pair, tools);
  return pair !== undefined;
}

/**
 * Gives a domain the keys that are to replace those which sign: they are in the DNS, and sign nothing yet.
 * @returns their selectors; undefined, and nothing is done, when the pool is empty
 */
export function giveNextKeys(tx: DkimWrites, domain: Name, tools: KeyTools): string[] | undefined {
  const pair = takePooled(tx, tools);
  if (!pair) return undefined;
  return [
    insert(tx, domain, { algorithm: 'ed25519', state: 'published' }, generateEd25519(), tools),
    insert(tx, domain, { algorithm: 'rsa', state: 'published' }, pair, tools),
  ];
}

/** Whether the private key can be opened, and is that of the record. */
export function isSound({ domain, selector, ...key }: DkimKeyRow, sealer: Sealer): boolean {
  try {
    const der = sealer.open(key.sealedPrivateKey, keyContext(domain, selector));
    return publicKeyOf(der, key.algorithm) === key.publicKey;
  } catch {
    return false;
  }
}

/** Remembers that other keys sign for the domain than before, or may. */
export function keysChanged(tx: DkimWrites, domain: Name, { clock }: Pick<KeyTools, 'clock'>): void {
  tx.addChange(domain, toRfc3339(clock.now()));
}

function takePooled(tx: DkimWrites, { sealer }: KeyTools): DkimKeyPair | undefined {
  for (let pooled = tx.takePooled(); pooled; pooled = tx.takePooled()) {
    try {
      return { ...pooled, privateKey: sealer.open(pooled.sealedPrivateKey, POOL_CONTEXT) };
    } catch {
      // Sealed with a secret.key that is no more. Nobody has seen this key: another one is as good.
    }
  }
  return undefined;
}

function insert(
  tx: DkimWrites,
  domain: Name,
  { algorithm, state }: Pick<DkimKeyRow, 'algorithm' | 'state'>,
  pair: DkimKeyPair,
  { clock, sealer, random }: KeyTools,
): string {
  const taken = new Set(tx.keys(domain).map((key) => key.selector));
  const selector = newSelector(algorithm, clock.now(), taken, random);
  const sealedPrivateKey = sealer.seal(pair.privateKey, keyContext(domain, selector));
  const now = new Date(clock.now()).toISOString();
  const { publicKey } = pair;
  tx.insertKey({
    domain,
    selector,
    algorithm,
    publicKey,
    sealedPrivateKey,
    state,
    createdAt: now,
    stateSince: now,
  });
  return selector;
}

/** The keys of some domains as their records need them. */
export function recordKeys(reads: Pick<DkimReads, 'keys'>, domains: readonly Name[]): DkimRecordKey[] {
  return domains.flatMap((domain) => reads.keys(domain).map(recordKey));
}

/** A revoked key has an empty `p=` (RFC 6376 §3.6.1). */
export function recordKey({ domain, selector, algorithm, publicKey, state }: DkimKeyRow): DkimRecordKey {
  return { domain, selector, algorithm, publicKey: state === 'revoked' ? '' : publicKey };
}
