import { FormErr } from '../wire/form-error.ts';
import { MAX_LABEL, MAX_NAME } from '../wire/name.ts';
import { LOWER } from '../zone/octets.ts';

/** RFC 1035 §2.3.4: 255 octets, and at least 2 for each label but the root. */
const MAX_LABELS = 127;
/** Every octet of a label may need an escape in a sort key. */
const MAX_KEY = 2 * MAX_NAME;

/**
 * The name that is looked for, in memory that is used again for the next one: its wire form (case kept), the start of
 * each label, and its sort key (see `Name.sortKey`) with the length that the key of each ancestor has in it.
 */
export interface SearchName {
  readonly wire: Uint8Array;
  /** Octets of `wire`, root label included. */
  length: number;
  /** Labels, root excluded. */
  labels: number;
  /** Where each label starts, from the left. */
  readonly labelStarts: Uint8Array;
  readonly key: Uint8Array;
  /** `keyEnds[n]`: length of the sort key of the ancestor with n labels. */
  readonly keyEnds: Uint16Array;
}

export function createSearchName(): SearchName {
  return {
    wire: new Uint8Array(MAX_NAME + 1),
    length: 0,
    labels: 0,
    labelStarts: new Uint8Array(MAX_LABELS + 1),
    // Room for the `*` of a wildcard behind the longest key.
    key: new Uint8Array(MAX_KEY + 2),
    keyEnds: new Uint16Array(MAX_LABELS + 1),
  };
}

/**
 * Sets the name to the uncompressed one at `start` of `source`; returns the offset behind it.
 * @throws FormErr
 */
export function setSearchName(name: SearchName, source: Uint8Array, start: number, end: number): number {
  const { labelStarts } = name;
  let at = start;
  let labels = 0;
  for (;;) {
    if (at >= end) throw new FormErr('name runs past the end');
    const length = source[at]!;
    if (length === 0) break;
    if (length > MAX_LABEL) throw new FormErr('a name in a question is not compressed');
    if (at + length + 2 - start > MAX_NAME) throw new FormErr('name is longer than 255 octets');
    labelStarts[labels++] = at - start;
    at += length + 1;
  }
  at++;
  if (at > end) throw new FormErr('name runs past the end');
  name.length = at - start;
  name.labels = labels;
  name.wire[at - 1 - start] = 0;
  copyLabels(name, source, start);
  return at;
}

/** Copies the labels, the last one first, as they stand and to the sort key. */
function copyLabels(
  { wire, labels, labelStarts, key, keyEnds }: SearchName,
  source: Uint8Array,
  start: number,
) {
  let to = 0;
  keyEnds[0] = 0;
  for (let label = labels - 1; label >= 0; label--) {
    const from = labelStarts[label]!;
    const length = source[start + from]!;
    wire[from] = length;
    const end = from + length;
    for (let i = from + 1; i <= end; i++) {
      const octet = source[start + i]!;
      wire[i] = octet;
      const lower = LOWER[octet]!;
      if (lower <= 1) {
        key[to++] = 1;
        key[to++] = lower + 1;
      } else key[to++] = lower;
    }
    key[to++] = 0;
    keyEnds[labels - label] = to;
  }
}

/** Where the ancestor with so many labels starts in `wire`. */
export function ancestorStart(name: SearchName, labels: number): number {
  return labels === 0 ? name.length - 1 : name.labelStarts[name.labels - labels]!;
}

/** Length of the sort key. */
export function keyLength(name: SearchName): number {
  return name.keyEnds[name.labels]!;
}
