import type { DkimKeyRow, RotationRow } from './store.ts';

const DAY = 86_400_000;

/**
 * Milliseconds, with its TTL on top, for which a key that signs no more stays in the DNS. Mail servers try for five days (RFC 5321 §4.5.4.1),
 * and who gets a message late, or forwards it, checks it then.
 */
export const KEEP_RETIRED = 7 * DAY;
/** Milliseconds for which a revoked key is said to be so. */
export const KEEP_REVOKED = 32 * DAY;

/**
 * What is done next for the keys of a domain. All but `publish` follow from it:
 * publish (new keys, which sign nothing) → see (every nameserver has them, and caches forget that there was nothing) → sign → retire
 * (Rspamd has them: the old ones sign no more) → revoke (an empty `p=`, when no mail under way needs them) → remove.
 */
export type RotationStep = 'publish' | 'see' | 'sign' | 'retire' | 'revoke' | 'remove';

export interface PlannedStep {
  step: RotationStep;
  /** Milliseconds since the epoch; the past: as soon as it can be. */
  at: number;
  /** The keys that it is about. */
  keys: readonly DkimKeyRow[];
}

/** What the plan depends on besides the domain's rows; times are milliseconds. */
export interface RotationFacts {
  /** From new keys to the next ones; 0: never by itself. */
  every: number;
  /** TTL of the keys' records. */
  ttl: number;
  /** Whether the domain takes part in mail, and the box serves its records: else nobody would see new keys. */
  rolls: boolean;
}

/** All that is to be done for the keys of a domain, the earliest first. */
export function plannedSteps(
  row: Omit<RotationRow, 'domain'>,
  keys: readonly DkimKeyRow[],
  { every, ttl, rolls }: RotationFacts,
): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const fresh = keys.filter(({ state }) => state === 'published');
  if (row.rollsFrom !== undefined) {
    if (rolls && every > 0) steps.push({ step: 'publish', at: row.rollsFrom + every, keys: [] });
  } else if (fresh.length > 0) {
    const seen = row.signAt !== undefined;
    if (rolls) steps.push({ step: seen ? 'sign' : 'see', at: row.signAt ?? 0, keys: fresh });
  } else if (row.change !== undefined || superseded(keys).length > 0) {
    steps.push({ step: 'retire', at: 0, keys: superseded(keys) });
  } else if (rolls) {
    steps.push({ step: 'publish', at: 0, keys: [] });
  }
  steps.push(...leaving(keys, 'retired', 'revoke', KEEP_RETIRED + ttl));
  steps.push(...leaving(keys, 'revoked', 'remove', KEEP_REVOKED));
  return steps.sort((a, b) => a.at - b.at);
}

/** Keys that sign although there is a newer one of their algorithm that does. */
function superseded(keys: readonly DkimKeyRow[]): DkimKeyRow[] {
  const active = keys.filter(({ state }) => state === 'active');
  return active.filter((key, i) => active.slice(i + 1).some(({ algorithm }) => algorithm === key.algorithm));
}

/** Keys that came into their state together leave it together. */
function leaving(
  keys: readonly DkimKeyRow[],
  state: DkimKeyRow['state'],
  step: RotationStep,
  after: number,
): PlannedStep[] {
  const bySince = new Map<string, DkimKeyRow[]>();
  for (const key of keys)
    if (key.state === state) bySince.set(key.stateSince, [...(bySince.get(key.stateSince) ?? []), key]);
  return [...bySince].map(([since, group]) => ({ step, at: Date.parse(since) + after, keys: group }));
}

/** When the next step falls due; a first one that the schedule says is found by another index. */
export function wakeAtOf(
  row: Omit<RotationRow, 'domain'>,
  keys: readonly DkimKeyRow[],
  facts: RotationFacts,
): number | undefined {
  const isScheduled = ({ step }: PlannedStep): boolean => step === 'publish' && row.rollsFrom !== undefined;
  return plannedSteps(row, keys, facts).find((step) => !isScheduled(step))?.at;
}

/** The share of the schedule by which domains are put forward at random: a hundred thousand that came together do not roll together. */
const SPREAD = 1 / 4;

/** @param share a random number in [0, 1) */
export function rollsFrom(since: number, every: number, share: number): number {
  return Math.round(since - share * SPREAD * (every > 0 ? every : DEFAULT_EVERY));
}

/** Milliseconds: M3AAWG's best practice for DKIM is at least twice a year. */
export const DEFAULT_EVERY = 180 * DAY;
