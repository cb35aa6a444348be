import { type Clock, epochSeconds } from '../../core/clock.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { eachStep, inSlices, type Steps } from '../../core/slices.ts';
import type { ContentChange } from '../../dns/dnssec/draft.ts';
import { defaultSignPolicy, type SignOptions, type SignPolicy } from '../../dns/dnssec/policy.ts';
import type { SignPool } from '../../dns/dnssec/sign-pool.ts';
import { type SignedChange, signZone } from '../../dns/dnssec/sign-zone.ts';
import type { Name } from '../../dns/wire/name.ts';
import { openImage } from '../../dns/zone/image-reader.ts';
import { creatingImage, type Draft, type NodeRow, updatingImage } from '../../dns/zone/image-update.ts';
import { imageView } from '../../dns/zone/image-view.ts';
import type { ZoneImage } from '../../dns/zone/image.ts';
import type { NodeChange, ZoneView } from '../../dns/zone/node.ts';
import type { SlabMemory } from '../../dns/zone/slab-memory.ts';
import type { Why } from '../../work/unit-of-work.ts';
import { compose, composing } from '../compose.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Transaction, ZoneRow } from '../store.ts';
import { contentAt, realChanges, wholeContent } from './content.ts';
import { hasDigest, takesDigest } from './digest.ts';
import { encodeJournal, type JournalEntry, LOST } from './journal.ts';
import { firstJournal, isMachinery, journalOf } from './node-records.ts';
import { nextSerial } from './serial.ts';
import type { RecordSources } from './sources.ts';
import { wholeInput, zoneInput } from './zone-input.ts';

const DAY = 86_400;

/** Seconds: zones that were signed at one moment do not come back at one moment. */
const RESIGN_SPREAD = DAY;

export interface ZonePublisherOptions {
  keys: KeyRing;
  sources: RecordSources;
  /** Where versions are made. */
  memory: SlabMemory;
  pool: SignPool;
  clock: Clock;
  random: Random;
  policy?: SignPolicy;
}

/** Which part of a zone may have changed. */
export interface Touched {
  owners: readonly Name[] | 'all';
  /** Signatures about to expire are renewed: those at `owners`, or all. A new version comes of it in any case. */
  renew?: 'owners' | 'everything' | undefined;
  /** Nothing of the version before is used: all is derived, signed and stored anew. Goes with all owners. */
  anew?: boolean | undefined;
  /** With those touched in changes before they are all owners: the zone has taken over the box as it was at this generation. */
  generation?: number | undefined;
}

export interface PublishedImage {
  serial: number;
  /** To be served when the transaction is committed, or discarded. */
  draft: Draft;
  /** How many were made for it. */
  signatures: number;
}

/**
 * Makes the next version of one zone and stores it: derives what was touched, signs what differs from the served version, writes
 * the nodes that changed, the journal and the serial. Nothing is served until the transaction is committed.
 * @returns undefined when the version that is served says it all already
 */
export type PublishZone = (
  tx: Transaction,
  zone: ZoneRow,
  served: ZoneImage | undefined,
  touched: Touched,
  why: Readonly<Why>,
) => Promise<PublishedImage | undefined>;

export function zonePublisher(options: ZonePublisherOptions): PublishZone {
  const { clock } = options;
  const policy = options.policy ?? defaultSignPolicy;

  return async (tx, zone, served, touched, why) => {
    const now = epochSeconds(clock);
    const before = served && imageView(served);
    const base = touched.anew ? undefined : served;
    const serial = nextSerial(zone.serial, now);
    const signed = await signTouched(
      { tx, zone, view: base && before, touched, serial, now },
      { ...options, policy },
    );
    const whole = takenOver(tx, zone, touched);
    if (!signed) {
      tx.updateZone(zone.id, whole);
      return undefined;
    }
    const making = base
      ? updatingImage(base, signed.changes)
      : creatingImage(options.memory, zone.name, signed.changes);
    const draft = await inSlices(making, clock);
    try {
      // What no worker could read is found out here, where the change can still be refused.
      openImage(draft.image);
      if (!base && !isNew(zone)) await inSlices(clearNodes(tx, zone), clock);
      await inSlices(putNodes(tx, zone, draft.nodes), clock);
      const changes = base ? signed.changes : await inSlices(withGone(before, signed.changes), clock);
      const stored = await inSlices(storeVersion(tx, zone, serial, before, changes, now, why), clock);
      tx.updateZone(zone.id, {
        serial,
        records: stored.records,
        resignAt: resignAt(zone, signed, policy, options.random),
        expiresAt: expiresAt(zone, signed),
        ...whole,
      });
    } catch (error) {
      draft.discard();
      throw error;
    }
    return { serial, draft, signatures: signed.signatures };
  };
}

