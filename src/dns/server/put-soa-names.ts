import { LOWER } from '../zone/octets.ts';
import { nameEnd, putRun, putU16, type Response } from './response.ts';

/** What a pointer has besides the offset. */
const POINTER_BITS = 0xc000;

/**
 * Writes MNAME and RNAME, which stand one behind the other at `at`, when the question's zone is known and no name but the question's is in the message yet: most
 * negative answers are so. What each shares with the apex, or the second with the first, is found from their ends, with no list of all that could be pointed to, and
 * nothing is remembered for later names. False, with nothing written, when they do not fit.
 */
export function putSoaNames(response: Response, data: Uint8Array, source: DataView, at: number): boolean {
  const { bytes, apexPointer } = response;
  const apex = apexPointer & 0x3fff;
  const apexEnd = nameEnd(bytes, apex);
  const rname = nameEnd(data, at);
  const end = nameEnd(data, rname);
  // A name that is written whole has no pointer's two octets, but that of the root.
  if (response.at + end - at + 2 > response.limit) return false;
  const here = response.at;
  const ofApex = sharedEnd(data, at, rname, bytes, apex, apexEnd);
  putLabels(response, source, at, rname, ofApex, apexEnd);
  const ofMname = sharedEnd(data, rname, end, data, at, rname);
  if (ofMname > ofApex) putLabels(response, source, rname, end, ofMname, here + rname - at);
  else putLabels(response, source, rname, end, sharedEnd(data, rname, end, bytes, apex, apexEnd), apexEnd);
  return true;
}

/** Writes a name, the last so many octets of it as a pointer: so far before `pointedEnd`. Of the root alone there is none. */
function putLabels(
  response: Response,
  source: DataView,
  from: number,
  end: number,
  shared: number,
  pointedEnd: number,
): void {
  if (shared <= 1) {
    putRun(response, source, from, end - from);
    return;
  }
  putRun(response, source, from, end - from - shared);
  putU16(response, POINTER_BITS | (pointedEnd - shared));
}

/** Octets of the labels that a name ends with as another does, whatever their case, the root's among them. */
function sharedEnd(
  name: Uint8Array,
  from: number,
  end: number,
  other: Uint8Array,
  otherFrom: number,
  otherEnd: number,
): number {
  let at = end - 1;
  let beside = otherEnd - 1;
  while (at > from && beside > otherFrom && LOWER[name[at - 1]!] === LOWER[other[beside - 1]!]) {
    at--;
    beside--;
  }
  let label = from;
  let otherLabel = otherFrom;
  for (;;) {
    while (label < at) label += name[label]! + 1;
    const shared = end - label;
    while (otherLabel < otherEnd - shared) otherLabel += other[otherLabel]! + 1;
    if (otherLabel === otherEnd - shared) return shared;
    // The same octets, but in the other name they begin inside of a label.
    at = label + 1;
  }
}
