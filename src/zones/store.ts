import type { Name } from '../dns/wire/name.ts';
import type { NodeRow } from '../dns/zone/image-update.ts';
import type { StoredNode } from '../dns/zone/node-codec.ts';
import { RowsKey, type Snapshot } from '../work/rows.ts';
import type { Box, CustomRecord, Domain, ParentState, Zone } from './model.ts';

/*
 * What is kept of zones. `Reads` outside of a change see only what is committed; inside one (Transaction) they see its own writes; the
 * rows of other parts, in the same state, are at hand by their keys. Lists that grow with the box are paged or limited to a subtree, so that one change never walks all of them.
 */

/** A zone with what the publisher keeps about it. */
export interface ZoneRow extends Zone {
  id: number;
  /** Whether it is served. A zone that is not keeps its keys, versions and serial for the day it comes back. */
  active: boolean;
  /** Whether its versions get a digest of them (ZONEMD, RFC 8976), as long as it is not too large. */
  digest: boolean;
  /** Records that are served, without RRSIG, NSEC, NSEC3 and ZONEMD. */
  records: number;
  /** Seconds since the epoch at which its signatures must be renewed; undefined before the first publication. */
  resignAt: number | undefined;
  /** Seconds since the epoch before which no signature that is served expires; undefined before the first publication. */
  expiresAt: number | undefined;
  /** The box as it was when the zone was last derived as a whole. */
  generation: number;
}

/** A key of a zone as it is kept: the private key sealed. */
export interface ZoneKeyRow {
  id: number;
  keyTag: number;
  algorithm: number;
  flags: number;
  role: 'CSK' | 'KSK' | 'ZSK';
  /** `active`: published and signing. Roll-overs add more. */
  state: string;
  dnskey: Uint8Array;
  sealedPrivateKey: Uint8Array;
  /** RFC 3339. */
  createdAt: string;
}

/** What of a key everybody may know. */
export type PublicKey = Pick<ZoneKeyRow, 'role' | 'state' | 'dnskey'>;

/** A published version of a zone. */
export interface VersionRow {
  id: number;
  serial: number;
  /** RFC 3339. */
  publishedAt: string;
  cause: string;
  actor: string;
  added: number;
  removed: number;
  /** The last change of custom records, of any zone, when this version was published. */
  changeId: number;
}

/** The octets of a version's difference to the one before; `dnssec` is dropped when old. */
export interface VersionDiff {
  serial: number;
  diff: Uint8Array;
  dnssec: Uint8Array | undefined;
}

export interface RecordChange {
  id: number;
  op: 'add' | 'remove';
  record: CustomRecord;
}

/** A part of an ordered list: from after `after` on. */
export interface Slice {
  after: Name | undefined;
  limit: number;
}

/** A local domain with how its parent was judged when it was asked last; undefined where DNS is elsewhere. */
export interface ListedDomain extends Domain {
  parent: ParentState | undefined;
}

/** Which domains are wanted; what is left out leaves none out. */
export interface DomainFilter {
  /** Names that contain this text. */
  search?: string | undefined;
  dns?: Domain['dns'] | undefined;
  mail?: boolean | undefined;
  /** Local domains of which the parent was judged to be one of these. */
  parent?: readonly ParentState[] | undefined;
}

/** In canonical order, or by when they were added; those of one second then in canonical order. */
export interface DomainOrder {
  by: 'name' | 'createdAt';
  descending: boolean;
}

/** A part of a list of domains: from after the place `after` on. */
export interface DomainList {
  filter: DomainFilter;
  order: DomainOrder;
  after: Pick<Domain, 'name' | 'createdAt'> | undefined;
  limit: number;
}

/** A zone that waits for the box as it is now: they stand in the order of what they have, then of their names. */
export interface StaleZone extends Pick<ZoneRow, 'generation' | 'name'> {
  /** Whether it is that of a mail domain. */
  mail: boolean;
}

export interface StaleSlice {
  /** Those derived for an earlier generation than this. */
  before: number;
  after: Pick<StaleZone, 'generation' | 'name'> | undefined;
  limit: number;
}

/** Where a record stands among the others. */
export type RecordPlace = Pick<CustomRecord, 'owner' | 'type' | 'value' | 'id'>;

