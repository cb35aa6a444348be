/** RFC 1035 §4.1.4: a pointer has 14 bits, so it cannot reach further. */
const MAX_TARGET = 0x3fff;
/** A name has at most 127 labels (255 octets, at least 2 for each but the root). */
const MAX_LABELS = 127;
const EMPTY = 0;
const REMOVED = 0xffff;

/** Of the name being looked up: where its labels start, and the hash of the suffix from there. */
const starts = new Uint16Array(MAX_LABELS);
const hashes = new Int32Array(MAX_LABELS);

/**
 * The places in a message that compressed names can point at: a hash table with linear probing. It allocates nothing
 * for a name. Suffixes are compared with their case.
 */
export class SuffixTable {
  /** Place + 1, EMPTY or REMOVED. The length is a power of two. */
  #places = new Uint16Array(64);
  #hashes = new Int32Array(64);
  #used = 0;

  /**
   * Looks up the name that stands uncompressed at `offset`, longest suffix first, and notes the suffixes that are new.
   * Returns the label from which on a pointer can stand, and the place to point at (both offsets in the message);
   * undefined when no suffix is known.
   */
  find(message: Uint8Array, offset: number): { from: number; target: number } | undefined {
    const count = hashSuffixes(message, offset);
    for (let label = 0; label < count; label++) {
      const from = offset + starts[label]!;
      const slot = this.#slot(message, from, hashes[label]!);
      const place = this.#places[slot]!;
      if (place !== EMPTY) return { from, target: place - 1 };
      if (from <= MAX_TARGET) this.#add(slot, from, hashes[label]!);
    }
    return undefined;
  }

  /** Forgets the places from `offset` on. */
  forget(offset: number): void {
    for (let slot = 0; slot < this.#places.length; slot++)
      if (this.#places[slot]! > offset) this.#places[slot] = REMOVED;
  }

  /** The slot of the suffix at `from`, or the empty one where it belongs. */
  #slot(message: Uint8Array, from: number, hash: number): number {
    const mask = this.#places.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = this.#places[slot]!;
      if (place === EMPTY) return slot;
      if (place !== REMOVED && this.#hashes[slot] === hash && isSameName(message, place - 1, from))
        return slot;
    }
  }

  #add(slot: number, from: number, hash: number): void {
    this.#places[slot] = from + 1;
    this.#hashes[slot] = hash;
    if (++this.#used * 2 > this.#places.length) this.#grow();
  }

  #grow(): void {
    const [places, oldHashes] = [this.#places, this.#hashes];
    this.#places = new Uint16Array(places.length * 2);
    this.#hashes = new Int32Array(places.length * 2);
    this.#used = 0;
    for (const [index, place] of places.entries()) {
      if (place === EMPTY || place === REMOVED) continue;
      let slot = oldHashes[index]! & (this.#places.length - 1);
      while (this.#places[slot] !== EMPTY) slot = (slot + 1) & (this.#places.length - 1);
      this.#places[slot] = place;
      this.#hashes[slot] = oldHashes[index]!;
      this.#used++;
    }
  }
}

/** Fills `starts` and `hashes` (FNV-1a over each label, from the root to the left); returns the number of labels. */
function hashSuffixes(message: Uint8Array, offset: number): number {
  let count = 0;
  for (let at = offset; message[at]! > 0; at += message[at]! + 1) starts[count++] = at - offset;
  let hash = 0x811c9dc5;
  for (let label = count - 1; label >= 0; label--) {
    const start = offset + starts[label]!;
    for (let at = start + message[start]!; at >= start; at--)
      hash = Math.imul(hash ^ message[at]!, 0x01000193);
    // The low bits choose the slot: let the high ones count too.
    hashes[label] = hash ^ (hash >>> 15);
  }
  return count;
}

/** Whether the name at `place` (maybe compressed) is the one at `from` (not compressed). */
function isSameName(message: Uint8Array, place: number, from: number): boolean {
  for (;;) {
    while (message[place]! >= 0xc0) place = ((message[place]! & 0x3f) << 8) | message[place + 1]!;
    const length = message[place]!;
    for (let i = 0; i <= length; i++) if (message[place + i] !== message[from + i]) return false;
    if (length === 0) return true;
    place += length + 1;
    from += length + 1;
  }
}
