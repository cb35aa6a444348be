import type { Clock } from '../../core/clock.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { factRows, type FactWrites } from '../../work/facts.ts';
import type { Forgotten, Keeper } from '../../work/history.ts';
import type { Change } from '../../work/unit-of-work.ts';
import type { Retention } from '../model.ts';
import { type Transaction, zoneRows } from '../store.ts';
import { forgetRecordChanges } from './record-changes.ts';

/** Versions looked at, and rows of one zone that go, in one change. */
const VERSIONS = 100;
/** Milliseconds of work in one change; what a version takes to go depends on its size. */
const LONGEST = 10;
/** Seconds for which signatures and denials that were replaced are kept (the DNSSEC part of a difference). */
const SIGNATURES = 30 * 86_400;

/** How far the versions, in the order in which they were published, have been seen to. */
interface Progress {
  after: number;
  atLeast: number;
  /** A zone of which versions went: changes of records are left that were only needed for those. */
  zone?: number;
}

/**
 * Forgets versions by their age. Each is seen to once, when it comes of age: it goes with those of its zone before it, unless it is among
 * the newest that are kept whatever their age. Those go when a later one of their zone comes of age. So a zone has at most the newest
 * ones and those of the time for which all are kept, and nobody walks through zones.
 */
export function versionKeeper(retention: () => Retention, clock: Clock): Keeper {
  return {
    what: 'versions',
    forget(change) {
      const tx = change.rows(zoneRows);
      const facts = change.rows(factRows);
      const { versions, versionsAtLeast } = retention();
      const before = readProgress(facts, VERSIONS_FACT, versionsAtLeast);
      const { progress, ...forgotten } = forgetVersions(tx, before, ages(clock, versions), clock);
      if (JSON.stringify(progress) !== JSON.stringify(before)) writeProgress(facts, VERSIONS_FACT, progress);
      return forgotten;
    },
  };
}

const VERSIONS_FACT = 'history.versions';
const SIGNATURES_FACT = 'history.signatures';

interface Ages {
  now: string;
  /** What was published before is old. */
  old: string;
}

function ages(clock: Clock, kept: number): Ages {
  return { now: toRfc3339(clock.now()), old: toRfc3339(clock.now() - kept * 1000) };
}

/** What a clock that was wrong has dated in the future is passed over: it goes with a later version of its zone. */
function stateOf({ publishedAt }: { publishedAt: string }, { now, old }: Ages): 'young' | 'old' | 'strange' {
  if (publishedAt < old) return 'old';
  return publishedAt <= now ? 'young' : 'strange';
}

function forgetVersions(
  tx: Transaction,
  before: Progress,
  ages: Ages,
  clock: Clock,
): Forgotten & { progress: Progress } {
  const begun = clock.monotonic();
  let dropped = 0;
  let { after, zone } = before;
  const result = (more: boolean) => ({ dropped, more, progress: progressOf(after, before.atLeast, zone) });
  if (zone !== undefined) {
    const changes = forgetRecordChanges(tx, zone);
    dropped += changes.dropped;
    if (!changes.more) zone = undefined;
    return result(true);
  }
  const found = tx.versionsAfter(after, VERSIONS);
  for (const version of found) {
    const state = stateOf(version, ages);
    if (state === 'young') return result(false);
    if (state === 'old') {
      const gone = tx.dropVersions(version.zoneId, {
        through: version.id,
        atLeast: before.atLeast,
        limit: VERSIONS,
      });
      dropped += gone;
      if (gone > 0) zone = version.zoneId;
      if (gone === VERSIONS) return result(true);
    }
    after = version.id;
    if (zone !== undefined) {
      const changes = forgetRecordChanges(tx, zone);
      dropped += changes.dropped;
      if (changes.more) return result(true);
      zone = undefined;
    }
    if (clock.monotonic() - begun >= LONGEST) return result(true);
  }
  return result(found.length === VERSIONS);
}

/** Forgets the DNSSEC part of the differences: it is most of them, and only of use to who compares signatures. */
export function signatureKeeper(clock: Clock): Keeper {
  return {
    what: 'signatures',
    forget(change: Change) {
      const tx = change.rows(zoneRows);
      const facts = change.rows(factRows);
      const begun = clock.monotonic();
      const before = readProgress(facts, SIGNATURES_FACT, 0);
      let [after, dropped] = [before.after, 0];
      const limits = ages(clock, SIGNATURES);
      const found = tx.versionsAfter(after, VERSIONS);
      let more = found.length === VERSIONS;
      for (const version of found) {
        const state = stateOf(version, limits);
        if (state === 'young') {
          more = false;
          break;
        }
        if (tx.dropDnssecDiff(version.id)) dropped++;
        after = version.id;
        if (clock.monotonic() - begun < LONGEST) continue;
        more = true;
        break;
      }
      if (after !== before.after) writeProgress(facts, SIGNATURES_FACT, progressOf(after, 0));
      return { dropped, more };
    },
  };
}

function progressOf(after: number, atLeast: number, zone?: number): Progress {
  return { after, atLeast, ...(zone === undefined ? {} : { zone }) };
}

/** When fewer are kept than before, those that were spared are looked at again. */
function readProgress(facts: FactWrites, name: string, atLeast: number): Progress {
  const stored = facts.fact(name);
  if (!stored) return progressOf(0, atLeast);
  const { after, zone, ...before } = JSON.parse(Buffer.from(stored).toString()) as Progress;
  return progressOf(atLeast < before.atLeast ? 0 : after, atLeast, zone);
}

function writeProgress(facts: FactWrites, name: string, progress: Progress): void {
  facts.putFact(name, Buffer.from(JSON.stringify(progress)));
}