export type NodePlace = Pick<StoredNode, 'kind' | 'key'>;

/** Where the row of a record stands, whether it can be read or not. */
export interface StoredPlace {
  ownerKey: Uint8Array;
  type: number;
  value: string;
  id: string;
}

/** A part of the records in their order: from after `after` on. */
export interface RecordSlice {
  after: RecordPlace | undefined;
  limit: number;
}

export interface Reads extends Snapshot {
  box(): Box | undefined;

  domain(name: Name): Domain | undefined;
  /** In canonical order. */
  domains(slice: Slice): Domain[];
  /** Those that a list asks for, in its order. */
  listDomains(list: DomainList): ListedDomain[];
  /** How the parent of a local domain was judged when it was asked last. */
  parentState(name: Name): ParentState;
  domainCounts(): Record<Domain['dns'], number>;
  /** At or below a name, in canonical order. */
  domainsBelow(name: Name): Domain[];
  /** Names of mail domains, in canonical order. */
  mailDomains(slice: Slice): Name[];

  zone(name: Name): ZoneRow | undefined;
  activeZones(slice: Slice): ZoneRow[];
  /** The same, of which only this is wanted: of many zones. */
  activeZoneNames(slice: Slice): Pick<ZoneRow, 'id' | 'name' | 'records'>[];
  /** The names alone, in lower case: of all zones. */
  activeNames(slice: Slice): Name[];
  activeZonesBelow(name: Name): ZoneRow[];
  activeZoneCount(): number;
  /** Active zones whose signatures are to be renewed by `time` (seconds since the epoch), the earliest first. */
  zonesToResign(time: number, limit: number): ZoneRow[];
  /** How many there are of them. */
  zonesToResignCount(time: number): number;
  /** When the first active zone wants new signatures. */
  nextResign(): number | undefined;
  /** Before it, no signature of an active zone expires (seconds since the epoch). */
  firstExpiration(): number | undefined;
  /** Rises with every change of the box that all zones are to take over. */
  generation(): number;
  /** Active zones that have not taken over the box as it was at a generation; from after `after` on. */
  staleZones(slice: StaleSlice): StaleZone[];
  /** How many have not taken over the box as it is now. */
  staleZoneCount(): number;
  /** Where the first rows of a zone stand, names and then NSEC3, each in order of key; damaged ones, too. */
  nodePlaces(zoneId: number, limit: number): NodePlace[];
  /** The octets of some of them, from after `after` on: what an image is built of. @throws Error when one is damaged */
  nodeSlice(zoneId: number, after: NodePlace | undefined, limit: number): Uint8Array[];

  keys(zoneId: number): ZoneKeyRow[];

  record(id: string): CustomRecord | undefined;
  recordsAt(owner: Name): CustomRecord[];
  /** At or below a name, in canonical order of owner, then by type and value; from after `after` on. */
  recordsBelow(name: Name, slice?: RecordSlice): CustomRecord[];
  /** The rows of records at or below a name, from after `after` on; `record` is undefined where the row is damaged. */
  storedRecords(
    name: Name,
    after: StoredPlace | undefined,
    limit: number,
  ): (StoredPlace & { record: CustomRecord | undefined })[];
  /** What a record at or below a name was when it was added, as the log of changes has it; undefined when it says nothing. */
  recordAsAdded(name: Name, id: string): CustomRecord | undefined;
  /** Of the given types, at or below a name, in the same order. */
  recordsOfTypes(name: Name, types: readonly number[], slice?: RecordSlice): CustomRecord[];

  /** MX, NS and SRV records at or below `zone` that lead to this host; the first `limit`. */
  recordsTo(host: Name, zone: Name, limit: number): CustomRecord[];
  /** The hosts at or below a name that MX, NS and SRV records at or below `zone` lead to. */
  targetsBelow(name: Name, zone: Name): Name[];

  /** Newest first, from before the id `before` on. */
  versions(zoneId: number, slice: { before: number | undefined; limit: number }): VersionRow[];
  version(zoneId: number, serial: number): VersionRow | undefined;
  /** Differences of the versions after `fromId` up to `toId`, oldest first. */
  diffs(zoneId: number, fromId: number, toId: number): VersionDiff[];
  /**
   * Changes of custom records at or below a name after the change `after`, newest first: those too that were made while the name
   * was in another zone.
   */
  recordChangesSince(name: Name, after: number): RecordChange[];
  /** The oldest version of a zone that is kept. */
  oldestVersion(zoneId: number): VersionRow | undefined;
  /** The latest change of custom records in any zone. */
  lastRecordChange(): number;
}