/** What of the box the zone has taken over with this change. */
function takenOver(
  tx: Transaction,
  zone: ZoneRow,
  { owners, generation }: Touched,
): Partial<Pick<ZoneRow, 'generation'>> {
  if (owners === 'all') return { generation: tx.generation() };
  return generation === undefined ? {} : { generation: Math.max(zone.generation, generation) };
}

/** Whether nothing can be stored of it. */
export function isNew({ serial, records }: ZoneRow): boolean {
  return serial === undefined && records === 0;
}

/** The version to be made. */
interface NextVersion {
  tx: Transaction;
  zone: ZoneRow;
  /** What it is made of; undefined when it is made from nothing. */
  view: ZoneView | undefined;
  touched: Touched;
  serial: number;
  now: number;
}

/** What changes of the zone, signed; undefined when that is nothing. */
async function signTouched(
  { tx, zone, view, touched, serial, now }: NextVersion,
  options: ZonePublisherOptions & { policy: SignPolicy },
): Promise<SignedChange | undefined> {
  const { clock, policy, random } = options;
  // Opened before it is needed: the zones that are under way beside this one send theirs together.
  const batch = options.pool.batch();
  try {
    const content = await inSlices(zoneContent(tx, zone, serial, view, touched, options), clock);
    const digest = takesDigest(zone, content, touched.owners === 'all' || !view);
    const isOther = view !== undefined && digest !== hasDigest(view);
    const changed = touched.renew || isOther ? content : await inSlices(realChanges(view, content), clock);
    if (changed.length === 0) return undefined;
    const isApex = ({ owner }: ContentChange): boolean => owner.equals(zone.name);
    const apex = changed.some(isApex) ? [] : content.filter(isApex);
    const signing: SignOptions = {
      origin: zone.name,
      keys: options.keys.signingKeys(tx, zone),
      policy: signPolicy(policy, zone, touched),
      now,
      random,
      scope: touched.renew === 'everything' ? 'everything' : 'changes',
      digest,
    };
    return await signZone(view, [...changed, ...apex], signing, batch, clock);
  } finally {
    batch.abandon();
  }
}

/** Rows written in one go. */
const ROWS = 200;

/** What is stored of the version before; rows that cannot be read, too. */
function* clearNodes(tx: Transaction, zone: ZoneRow): Steps<void> {
  for (;;) {
    const places = tx.nodePlaces(zone.id, ROWS);
    if (places.length === 0) return;
    tx.putNodes(
      zone.id,
      places.map((place) => ({ ...place, node: null })),
    );
    yield;
  }
}

function* putNodes(tx: Transaction, zone: ZoneRow, nodes: readonly NodeRow[]): Steps<void> {
  for (let at = 0; at < nodes.length; at += ROWS) {
    tx.putNodes(zone.id, nodes.slice(at, at + ROWS));
    yield;
  }
}

function* zoneContent(
  tx: Transaction,
  zone: ZoneRow,
  serial: number,
  view: ZoneView | undefined,
  touched: Touched,
  { sources }: ZonePublisherOptions,
): Steps<ContentChange[]> {
  const box = tx.box();
  if (!box) throw new Error('a zone cannot be published before the box has a hostname');
  if (touched.owners === 'all' || !view) {
    const input = yield* wholeInput(tx, sources, box, zone, serial);
    return yield* wholeContent(view, yield* composing(input));
  }
  const owners = yield* uniqueOwners(zone.name, touched.owners);
  return yield* contentAt(owners, (some) => {
    const input = zoneInput(tx, sources, box, zone, serial, some);
    return compose(input, new Set(some.map((owner) => owner.key)));
  });
}

