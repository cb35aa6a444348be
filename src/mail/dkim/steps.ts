import type { Name } from '../../dns/wire/name.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { below } from '../../zones/derive/rule.ts';
import type { Domain } from '../../zones/model.ts';
import type { ZoneChange } from '../../zones/publisher/publisher.ts';
import type { Reads } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import { giveKeys, giveNextKeys, keysChanged, type KeyTools } from './keys.ts';
import { type RotationFacts, rollsFrom, type RotationStep, wakeAtOf } from './rotation.ts';
import { rotateEvery } from './schedule.ts';
import { type DkimKeyRow, type DkimKeyState, dkimRows, type DkimWrites, type RotationRow } from './store.ts';

const nothing: Omit<RotationRow, 'domain'> = {
  rollsFrom: undefined,
  wakeAt: undefined,
  signAt: undefined,
  change: undefined,
  failures: 0,
  problem: undefined,
  troubleAt: undefined,
};

/** Whether the keys of a domain are replaced: it takes part in mail, and the box serves its records. */
export function isRolled(domain: Pick<Domain, 'mail' | 'dns'> | undefined): boolean {
  return domain?.mail === true && domain.dns === 'local';
}

/** What the plan of a domain depends on, in this state. */
export function factsOf(reads: Reads, domain: Name): RotationFacts {
  const row = reads.domain(domain);
  const zone = zoneOf(reads, domain);
  const ttl = row?.ttl ?? (zone && reads.zone(zone)?.ttl) ?? reads.box()?.ttl ?? 0;
  return { every: rotateEvery(reads), ttl: ttl * 1000, rolls: isRolled(row) };
}

/** Keys of a domain that takes part are replaced from now on, those of one that does no more are not; it has its keys already. */
export function followDomain(
  change: Change,
  before: Domain | undefined,
  after: Domain | undefined,
  { clock, random }: Pick<KeyTools, 'clock' | 'random'>,
): void {
  const tx = change.rows(dkimRows);
  if (before && !after) tx.deleteRotation(before.name);
  if (!after || isRolled(before) === isRolled(after)) return;
  const domain = after.name;
  // A domain that is new has neither: what there was went with the one before.
  const known = before && tx.rotation(domain);
  const keys = before ? tx.keys(domain) : [];
  const underWay = known?.change !== undefined || keys.some(({ state }) => state === 'published');
  const now = clock.now();
  tx.putRotation({
    ...(known ?? nothing),
    domain,
    signAt: undefined,
    rollsFrom: isRolled(after) && !underWay ? rollsFrom(now, rotateEvery(change), random.float()) : undefined,
    // What was on its way when it was left goes on.
    wakeAt: known && now,
  });
}

/** New keys come into the DNS. @returns false, and nothing is done, when no RSA key is there */
export function publishKeys(change: ZoneChange, domain: Name, tools: KeyTools): boolean {
  const selectors = giveNextKeys(change.unit.rows(dkimRows), domain, tools);
  if (!selectors) return false;
  touchKeys(change, domain, selectors);
  settle(change, domain, { rollsFrom: undefined, signAt: undefined, change: undefined });
  tell(change, 'publish', domain, selectors);
  return true;
}

/** Every nameserver has them. @param caches milliseconds for which others may still say that there is nothing */
export function seen(
  change: ZoneChange,
  domain: Name,
  keys: readonly DkimKeyRow[],
  now: number,
  caches: number,
) {
  settle(change, domain, { signAt: now + caches });
  tell(change, 'see', domain, selectorsOf(keys));
}

/** The new keys are what signs: whoever signs is to have them. Until then the old ones go on. */
export function signWith(
  change: ZoneChange,
  domain: Name,
  keys: readonly DkimKeyRow[],
  tools: KeyTools,
): void {
  setStates(change, keys, 'active', tools);
  const tx = change.unit.rows(dkimRows);
  keysChanged(tx, domain, tools);
  settle(change, domain, { signAt: undefined, change: tx.lastChange().sequence });
  tell(change, 'sign', domain, selectorsOf(keys));
}