/** What changes of a zone; `removedAt` (RFC 3339): since when it is not served. */
export type ZoneUpdate = Partial<
  Pick<
    ZoneRow,
    'active' | 'ttl' | 'denial' | 'digest' | 'serial' | 'records' | 'resignAt' | 'expiresAt' | 'generation'
  >
> & { removedAt?: string | undefined };

export interface Transaction extends Reads {
  putBox(box: Box): void;
  putDomain(domain: Domain): void;
  /** The same of all local domains at or below a name: they have one parent. */
  putParentState(name: Name, state: ParentState): void;
  deleteDomain(name: Name): void;
  /** Makes the zone, inactive; its serial is that of a zone of this name that was purged. */
  insertZone(zone: Pick<Zone, 'name' | 'ttl' | 'denial'>): ZoneRow;
  updateZone(id: number, change: ZoneUpdate): void;
  /** All zones are to be derived anew. */
  raiseGeneration(): void;
  putNodes(zoneId: number, rows: readonly NodeRow[]): void;
  insertKey(
    zoneId: number,
    key: Omit<ZoneKeyRow, 'id' | 'sealedPrivateKey'>,
    seal: (id: number) => Uint8Array,
  ): ZoneKeyRow;
  /** Puts right what is kept of a key. */
  mendKey(id: number, key: Pick<ZoneKeyRow, 'dnskey' | 'sealedPrivateKey'>): void;
  insertVersion(zoneId: number, version: Omit<VersionRow, 'id'> & Omit<VersionDiff, 'serial'>): void;
  /** What this version changed is not known any more: its difference becomes empty, which that of no other version is. */
  forgetDiff(versionId: number): void;
  /** Versions of all zones in the order in which they were published, from after the id `after` on. */
  versionsAfter(after: number, limit: number): { id: number; zoneId: number; publishedAt: string }[];
  /** Drops the oldest versions of a zone up to the id `through`, but for its newest `atLeast`. @returns how many, at most `limit` */
  dropVersions(zoneId: number, which: { through: number; atLeast: number; limit: number }): number;
  /** Drops the DNSSEC part of a version's difference. @returns whether it was there */
  dropDnssecDiff(versionId: number): boolean;
  /** Changes of records that are kept for a zone, up to the id `through`, oldest first. */
  recordChangesOf(zoneId: number, through: number, limit: number): { id: number; owner: Name }[];
  /** It is kept for another zone from now on. */
  giveRecordChange(id: number, zoneId: number): void;
  deleteRecordChange(id: number): void;
  /** A zone that has not been served since before `time` (RFC 3339), the one that went first. */
  removedZone(time: string): ZoneRow | undefined;
  /** The zone has no name any more, and is to be deleted; its serial is kept. */
  beginPurge(zone: ZoneRow): void;
  /** A zone that is to be deleted. */
  purgingZone(): number | undefined;
  /** Deletes nodes of a zone. @returns how many, at most `limit` */
  purgeNodes(zoneId: number, limit: number): number;
  /** Deletes the keys of a zone and itself. */
  endPurge(zoneId: number): void;
  insertRecord(zoneId: number, record: CustomRecord): void;
  /** Puts right the row of a record, by its id. */
  mendRecord(record: CustomRecord): void;
  deleteRecord(zoneId: number, record: CustomRecord): void;
}

/** A zone as it is stored. */
export interface WholeZone extends Pick<ZoneRow, 'id' | 'name' | 'records'> {
  /** All its nodes in order, until the next zones are asked for; undefined where they are to be read one slice after the other. */
  nodes: Uint8Array[] | undefined;
}

/** All active zones, read in another thread. */
export interface ZoneFeed {
  /** Some of them; undefined: that was all. @throws Error when they cannot be read there */
  next(): Promise<WholeZone[] | undefined>;
  close(): Promise<void>;
}

export const zoneRows = new RowsKey<Reads, Transaction>('zones');

/** What is committed of zones. */
export interface Store {
  read: Reads;
}
