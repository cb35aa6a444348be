import { FormErr } from './form-error.ts';

/** RFC 1035 §2.3.4: a label is at most 63 octets (two high bits of its length octet are taken by pointers). */
export const MAX_LABEL = 63;
/** RFC 1035 §2.3.4: a name is at most 255 octets in wire form, length octets and root label included. */
export const MAX_NAME = 255;

const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** An ASCII letter in lower case, any other octet as it is (RFC 4343 §3). */
export function lowerOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

/** The reason why a text is no domain name: for people, so it names the label. */
export class NameError extends Error {
  override readonly name = 'NameError';
}

/**
 * A fully qualified domain name: immutable, with its case kept (RFC 4343) and compared without it.
 * `wire` is the uncompressed form, root label included: 1 to 255 octets.
 */
export class Name {
  readonly wire: Uint8Array;
  #key: string | undefined;
  #sortKey: Uint8Array | undefined;

  /** `wire` must be valid; outside input comes in through {@link Name.parse}, {@link Name.fromLabels} or a WireReader. */
  private constructor(wire: Uint8Array) {
    this.wire = wire;
  }

  static readonly root = new Name(Uint8Array.of(0));

  /** A name of wire octets that were checked already (a zone image, a decoded message). */
  static trusted(wire: Uint8Array): Name {
    return new Name(wire);
  }

  /** @throws NameError when a label is empty or too long, or the whole name is. */
  static fromLabels(labels: readonly Uint8Array[]): Name {
    const length = labels.reduce((sum, label) => sum + label.length + 1, 1);
    if (length > MAX_NAME) throw new NameError(`the name is ${length} octets long; 255 is the limit`);
    const wire = new Uint8Array(length);
    let at = 0;
    for (const label of labels) {
      if (label.length === 0) throw new NameError('a label is empty (two dots in a row)');
      if (label.length > MAX_LABEL)
        throw new NameError(`a label is ${label.length} octets long; 63 is the limit`);
      wire[at++] = label.length;
      wire.set(label, at);
      at += label.length;
    }
    return new Name(wire);
  }

  /**
   * Reads presentation form (RFC 1035 §5.1: `\.` and `\DDD` escapes, `@` for the origin).
   * Without `origin`, a missing final dot is taken as read.
   * @throws NameError
   */
  static parse(text: string, origin: Name = Name.root): Name {
    if (text === '@') return origin;
    if (text === '.') return Name.root;
    if (text === '') throw new NameError('the name is empty');
    const { labels, absolute } = splitLabels(text);
    if (!absolute) labels.push(...origin.labels());
    return Name.fromLabels(labels);
  }

  /** The name with this {@link sortKey}, in lower case. @throws NameError when no name has it */
  static fromSortKey(key: Uint8Array): Name {
    const labels: Uint8Array[] = [];
    let start = 0;
    for (let at = 0; at < key.length; at++) {
      if (key[at] !== 0) continue;
      const label = key.subarray(start, at);
      labels.unshift(label.includes(1) ? unescapeLabel(label) : label);
      start = at + 1;
    }
    if (start < key.length) throw new NameError('the last label of a sort key has no end');
    return Name.fromLabels(labels);
  }

  /** Reads an uncompressed name at the start of `bytes`. @throws FormErr */
  static fromWire(bytes: Uint8Array, offset = 0): Name {
    let at = offset;
    for (;;) {
      const length = bytes[at];
      if (length === undefined) throw new FormErr('name runs past the end');
      if (length > MAX_LABEL) throw new FormErr('label type is not supported here');
      at += length + 1;
      if (at - offset > MAX_NAME) throw new FormErr('name is longer than 255 octets');
      if (length === 0) break;
    }
    if (at > bytes.length) throw new FormErr('name runs past the end');
    return new Name(new Uint8Array(bytes.subarray(offset, at)));
  }

  /** Labels from the leftmost on, root excluded. */
  labels(): Uint8Array[] {
    const labels: Uint8Array[] = [];
    for (let at = 0; this.wire[at]! > 0; at += this.wire[at]! + 1) {
      labels.push(this.wire.subarray(at + 1, at + 1 + this.wire[at]!));
    }
    return labels;
  }

  /** Number of labels, root excluded, a leading `*` included. */
  get labelCount(): number {
    let count = 0;
    for (let at = 0; this.wire[at]! > 0; at += this.wire[at]! + 1) count++;
    return count;
  }

  get isRoot(): boolean {
    return this.wire.length === 1;
  }

  /** Whether the leftmost label is `*` (RFC 4592 §2.1.1). */
  get isWildcard(): boolean {
    return this.wire[0] === 1 && this.wire[1] === 0x2a;
  }

  /** Lower-cased wire octets as a latin1 string: equal keys are equal names. For Map keys. */
  get key(): string {
    return (this.#key ??= Buffer.from(this.wire)
      .toString('latin1')
      .replace(/[A-Z]/g, (c) => c.toLowerCase()));
  }

