import { parseBase32Hex } from '../../src/dns/rdata/base32hex.ts';
import type { NodeChange, ZoneNode, ZoneView } from '../../src/dns/zone/node.ts';
import type { Name } from '../../src/dns/wire/name.ts';

/** A zone version as plain sorted arrays: simple enough to trust in tests of what reads a ZoneView. */
export class MemoryView implements ZoneView {
  readonly origin: Name;
  readonly #names: ZoneNode[];
  readonly #hashes: { hash: Uint8Array; node: ZoneNode }[];
  readonly #byKey: Map<string, ZoneNode>;

  constructor(origin: Name, names: ZoneNode[] = [], nsec3: ZoneNode[] = []) {
    this.origin = origin;
    this.#names = names.toSorted((a, b) => a.owner.compare(b.owner));
    this.#hashes = nsec3
      .map((node) => ({ hash: hashOf(node.owner), node }))
      .sort((a, b) => Buffer.compare(a.hash, b.hash));
    this.#byKey = new Map(names.map((node) => [node.owner.key, node]));
  }

  /** The version that the changes make of this one. */
  apply(changes: readonly NodeChange[]): MemoryView {
    const names = new Map(this.#byKey);
    const hashes = new Map(this.#hashes.map(({ node }) => [node.owner.key, node]));
    for (const { kind, owner, node } of changes) {
      const map = kind === 'name' ? names : hashes;
      if (node) map.set(owner.key, node);
      else map.delete(owner.key);
    }
    return new MemoryView(this.origin, [...names.values()], [...hashes.values()]);
  }

  get size(): number {
    return this.#names.length;
  }

  node(owner: Name): ZoneNode | undefined {
    return this.#byKey.get(owner.key);
  }

  previous(owner: Name): ZoneNode {
    return this.#names.at(this.#position(owner) - 1)!;
  }

  next(owner: Name): ZoneNode {
    const at = this.#position(owner);
    const after = this.#names[at]?.owner.equals(owner) ? at + 1 : at;
    return this.#names[after % this.#names.length]!;
  }

  *nodes(below: Name = this.origin): Iterable<ZoneNode> {
    for (let at = this.#position(below); at < this.#names.length; at++) {
      if (!this.#names[at]!.owner.isAtOrBelow(below)) return;
      yield this.#names[at]!;
    }
  }

  nsec3Node(hash: Uint8Array): ZoneNode | undefined {
    const found = this.#hashes[this.#hashPosition(hash)];
    return found && Buffer.compare(found.hash, hash) === 0 ? found.node : undefined;
  }

  previousNsec3(hash: Uint8Array): ZoneNode | undefined {
    return this.#hashes.at(this.#hashPosition(hash) - 1)?.node;
  }

  nsec3Nodes(): Iterable<ZoneNode> {
    return this.#hashes.map(({ node }) => node);
  }

  /** Index of the first name that is not before `owner`. */
  #position(owner: Name): number {
    return partition(this.#names, (node) => node.owner.compare(owner) < 0);
  }

  #hashPosition(hash: Uint8Array): number {
    return partition(this.#hashes, (entry) => Buffer.compare(entry.hash, hash) < 0);
  }
}

/** Number of leading items for which `isBefore` holds. */
function partition<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hashOf(owner: Name): Uint8Array {
  return parseBase32Hex(Buffer.from(owner.labels()[0]!).toString('latin1'))!;
}