function* uniqueOwners(apex: Name, owners: readonly Name[]): Steps<Name[]> {
  const unique = new Map([[apex.key, apex]]);
  yield* eachStep(owners, (owner) => unique.set(owner.key, owner));
  return [...unique.values()];
}

function signPolicy(policy: SignPolicy, zone: ZoneRow, touched: Touched): SignPolicy {
  const refresh = touched.renew ? earlyRefresh(policy) : policy.refresh;
  return { ...policy, denial: zone.denial, refresh };
}

/**
 * Signatures with less than this left (seconds) are renewed once a zone has fallen due: with the first one go all that would fall due
 * soon after, in one version instead of one for each.
 */
export function earlyRefresh(policy: SignPolicy): number {
  return policy.refresh + policy.jitter + RESIGN_SPREAD;
}

function resignAt(
  zone: ZoneRow,
  { earliestExpiration, complete }: SignedChange,
  policy: SignPolicy,
  random: Random,
): number | undefined {
  if (earliestExpiration === undefined) return zone.resignAt;
  const due = earliestExpiration - policy.refresh - randomInteger(random, RESIGN_SPREAD);
  return complete || zone.resignAt === undefined ? due : Math.min(zone.resignAt, due);
}

/** Nodes of the version before that are not among those of a zone made anew. */
function* withGone(view: ZoneView | undefined, changes: readonly NodeChange[]): Steps<readonly NodeChange[]> {
  if (!view) return changes;
  const kept = new Set(changes.map(({ kind, owner }) => `${kind} ${owner.key}`));
  const gone: NodeChange[] = [];
  for (const kind of ['name', 'nsec3'] as const)
    yield* eachStep(kind === 'name' ? view.nodes() : view.nsec3Nodes(), ({ owner }) => {
      if (!kept.has(`${kind} ${owner.key}`)) gone.push({ kind, owner, node: undefined });
    });
  return [...changes, ...gone];
}

function expiresAt(zone: ZoneRow, { earliestExpiration, complete }: SignedChange): number | undefined {
  if (earliestExpiration === undefined || complete) return earliestExpiration ?? zone.expiresAt;
  return Math.min(zone.expiresAt ?? Infinity, earliestExpiration);
}

/** Octets from which on the DNSSEC part of a difference is not kept: most of what was signed then is signed anew, and a large row holds up a commit. */
const MACHINERY_KEPT = 1024 * 1024;

/** The DNSSEC part of a difference, as it is stored; undefined when it is not kept. */
function* encodeMachinery(journal: readonly JournalEntry[]): Steps<Uint8Array | undefined> {
  const entries: JournalEntry[] = [];
  let octets = 0;
  yield* eachStep(journal, (entry) => {
    if (!isMachinery(entry.type)) return;
    entries.push(entry);
    octets += entry.owner.wire.length + entry.rdata.length;
  });
  return octets > MACHINERY_KEPT ? undefined : yield* encodeJournal(entries);
}

/** @returns how many records (RRSIG, NSEC and NSEC3 apart) the zone has with it. */
function* storeVersion(
  tx: Transaction,
  zone: ZoneRow,
  serial: number,
  before: ZoneView | undefined,
  changes: readonly NodeChange[],
  now: number,
  { cause, actor }: Readonly<Why>,
): Steps<{ records: number }> {
  // From a first version no difference leads further back: what signing added to it would never be asked for.
  const journal = before ? yield* journalOf(before, changes) : yield* firstJournal(changes);
  const plain: JournalEntry[] = [];
  let added = 0;
  yield* eachStep(journal, (entry) => {
    if (isMachinery(entry.type)) return;
    plain.push(entry);
    if (entry.op === '+') added++;
  });
  const removed = plain.length - added;
  // There was a version that cannot be read any more: what this one changes cannot be known.
  const isLost = !before && zone.serial !== undefined;
  tx.insertVersion(zone.id, {
    serial,
    publishedAt: toRfc3339(now * 1000),
    cause,
    actor: actor.name,
    added: isLost ? 0 : added,
    removed,
    changeId: tx.lastRecordChange(),
    diff: isLost ? LOST : yield* encodeJournal(plain),
    dnssec: before && (yield* encodeMachinery(journal)),
  });
  return { records: (before ? zone.records : 0) + added - removed };
}
