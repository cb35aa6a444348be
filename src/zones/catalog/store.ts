import type { Name } from '../../dns/wire/name.ts';
import { RowsKey } from '../../work/rows.ts';

/** The catalog zone, as it is kept: its name stays for good, as secondaries are set up with it. */
export interface CatalogState {
  name: Name;
  /** Goes on where it was when nobody takes the catalog for a while. */
  serial: number;
  /** Whether there is a secondary that takes it: only then changes are written down. */
  taken: boolean;
}

/** A zone that comes to the catalog, or goes. */
export interface MemberChange {
  op: 'add' | 'remove';
  zoneId: number;
  name: Name;
}

export interface CatalogReads {
  catalog(): CatalogState | undefined;
  /** The id of the last change that is written down; 0 is none. */
  lastMemberChange(): number;
  /** The id of the last change of the version with this serial; undefined when it is not known. */
  memberChangeOf(serial: number): number | undefined;
  /** Changes after this id, oldest first. */
  memberChanges(after: number, limit: number): (MemberChange & { id: number })[];
}

export interface CatalogWrites extends CatalogReads {
  putCatalog(state: CatalogState): void;
  /** Written down for the version with this serial; older ones are forgotten, but for the newest `keep`. */
  addMemberChanges(serial: number, changes: readonly MemberChange[], keep: number): void;
  clearMemberChanges(): void;
}

export const catalogRows = new RowsKey<CatalogReads, CatalogWrites>('catalog');
