import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { inSlices } from '../../core/slices.ts';
import { serialOf } from '../../dns/client/transfer-whole.ts';
import type { TsigKey } from '../../dns/message/tsig.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { buildingImage } from '../../dns/zone/image-build.ts';
import { firstDraft } from '../../dns/zone/image-update.ts';
import { giveImage } from '../../dns/zone/image.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { decodeContent, encodeContent } from './content.ts';
import { type RefreshOutcome, refreshZone, textOf, type Version } from './refresh.ts';
import { expiresAt, isServed, serveStored, type ServingTools } from './serving.ts';
import { type Primary, type SecondaryZone, secondaryZoneRows, type StoredVersion } from './store.ts';
import { intervalsOf, pause } from './timers.ts';

/** Milliseconds from the end of a round to the next that a NOTIFY has begin: whoever sends them without end, or forges them, has no more of it. */
const SHORTEST_GAP = 1000;

const system: Actor = { kind: 'system', id: 'secondary-zones', name: 'secondary zones', address: undefined };

export interface FollowerTools extends ServingTools {
  work: UnitOfWork;
  /** @throws Error */
  key: (name: Name) => TsigKey;
  /** Runs what is given when it is its turn: only a few transfers are under way at once. */
  turn: (work: () => Promise<void>) => Promise<void>;
  /** Told of a version that is served now and was not before. */
  onServed: (zone: Name) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/** How it stands with what a zone follows. */
export interface FollowerState {
  /** Its primaries are being asked. */
  checking: boolean;
  /** When they are next: milliseconds since the epoch. */
  refreshAt: number | undefined;
  /** Rounds in a row in which no primary had the zone, or would give it. */
  failures: number;
  /** What was wrong in the last one. */
  problem: string | undefined;
  /** When it expires, unless a primary is reached: milliseconds since the epoch; undefined while nothing came yet. */
  expiresAt: number | undefined;
}

/** Keeps one zone as its primaries have it. */
export interface Follower {
  readonly name: Name;
  readonly state: FollowerState;
  /** Asks the primaries now, that with this address first. */
  refresh(first?: string): void;
  /** RFC 1996: a primary says that the zone has changed, and to which serial. */
  notified(client: string, serial: number | undefined): void;
  /** It has other primaries. */
  changed(): void;
  /** What is stored has been read: where that could not be, the zone is transferred anew. */
  loaded(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

export function idleState(): FollowerState {
  return {
    checking: false,
    refreshAt: undefined,
    failures: 0,
    problem: undefined,
    expiresAt: undefined,
  };
}

/** Begins when it is made: with what is stored, when it was looked at last. */
export function followZone(name: Name, tools: FollowerTools): Follower {
  const { work, reads, zones, clock, random, log } = tools;
  const zone = name.toText();
  const stopping = new AbortController();
  const state = idleState();
  let running = Promise.resolve();
  let refreshing: Timer | undefined;
  let expiring: Timer | undefined;
  /** Wanted once more, while one is under way. */
  let again: { first: string | undefined } | undefined;
  /** What is stored cannot be read: nothing can be built on it. */
  let lost = false;
  /** When the last round ended, by the monotonic clock. */
  let endedAt = -Infinity;
  /** Rises with each change of the primaries: what came of earlier ones is for nobody. */
  let edition = 0;

  const isStopped = (): boolean => stopping.signal.aborted;
  const versionHere = (): StoredVersion | undefined => reads.zone(name)?.version;
  const wait = (delay: number, first?: string): void => {
    refreshing?.cancel();
    if (isStopped()) return;
    state.refreshAt = clock.now() + delay;
    refreshing = clock.after(delay, () => {
      // The longest waits of a clock are cut.
      const left = state.refreshAt! - clock.now();
      if (left > 0) wait(left, first);
      else refresh(first);
    });
  };
  const waitForExpiry = (): void => {
    expiring?.cancel();
    const version = versionHere();
    state.expiresAt = version && expiresAt(version);
    if (state.expiresAt === undefined || isStopped()) return;
    const left = state.expiresAt - clock.now();
    if (left > 0) expiring = clock.after(left, waitForExpiry);
    else expire();
  };
  const expire = (): void => {
    if (!isServed(zones, name)) return;
    zones.withdraw(name);
    log.warn({ zone, reason: state.problem }, 'a secondary zone has expired, and answers SERVFAIL');
    void tell('secondary-zone.expired', { zone });
  };
  const tell = (...event: Parameters<Change['event']>): Promise<void> =>
    work
      .change({ actor: system, cause: `secondary zone ${zone} checked` }, (change) => change.event(...event))
      .catch((error: unknown) =>
        log.error({ err: error, zone }, 'an event of a secondary zone was not told'),
      );

  const refresh = (first?: string): void => {
    if (isStopped()) return;
    if (state.checking) {
      again = { first };
      return;
    }
    refreshing?.cancel();
    state.checking = true;
    state.refreshAt = undefined;
    running = tools
      .turn(() => round(first))
      .catch((error: unknown) => {
        log.error({ err: error, zone }, 'a secondary zone could not be refreshed');
        return failed([(error as Error).message]);
      })
      .then(finish);
  };
  const finish = (): void => {
    state.checking = false;
    endedAt = clock.monotonic();
    if (isStopped()) return;
    const wanted = again;
    again = undefined;
    const version = versionHere();
    const intervals = version && !lost ? intervalsOf(version.soa) : undefined;
    if (wanted) wait(SHORTEST_GAP, wanted.first);
    else wait(pause(intervals, state.failures, random.float()));
    waitForExpiry();
  };
  /** Asks, and does what the answer is. */
  const round = async (first: string | undefined): Promise<void> => {
    const row = reads.zone(name);
    if (!row || isStopped()) return;
    const begun = edition;
    const since = lost ? undefined : soaOf(row);
    const request = { zone: name, primaries: ordered(row.primaries, first), since, records };
    const outcome = await refreshZone(request, { ...tools, signal: stopping.signal });
    if (isStopped()) return;
    if (begun !== edition) again ??= { first: undefined };
    else await settle(outcome);
  };
  const records = async (): Promise<ResourceRecord[] | undefined> => {
    const content = reads.content(name);
    try {
      return content && (await inSlices(decodeContent(content), clock));
    } catch (error) {
      log.error({ zone, err: error }, 'the stored version of a secondary zone cannot be read');
      return undefined;
    }
  };
  const settle = async (outcome: RefreshOutcome): Promise<void> => {
    if (outcome.kind === 'failed') return failed(outcome.problems);
    if (outcome.kind === 'new') return take(outcome.version, outcome.primary);
    await checked(outcome.primary);
    // It had expired, or was damaged.
    lost = !(await serveStored(tools, name));
    if (lost) again = { first: undefined };
    succeeded(outcome.behind === undefined ? undefined : behindText(outcome));
  };
  /** Stores a version, and serves it from the commit on. */
  const take = async ({ records: all, nodes }: Version, primary: Primary): Promise<void> => {
    const content = await inSlices(encodeContent(all), clock);
    const image = await inSlices(buildingImage(zones.memory, name, nodes), clock);
    const now = clock.now();
    const version = {
      ...{ soa: all[0]!.rdata, records: all.length, primary: primary.address },
      ...{ transferredAt: now, checkedAt: now },
    };
    const serial = serialOf(all[0]!);
    let isHeld = true;
    const stored = work.change({ actor: system, cause: `secondary zone ${zone} transferred` }, (change) => {
      const rows = change.rows(secondaryZoneRows);
      const row = rows.zone(name);
      if (!row || isStopped()) return;
      rows.putZone({ ...row, version });
      rows.putContent(name, content);
      change.event('secondary-zone.transferred', { zone, serial, primary: primary.address });
      change.afterCommit(() => {
        isHeld = false;
        zones.commit({ set: [firstDraft(image)] });
        lost = false;
        tools.onServed(name);
      });
    });
    // Also where nothing could be written at all: it is tried again and again.
    await stored.finally(() => isHeld && giveImage(image));
    log.info(
      { zone, serial, primary: textOf(primary), records: all.length },
      'a secondary zone was transferred',
    );
    succeeded(undefined);
  };
  const checked = (primary: Primary): Promise<void> =>
    work.change({ actor: system, cause: `secondary zone ${zone} checked` }, (change) => {
      const rows = change.rows(secondaryZoneRows);
      const row = rows.zone(name);
      if (!row?.version || isStopped()) return;
      const version = { ...row.version, checkedAt: clock.now(), primary: primary.address };
      rows.putZone({ ...row, version });
    });
  const succeeded = (problem: string | undefined): void => {
    const before = state.failures;
    state.failures = 0;
    state.problem = problem;
    if (before > 0) void tell('secondary-zone.mended', { zone });
  };
  const failed = async (problems: readonly string[]): Promise<void> => {
    if (isStopped()) return;
    state.failures++;
    state.problem = problems.join('; ');
    log.warn({ zone, reason: state.problem }, 'no primary of a secondary zone gives it');
    if (state.failures === 1) await tell('secondary-zone.failed', { zone, reason: state.problem });
  };

  const here = versionHere();
  wait(
    here ? Math.max(0, here.checkedAt + pause(intervalsOf(here.soa), 0, random.float()) - clock.now()) : 0,
  );
  waitForExpiry();
  return {
    name,
    state,
    refresh,
    notified(client, serial) {
      const row = reads.zone(name);
      const since = row && soaOf(row);
      // RFC 1996 §3.8: only that it is the one that is here is a reason not to ask.
      const isNews = serial === undefined || !since || serial !== serialOf(since);
      if (!isNews && state.failures === 0 && isServed(zones, name)) return;
      const early = endedAt + SHORTEST_GAP - clock.monotonic();
      // A round under way has one more come after it.
      if (early > 0 && !state.checking) wait(early, client);
      else refresh(client);
    },
    changed() {
      edition++;
      state.failures = 0;
      refresh();
    },
    loaded() {
      const version = versionHere();
      if (!version || expiresAt(version) <= clock.now() || isServed(zones, name)) return;
      lost = true;
      refresh();
    },
    async stop() {
      stopping.abort();
      refreshing?.cancel();
      expiring?.cancel();
      await running;
    },
  };
}

function soaOf({ name, version }: SecondaryZone): ResourceRecord | undefined {
  return version && { owner: name, type: Type.SOA, ttl: 0, rdata: version.soa };
}

/** Who says that there is something is asked first. */
function ordered(primaries: readonly Primary[], first: string | undefined): Primary[] {
  const isFirst = ({ address }: Primary): boolean => address === first;
  return [...primaries.filter(isFirst), ...primaries.filter((primary) => !isFirst(primary))];
}

function behindText({ primary, behind }: { primary: Primary; behind?: number | undefined }): string {
  return `${textOf(primary)} has the serial ${behind}, which is earlier than what is here: nothing is taken of it before its serial is later`;
}
