import { copyOctets } from '../wire/copy-octets.ts';
import { MAX_LABEL } from '../wire/name.ts';
import { LOWER } from '../zone/octets.ts';

export const HEADER_SIZE = 12;
/** The pointer to the name of the question, which always stands behind the header. */
export const QNAME_POINTER = 0xc000 | HEADER_SIZE;
/** RFC 1035 §4.1.4: a pointer has 14 bits. */
const MAX_POINTER_TARGET = 0x3fff;
/** Names remembered for compression in one message; later ones are written in full. */
const MAX_TARGETS = 64;
/** Lists of them, by their hashes: a name of a hundred labels must not be compared with all of them at each label. */
const LISTS = 64;
const LIST_SHIFT = 32 - Math.log2(LISTS);
const HASH_SEED = 5381;

export const Section = { answer: 0, authority: 1, additional: 2 } as const;
export type Section = (typeof Section)[keyof typeof Section];

/** A message being written into `bytes`, in memory that is used again for the next one. */
export interface Response {
  bytes: Uint8Array;
  /** All memory that `bytes` is a part of, and where in it that begins. */
  view: DataView;
  viewAt: number;
  /** Where the next octet goes. */
  at: number;
  /** Records must end here: what is reserved for OPT stands behind. */
  limit: number;
  /** Records written in each section. */
  readonly counts: Uint16Array;
  section: Section;
  /** The arena of the zone of the question, and a pointer to its apex in the question; 0 while none is known. */
  apexArena: number;
  apexPointer: number;
  /** Suffixes of names that stand in the message uncompressed: hash and offset. */
  readonly targetHashes: Int32Array;
  readonly targetOffsets: Uint16Array;
  targets: number;
  /** The last target of each list, plus one; and of each target the one before it in its list. */
  readonly lastTargets: Uint8Array;
  readonly targetsBefore: Uint8Array;
}

export function createResponse(): Response {
  return {
    bytes: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    viewAt: 0,
    at: 0,
    limit: 0,
    counts: new Uint16Array(3),
    section: Section.answer,
    apexArena: 0,
    apexPointer: 0,
    targetHashes: new Int32Array(MAX_TARGETS),
    targetOffsets: new Uint16Array(MAX_TARGETS),
    targets: 0,
    lastTargets: new Uint8Array(LISTS),
    targetsBefore: new Uint8Array(MAX_TARGETS),
  };
}

/** Starts a message whose header and question (if any) stand in `bytes` up to `at` already. */
export function startResponse(response: Response, bytes: Uint8Array, at: number, limit: number): void {
  response.bytes = bytes;
  // The messages of a batch stand side by side: a view for each would be garbage.
  if (response.view.buffer !== bytes.buffer) response.view = new DataView(bytes.buffer);
  response.viewAt = bytes.byteOffset;
  response.at = at;
  response.limit = limit;
  response.counts.fill(0);
  response.section = Section.answer;
  response.apexPointer = 0;
  forgetTargets(response, 0);
}

/** What {@link rollBack} returns to: everything written since is dropped. */
export interface Mark {
  at: number;
  count: number;
  targets: number;
}

export function createMark(): Mark {
  return { at: 0, count: 0, targets: 0 };
}

export function mark(response: Response, point: Mark): void {
  point.at = response.at;
  point.count = response.counts[response.section]!;
  point.targets = response.targets;
}

/** Drops what was written to the current section since the mark. */
export function rollBack(response: Response, point: Mark): void {
  response.at = point.at;
  response.counts[response.section] = point.count;
  forgetTargets(response, point.targets);
}

export function putU16(response: Response, value: number): void {
  const { view, viewAt, at } = response;
  view.setUint16(viewAt + at, value);
  response.at = at + 2;
}

export function putU32(response: Response, value: number): void {
  const { view, viewAt, at } = response;
  view.setUint32(viewAt + at, value);
  response.at = at + 4;
}

/** Copies the few octets of labels and the like. */
export function putBytes(response: Response, source: Uint8Array, start: number, length: number): void {
  const { bytes, at } = response;
  for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!;
  response.at = at + length;
}

/** Copies what may be longer: rdata. */
export function putRun(response: Response, source: DataView, start: number, length: number): void {
  copyOctets(response.view, response.viewAt + response.at, source, start, length);
  response.at += length;
}

