import type { TsigAlgorithm } from '../../dns/message/tsig.ts';
import type { Name } from '../../dns/wire/name.ts';
import { RowsKey } from '../../work/rows.ts';

/** Records that may be changed with a key. */
export interface UpdateGrant {
  zone: Name;
  /** Patterns: a `*` in front stands for one label or more. undefined: every name of the zone. */
  owners: readonly Name[] | undefined;
  /** undefined: every type. */
  types: readonly number[] | undefined;
}

/** A secret that a secondary signs with, or who updates zones. */
export interface TsigKeyRow {
  name: Name;
  algorithm: TsigAlgorithm;
  sealedSecret: Uint8Array;
  /** The zones that it opens. */
  transfer: 'all' | readonly Name[];
  /** What may be changed with it (RFC 2136). */
  update: readonly UpdateGrant[];
  /** RFC 3339. */
  createdAt: string;
}

/** A nameserver of somebody else's that takes our zones. */
export interface Secondary {
  name: Name;
  /** Where it asks from and is asked; none: what its name resolves to. */
  addresses: readonly string[];
  port: number;
  /** The key that it signs with; undefined: its addresses are enough. */
  tsigKey: Name | undefined;
  /** Whether zones are to have an NS record for it. */
  publish: boolean;
  /** Whether it learns from the catalog zone which zones there are. */
  catalog: boolean;
  /** RFC 3339. */
  createdAt: string;
}

/** There are a few of each: lists are whole, in order of name. */
export interface SecondaryReads {
  keys(): TsigKeyRow[];
  key(name: Name): TsigKeyRow | undefined;
  secondaries(): Secondary[];
  secondary(name: Name): Secondary | undefined;
}

export interface SecondaryWrites extends SecondaryReads {
  insertKey(key: TsigKeyRow): void;
  deleteKey(name: Name): void;
  putSecondary(secondary: Secondary): void;
  deleteSecondary(name: Name): void;
}

export const secondaryRows = new RowsKey<SecondaryReads, SecondaryWrites>('secondaries');
