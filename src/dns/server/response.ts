import { copyOctets } from '../wire/copy-octets.ts';
import { LOWER } from '../zone/octets.ts';

export const HEADER_SIZE = 12;
/** The pointer to the name of the question, which always stands behind the header. */
export const QNAME_POINTER = 0xc000 | HEADER_SIZE;
/** RFC 1035 §4.1.4: a pointer has 14 bits. */
const MAX_POINTER_TARGET = 0x3fff;
/** Names remembered for compression in one message; later ones are written in full. */
const MAX_TARGETS = 64;
/** The root: the one name that nothing points to. */
const ROOT = 0;

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
  /** Whether a name is pointed to only where it has the same case (RFC 5936 §3.4): in transfers. */
  exact: boolean;
  /** Records written in each section. */
  readonly counts: Uint16Array;
  section: Section;
  /** The arena of the zone of the question, and a pointer to its apex in the question; 0 while none is known. */
  apexArena: number;
  apexPointer: number;
  /**
   * Names that can be pointed to, as a tree from the {@link ROOT}: where the first label of each stands, how many there are beside the root, and for each the
   * one above it, the last one right below it, and the one before it below the same. Who looks a name up so compares its labels from the right, those that it shares with
   * a name of the message once, and no others.
   */
  readonly targetOffsets: Uint16Array;
  targets: number;
  readonly targetsAbove: Uint8Array;
  readonly targetsBelow: Uint8Array;
  readonly targetsBeside: Uint8Array;
}

export function createResponse(): Response {
  return {
    bytes: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    viewAt: 0,
    at: 0,
    limit: 0,
    exact: false,
    counts: new Uint16Array(3),
    section: Section.answer,
    apexArena: 0,
    apexPointer: 0,
    targetOffsets: new Uint16Array(MAX_TARGETS + 1),
    targets: 0,
    targetsAbove: new Uint8Array(MAX_TARGETS + 1),
    targetsBelow: new Uint8Array(MAX_TARGETS + 1),
    targetsBeside: new Uint8Array(MAX_TARGETS + 1),
  };
}

/**
 * Starts a message whose header and question (if any) stand in `bytes` up to `at` already. `view` is of all memory that `bytes` is a part of, where
 * that is known: to ask for it is a call for V8.
 */
export function startResponse(
  response: Response,
  bytes: Uint8Array,
  at: number,
  limit: number,
  view?: DataView,
): void {
  response.bytes = bytes;
  response.view = view ?? viewOf(bytes, response.view);
  response.viewAt = bytes.byteOffset;
  response.at = at;
  response.limit = limit;
  forgetCounts(response);
  response.section = Section.answer;
  response.apexPointer = 0;
  forgetTargets(response, 0);
}

/** Of all memory that octets are a part of: the view before, where it is the same. */
export function viewOf({ buffer }: Uint8Array, before: DataView): DataView {
  return before.buffer === buffer ? before : new DataView(buffer);
}

/** Three assignments, as a call of `fill` leaves what V8 compiled. */
export function forgetCounts({ counts }: Response): void {
  counts[0] = counts[1] = counts[2] = 0;
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

/** Where the labels of a name begin, from its start. */
const labelStarts = new Uint8Array(128);

/**
 * Writes the name at `start` of `source`, its longest known suffix as a pointer (RFC 1035 §4.1.4), and remembers its other
 * suffixes. False, with nothing written, when it does not fit.
 */
export function putName(response: Response, source: Uint8Array, start: number): boolean {
  if (response.targets === 0) rememberQuestion(response);
  const { at } = response;
  let labels = findLabels(source, start);
  let length = labels === 0 ? 0 : labelStarts[labels - 1]! + source[start + labelStarts[labels - 1]!]! + 1;
  let target = ROOT;
  while (labels > 0) {
    const below = findBelow(response, target, source, start + labelStarts[labels - 1]!);
    if (below === ROOT) break;
    target = below;
    length = labelStarts[--labels]!;
  }
  if (at + length + (target === ROOT ? 1 : 2) > response.limit) return false;
  putBytes(response, source, start, length);
  if (target === ROOT) response.bytes[response.at++] = 0;
  else putU16(response, 0xc000 | response.targetOffsets[target]!);
  remember(response, target, labels, at);
  return true;
}

/** Offset behind the uncompressed name at `start`. */
export function nameEnd(source: Uint8Array, start: number): number {
  let at = start;
  while (source[at]! > 0) at += source[at]! + 1;
  return at + 1;
}

function rememberQuestion(response: Response): void {
  remember(response, ROOT, findLabels(response.bytes, HEADER_SIZE), HEADER_SIZE);
}

/** Fills the label starts; returns the number of labels. */
function findLabels(source: Uint8Array, start: number): number {
  let labels = 0;
  for (let at = start; source[at]! > 0; at += source[at]! + 1) labelStarts[labels++] = at - start;
  return labels;
}

/** Remembers a name that was written at `at`: so many of its labels, from the left, which stand there before a name that is known. */
function remember(response: Response, known: number, labels: number, at: number): void {
  const { targetOffsets, targetsAbove, targetsBelow, targetsBeside } = response;
  if (labels === 0 || at + labelStarts[labels - 1]! > MAX_POINTER_TARGET) return;
  let above = known;
  for (let label = labels - 1; label >= 0 && response.targets < MAX_TARGETS; label--) {
    const target = ++response.targets;
    targetOffsets[target] = at + labelStarts[label]!;
    targetsAbove[target] = above;
    targetsBelow[target] = ROOT;
    targetsBeside[target] = targetsBelow[above]!;
    targetsBelow[above] = target;
    above = target;
  }
}

/** Keeps the first `count` of them. */
function forgetTargets(response: Response, count: number): void {
  const { targetsAbove, targetsBelow, targetsBeside } = response;
  for (; response.targets > count; response.targets--) {
    const target = response.targets;
    targetsBelow[targetsAbove[target]!] = targetsBeside[target]!;
  }
}

/** The known name that is one above with the label at `start` of `source` before it; the root for none. */
function findBelow(response: Response, above: number, source: Uint8Array, start: number): number {
  const { bytes, exact, targetOffsets, targetsBeside } = response;
  let target = response.targetsBelow[above]!;
  while (target !== ROOT && !sameLabel(bytes, targetOffsets[target]!, source, start, exact))
    target = targetsBeside[target]!;
  return target;
}

function sameLabel(
  message: Uint8Array,
  offset: number,
  source: Uint8Array,
  start: number,
  exact: boolean,
): boolean {
  const length = message[offset]!;
  if (length !== source[start]) return false;
  for (let i = 1; i <= length; i++) {
    const one = message[offset + i]!;
    const other = source[start + i]!;
    if (one !== other && (exact || LOWER[one] !== LOWER[other])) return false;
  }
  return true;
}