const labelStarts = new Uint8Array(128);
const suffixHashes = new Int32Array(128);

/**
 * Writes the name at `start` of `source`, its longest known suffix as a pointer (RFC 1035 §4.1.4), and remembers its other
 * suffixes. False, with nothing written, when it does not fit.
 */
export function putName(response: Response, source: Uint8Array, start: number): boolean {
  if (response.targets === 0) rememberQuestion(response);
  const labels = hashSuffixes(source, start);
  let target = -1;
  let whole = 0;
  for (; whole < labels; whole++) {
    target = findTarget(response, suffixHashes[whole]!, source, start + labelStarts[whole]!);
    if (target >= 0) break;
  }
  const length = whole < labels ? labelStarts[whole]! : nameEnd(source, start) - start - 1;
  if (response.at + length + (target < 0 ? 1 : 2) > response.limit) return false;
  for (let i = 0; i < whole; i++) remember(response, suffixHashes[i]!, response.at + labelStarts[i]!);
  putBytes(response, source, start, length);
  if (target < 0) response.bytes[response.at++] = 0;
  else putU16(response, 0xc000 | target);
  return true;
}

/** Offset behind the uncompressed name at `start`. */
export function nameEnd(source: Uint8Array, start: number): number {
  let at = start;
  while (source[at]! > 0) at += source[at]! + 1;
  return at + 1;
}

function rememberQuestion(response: Response): void {
  const labels = hashSuffixes(response.bytes, HEADER_SIZE);
  for (let i = 0; i < labels; i++) remember(response, suffixHashes[i]!, HEADER_SIZE + labelStarts[i]!);
}

/** Fills the label starts (relative) and the hash of each suffix; returns the number of labels. */
function hashSuffixes(source: Uint8Array, start: number): number {
  let labels = 0;
  for (let at = start; source[at]! > 0; at += source[at]! + 1) labelStarts[labels++] = at - start;
  let hash = HASH_SEED;
  for (let label = labels - 1; label >= 0; label--) {
    const from = start + labelStarts[label]!;
    const end = from + source[from]!;
    for (let at = from; at <= end; at++) hash = (Math.imul(hash, 33) ^ LOWER[source[at]!]!) | 0;
    suffixHashes[label] = hash;
  }
  return labels;
}

function remember(response: Response, hash: number, offset: number): void {
  if (response.targets === MAX_TARGETS || offset > MAX_POINTER_TARGET) return;
  const target = response.targets++;
  response.targetHashes[target] = hash;
  response.targetOffsets[target] = offset;
  const list = listOf(hash);
  response.targetsBefore[target] = response.lastTargets[list]!;
  response.lastTargets[list] = target + 1;
}

/** The hashes of the suffixes of one name differ in few of their lower bits. */
function listOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> LIST_SHIFT;
}

/** Keeps the first `count` of them. */
function forgetTargets(response: Response, count: number): void {
  while (response.targets > count) {
    const target = --response.targets;
    const list = listOf(response.targetHashes[target]!);
    response.lastTargets[list] = response.targetsBefore[target]!;
  }
}

function findTarget(response: Response, hash: number, source: Uint8Array, start: number): number {
  for (let next = response.lastTargets[listOf(hash)]!; next > 0;) {
    const target = next - 1;
    next = response.targetsBefore[target]!;
    if (response.targetHashes[target] !== hash) continue;
    const offset = response.targetOffsets[target]!;
    if (sameName(response.bytes, offset, source, start)) return offset;
  }
  return -1;
}

/** Compares a name of our own message (compressed perhaps) with an uncompressed one. */
function sameName(message: Uint8Array, offset: number, source: Uint8Array, start: number): boolean {
  let at = start;
  for (;;) {
    while (message[offset]! > MAX_LABEL) offset = ((message[offset]! & 0x3f) << 8) | message[offset + 1]!;
    const length = message[offset]!;
    if (length !== source[at]) return false;
    if (length === 0) return true;
    for (let i = 1; i <= length; i++)
      if (LOWER[message[offset + i]!] !== LOWER[source[at + i]!]) return false;
    offset += length + 1;
    at += length + 1;
  }
}