/** Nobody signs with the old keys any more: from now on they are kept for mail under way. */
export function retire(change: ZoneChange, domain: Name, keys: readonly DkimKeyRow[], tools: KeyTools): void {
  setStates(change, keys, 'retired', tools);
  const { every, rolls } = factsOf(change.tx, domain);
  const next = rolls ? rollsFrom(tools.clock.now(), every, tools.random.float()) : undefined;
  settle(change, domain, { rollsFrom: next, change: undefined });
  tell(change, 'retire', domain, selectorsOf(keys));
}

/** An empty `p=` says that a key is good for nothing any more (RFC 6376 §3.6.1). */
export function revoke(change: ZoneChange, domain: Name, keys: readonly DkimKeyRow[], tools: KeyTools): void {
  setStates(change, keys, 'revoked', tools);
  touchKeys(change, domain, selectorsOf(keys));
  settle(change, domain, {});
  tell(change, 'revoke', domain, selectorsOf(keys));
}

export function remove(change: ZoneChange, domain: Name, keys: readonly DkimKeyRow[]): void {
  const tx = change.unit.rows(dkimRows);
  for (const { selector } of keys) tx.deleteKey(domain, selector);
  touchKeys(change, domain, selectorsOf(keys));
  settle(change, domain, {});
  tell(change, 'remove', domain, selectorsOf(keys));
}

/**
 * The keys of a domain are in wrong hands: all are revoked at once, and new ones sign from now on. Nobody has asked for their names
 * before, so no cache says that there is nothing. Where the pool is empty, the RSA key comes as soon as it is made.
 * @returns the selectors that sign
 */
export function replaceAtOnce(change: ZoneChange, domain: Name, tools: KeyTools): string[] {
  const tx = change.unit.rows(dkimRows);
  const lost = tx.keys(domain).filter(({ state }) => state !== 'revoked');
  setStates(change, lost, 'revoked', tools);
  if (!giveKeys(tx, domain, tools)) tx.addWaiting(domain);
  const signing = selectorsOf(tx.keys(domain).filter(({ state }) => state === 'active'));
  touchKeys(change, domain, [...selectorsOf(lost), ...signing]);
  if (!tx.rotation(domain)) tx.putRotation({ ...nothing, domain });
  const sequence = tx.lastChange().sequence;
  settle(change, domain, { rollsFrom: undefined, signAt: undefined, change: sequence });
  tell(change, 'revoke', domain, selectorsOf(lost));
  tell(change, 'sign', domain, signing);
  return signing;
}

const selectorsOf = (keys: readonly DkimKeyRow[]): string[] => keys.map(({ selector }) => selector);

/** There is nothing to do, or not yet. */
export function rest(change: ZoneChange, domain: Name): void {
  const { rolls } = factsOf(change.tx, domain);
  settle(change, domain, rolls ? {} : { rollsFrom: undefined });
}

/** All at one moment: they leave the state together. */
function setStates(
  change: ZoneChange,
  keys: readonly DkimKeyRow[],
  state: DkimKeyState,
  { clock }: KeyTools,
): void {
  const now = new Date(clock.now()).toISOString();
  const tx = change.unit.rows(dkimRows);
  for (const { domain, selector } of keys) tx.setKeyState(domain, selector, state, now);
}

/** Where somebody else serves the domain, there is no record to change. */
export function touchKeys(change: ZoneChange, domain: Name, selectors: readonly string[]): void {
  const zone = zoneOf(change.tx, domain);
  const owners = selectors.flatMap((selector) => below(`${selector}._domainkey`, domain) ?? []);
  if (zone) change.touch(zone, { owners });
}

/** A step is done, and with it what kept it from being done. */
function settle(change: ZoneChange, domain: Name, becomes: Partial<RotationRow>): void {
  const tx: DkimWrites = change.unit.rows(dkimRows);
  const before = tx.rotation(domain);
  if (!before) return;
  const well = { failures: 0, problem: undefined, troubleAt: undefined };
  const row = { ...before, ...well, ...becomes };
  tx.putRotation({ ...row, wakeAt: wakeAtOf(row, tx.keys(domain), factsOf(change.tx, domain)) });
}

function tell(change: ZoneChange, step: RotationStep, domain: Name, selectors: readonly string[]): void {
  const text = domain.toText();
  change.audit(`dkim.${step}`, text, { selectors });
  change.event('dkim.step', { domain: text, step, selectors });
}
