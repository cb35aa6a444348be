import type { Name } from '../../dns/wire/name.ts';
import type { SignedRRset, ZoneView } from '../../dns/zone/node.ts';
import { rdataKey } from '../custom/owner-records.ts';

/** What is served of a zone, at the names that an update asks about: each is read once, however often it is asked for. */
export class ServedRRsets {
  readonly #view: ZoneView;
  readonly #names = new Map<string, Map<number, SignedRRset>>();
  readonly #rdatas = new Map<SignedRRset, ReadonlySet<string>>();

  constructor(view: ZoneView) {
    this.#view = view;
  }

  types(owner: Name): number[] {
    return [...this.#at(owner).keys()];
  }

  hasType(owner: Name, type: number): boolean {
    return this.#at(owner).has(type);
  }

  first(owner: Name, type: number): Uint8Array | undefined {
    return this.#at(owner).get(type)?.rdatas[0];
  }

  has(owner: Name, type: number, rdata: Uint8Array): boolean {
    return this.#keys(owner, type).has(rdataKey(type, rdata));
  }

  /** Whether the RRset is these records, in any order, and no others (RFC 2136 §2.4.2). */
  is(owner: Name, type: number, rdatas: readonly Uint8Array[]): boolean {
    const wanted = new Set(rdatas.map((rdata) => rdataKey(type, rdata)));
    const there = this.#keys(owner, type);
    return there.size === wanted.size && [...wanted].every((key) => there.has(key));
  }

  #at(owner: Name): Map<number, SignedRRset> {
    let rrsets = this.#names.get(owner.key);
    if (!rrsets) {
      const found = this.#view.node(owner)?.rrsets ?? [];
      this.#names.set(owner.key, (rrsets = new Map(found.map((rrset) => [rrset.type, rrset]))));
    }
    return rrsets;
  }

  #keys(owner: Name, type: number): ReadonlySet<string> {
    const rrset = this.#at(owner).get(type);
    if (!rrset) return new Set();
    let keys = this.#rdatas.get(rrset);
    if (!keys) this.#rdatas.set(rrset, (keys = new Set(rrset.rdatas.map((one) => rdataKey(type, one)))));
    return keys;
  }
}