  /**
   * Octets whose plain comparison is the canonical order of RFC 4034 §6.1: labels from the root down, lower-cased,
   * each ended by 0x00; octets 0x00 and 0x01 inside a label become 0x01 0x01 and 0x01 0x02.
   * A parent's sort key is a prefix of its children's.
   */
  get sortKey(): Uint8Array {
    return (this.#sortKey ??= makeSortKey(this.wire));
  }

  /** The name without its leftmost label; the root for the root. */
  parent(): Name {
    return this.isRoot ? this : new Name(this.wire.subarray(this.wire[0]! + 1));
  }

  /** `label` (text, with escapes) put before this name. @throws NameError */
  child(label: string): Name {
    return Name.parse(label, this);
  }

  /** The wildcard directly below this name. @throws NameError when it would be too long. */
  wildcard(): Name {
    return Name.fromLabels([Uint8Array.of(0x2a), ...this.labels()]);
  }

  equals(other: Name): boolean {
    return this.key === other.key;
  }

  /** True for the name itself too. */
  isAtOrBelow(ancestor: Name): boolean {
    const excess = this.wire.length - ancestor.wire.length;
    if (excess < 0 || !this.key.endsWith(ancestor.key)) return false;
    let at = 0;
    while (at < excess) at += this.wire[at]! + 1;
    return at === excess;
  }

  /** Canonical order (RFC 4034 §6.1). */
  compare(other: Name): number {
    return Buffer.compare(this.sortKey, other.sortKey);
  }

  /** The octets with letters in lower case (RFC 4034 §6.2). */
  canonical(): Name {
    return new Name(this.wire.map(lowerOctet));
  }

  /** Presentation form with the final dot. */
  toString(): string {
    return this.isRoot ? '.' : this.labels().map(printLabel).join('.') + '.';
  }

  /** Presentation form without the final dot, as JSON carries names; `.` for the root. */
  toText(): string {
    return this.isRoot ? '.' : this.labels().map(printLabel).join('.');
  }

  toJSON(): string {
    return this.toText();
  }
}

function makeSortKey(wire: Uint8Array): Uint8Array {
  // Each label ends in 0x00, as it began with its length; the root label leaves no trace.
  let length = wire.length - 1;
  for (let at = 0; wire[at]! > 0; at += wire[at]! + 1)
    for (let i = 1; i <= wire[at]!; i++) if (wire[at + i]! <= 1) length++;
  const key = new Uint8Array(length);
  // The leftmost label comes last: written from the end.
  let end = length;
  for (let at = 0; wire[at]! > 0; at += wire[at]! + 1) {
    end--;
    for (let i = wire[at]!; i > 0; i--) {
      const octet = wire[at + i]!;
      if (octet <= 1) {
        key[--end] = octet + 1;
        key[--end] = 1;
      } else key[--end] = lowerOctet(octet);
    }
  }
  return key;
}

/** A label of a sort key as it was. @throws NameError */
function unescapeLabel(label: Uint8Array): Uint8Array {
  const octets: number[] = [];
  for (let at = 0; at < label.length; at++) {
    if (label[at] !== 1) octets.push(label[at]!);
    else {
      const escaped = label[++at];
      if (escaped !== 1 && escaped !== 2) throw new NameError('a sort key has an escape that is none');
      octets.push(escaped - 1);
    }
  }
  return Uint8Array.from(octets);
}

/** One label in presentation form: what a zone file would misread is escaped (RFC 4343 §2.1). */
function printLabel(label: Uint8Array): string {
  let text = '';
  for (const octet of label) {
    const char = String.fromCharCode(octet);
    if (octet < 0x21 || octet > 0x7e) text += `\\${String(octet).padStart(3, '0')}`;
    else text += '."\\();@$'.includes(char) ? `\\${char}` : char;
  }
  return text;
}

function splitLabels(text: string): { labels: Uint8Array[]; absolute: boolean } {
  const labels: Uint8Array[] = [];
  const octets = Buffer.from(text, 'utf8');
  let label: number[] = [];
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    if (octet === DOT) {
      labels.push(Uint8Array.from(label));
      label = [];
      if (at === octets.length - 1) return { labels, absolute: true };
    } else if (octet === BACKSLASH) {
      const { value, length } = readEscape(text, octets, at);
      label.push(value);
      at += length - 1;
    } else if (octet > 0x7e || octet < 0x21) {
      throw new NameError(
        `"${text}" holds a character that is not plain ASCII; write it as A-label (xn--…) or as \\DDD`,
      );
    } else label.push(octet);
  }
  labels.push(Uint8Array.from(label));
  return { labels, absolute: false };
}

/** RFC 1035 §5.1: `\DDD` is an octet in decimal, `\X` the character itself. */
function readEscape(text: string, octets: Buffer, at: number): { value: number; length: number } {
  const digits = /^\\(\d{3})/.exec(octets.toString('latin1', at, at + 4));
  if (digits) {
    const value = Number(digits[1]);
    if (value > 255) throw new NameError(`"${text}" holds \\${digits[1]}, which is no octet`);
    return { value, length: 4 };
  }
  const next = octets[at + 1];
  if (next === undefined) throw new NameError(`"${text}" ends in a backslash`);
  if (next >= 0x30 && next <= 0x39) throw new NameError(`"${text}" holds an escape that is not \\DDD`);
  return { value: next, length: 2 };
}
