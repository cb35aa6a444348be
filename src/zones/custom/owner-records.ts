import { canonicalRdata } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Box, CustomRecord } from '../model.ts';
import { textKind } from '../text.ts';
import { RR_OVERHEAD } from './limits.ts';
import { resolveCustom } from './resolve.ts';

/** What is asked of the person's records at one name. */
export interface RecordsAt {
  /** Of all types. */
  readonly count: number;
  has(type: number): boolean;
  types(): number[];
  rrset(type: number): RRsetRecords | undefined;
}

/** The person's records at one name: a question costs the same, however many there are. */
export class OwnerRecords implements RecordsAt {
  readonly #box: Box;
  readonly #rrsets = new Map<number, RRsetRecords>();
  #count = 0;

  constructor(box: Box, records: Iterable<CustomRecord> = []) {
    this.#box = box;
    for (const record of records) this.take(record);
  }

  get count(): number {
    return this.#count;
  }

  has(type: number): boolean {
    return this.#rrsets.has(type);
  }

  types(): number[] {
    return [...this.#rrsets.keys()];
  }

  rrset(type: number): RRsetRecords | undefined {
    return this.#rrsets.get(type);
  }

  take(record: CustomRecord): void {
    const rrset = this.#rrsets.get(record.type) ?? new RRsetRecords(record.type, this.#box);
    this.#rrsets.set(record.type, rrset);
    if (rrset.take(record)) this.#count++;
  }

  drop(record: CustomRecord): void {
    const rrset = this.#rrsets.get(record.type);
    if (!rrset?.drop(record)) return;
    this.#count--;
    if (rrset.count === 0) this.#rrsets.delete(record.type);
  }
}

/** The types that there are without a record; what else is asked is answered as if it were there. */
export function withoutRecord(there: RecordsAt, { type }: CustomRecord): RecordsAt {
  if (there.rrset(type)?.count !== 1) return there;
  return {
    count: there.count - 1,
    has: (other) => other !== type && there.has(other),
    types: () => there.types().filter((other) => other !== type),
    rrset: (other) => (other === type ? undefined : there.rrset(other)),
  };
}

/** The person's records of one type at one name. Their rdata is read when it is first asked for. */
export class RRsetRecords {
  readonly #type: number;
  readonly #box: Box;
  /** By value. */
  readonly #records = new Map<string, CustomRecord>();
  #rdata: RRsetData | undefined;

  constructor(type: number, box: Box) {
    this.#type = type;
    this.#box = box;
  }

  get count(): number {
    return this.#records.size;
  }

  /** Octets that they take in an answer. */
  get octets(): number {
    return this.#data().octets;
  }

  first(): CustomRecord | undefined {
    return this.#records.values().next().value;
  }

  all(): CustomRecord[] {
    return [...this.#records.values()];
  }

  /** Those that stand for this rdata: by themselves, or among others. */
  standingFor(rdata: Uint8Array): readonly CustomRecord[] {
    return this.#data().byRdata.get(rdataKey(this.#type, rdata)) ?? [];
  }

  /** The record that says the same: `local` only the one of that value, rdata every one that stands for it. */
  same(value: string, rdata: Uint8Array | undefined): CustomRecord | undefined {
    const found = this.#records.get(value);
    return found || !rdata ? found : this.standingFor(rdata)[0];
  }

  /** Whether one of the TXT records is of this kind (`textKind`). */
  hasKind(kind: string): boolean {
    return (this.#data().kinds.get(kind) ?? 0) > 0;
  }

  /** How many of the MX records say that there is no mail (RFC 7505 §3: preference 0, the root). */
  get nullMxs(): number {
    return this.#data().nullMxs;
  }

  /** @returns whether it was not there */
  take(record: CustomRecord): boolean {
    const before = this.#records.get(record.value);
    if (before) this.drop(before);
    this.#records.set(record.value, record);
    if (this.#rdata) this.#note(this.#rdata, record, 1);
    return !before;
  }

  /** @returns whether it was there */
  drop({ value }: CustomRecord): boolean {
    const record = this.#records.get(value);
    if (!record) return false;
    this.#records.delete(value);
    if (this.#rdata) this.#note(this.#rdata, record, -1);
    return true;
  }

  #data(): RRsetData {
    if (!this.#rdata) {
      this.#rdata = { octets: 0, byRdata: new Map(), kinds: new Map(), nullMxs: 0 };
      for (const record of this.#records.values()) this.#note(this.#rdata, record, 1);
    }
    return this.#rdata;
  }

  #note(data: RRsetData, record: CustomRecord, by: 1 | -1): void {
    for (const rdata of resolveCustom(record, this.#box)) {
      const key = rdataKey(this.#type, rdata);
      const others = (data.byRdata.get(key) ?? []).filter((other) => other !== record);
      // An address that `local` stands for may be written out as well: it is served once.
      if (others.length === 0) data.octets += by * (rdata.length + RR_OVERHEAD);
      if (by === 1) others.push(record);
      if (others.length > 0) data.byRdata.set(key, others);
      else data.byRdata.delete(key);
      const kind = this.#type === Type.TXT ? textKind(rdata) : undefined;
      if (kind !== undefined) data.kinds.set(kind, (data.kinds.get(kind) ?? 0) + by);
      if (this.#type === Type.MX && rdata.length === 3) data.nullMxs += by;
    }
  }
}

/** What the records of an RRset come to together. */
interface RRsetData {
  octets: number;
  byRdata: Map<string, CustomRecord[]>;
  kinds: Map<string, number>;
  nullMxs: number;
}

/** Rdata as a Map key; names in it are the same without regard to case (RFC 4343). */
export function rdataKey(type: number, rdata: Uint8Array): string {
  return Buffer.from(canonicalRdata(type, rdata)).toString('latin1');
}
