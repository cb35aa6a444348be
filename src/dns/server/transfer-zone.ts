import { Type } from '../type-codes.ts';
import {
  firstRRset,
  type ImageReader,
  leavesSignerOut,
  nameAt,
  nsec3At,
  recordCount,
  rrsetCount,
  rrsetEnd,
  rrsetSignatureCount,
  rrsetSignatures,
  rrsetTtl,
  rrsetType,
} from '../zone/image-reader.ts';
import { RRSET_HEADER, RRSIG_FIXED } from '../zone/node-layout.ts';
import { findOwner, type FoundName } from '../zone/node-owner.ts';
import { FIXED, putBody, putFixed, putOwner } from './put-rrset.ts';
import { putRun, type Response, Section } from './response.ts';
import type { RecordSource } from './transfer-messages.ts';
import { createOwnerWriter } from './transfer-owner.ts';

/** The SOA of a version, and nothing else: what tells a client that it has it, or to come again over TCP (RFC 1995 §2). */
export function soaOf(zone: ImageReader): RecordSource {
  let done = false;
  return {
    done: () => done,
    begin: () => undefined,
    put: (response) => (done = putSoa(response, zone)),
  };
}

/**
 * All records of a version (RFC 5936 §2.2): the SOA, everything else in canonical order, NSEC3 last, and the SOA again. An image has what is
 * below zone cuts as well (glue, and what is occluded: RFC 5936 §3.5), so that is sent like everything else. `zone` must stay as it is until all
 * is written.
 */
export function recordsOf(zone: ImageReader): RecordSource {
  const { view } = zone;
  const nodes = zone.nameCount + zone.nsec3Count;
  let begun = false;
  let ended = false;
  /** The next record: of which node, of which of its RRsets, its place, and whether it is an RRSIG. */
  let position = -1;
  let node = -1;
  let rrset = -1;
  let rrsets = 0;
  let left = 0;
  let at = 0;
  let inSignatures = false;
  const owners = createOwnerWriter(zone);
  /** Where the owner stands in this message, as a pointer; 0 is nowhere. */
  let pointer = 0;

  const enterSignatures = (): void => {
    inSignatures = true;
    left = rrsetSignatureCount(view, rrset);
    at = rrsetSignatures(view, rrset);
  };
  const enterRRset = (): void => {
    inSignatures = false;
    // The SOA stands at the beginning and at the end.
    left = node === zone.apex && rrsetType(view, rrset) === Type.SOA ? 0 : recordCount(view, rrset);
    at = rrset + RRSET_HEADER;
  };
  const enterNode = (): void => {
    position++;
    pointer = 0;
    if (position === nodes) return;
    node = position < zone.nameCount ? nameAt(zone, position) : nsec3At(zone, position - zone.nameCount);
    rrsets = rrsetCount(view, node);
    if (rrsets === 0) return;
    rrset = firstRRset(view, node);
    enterRRset();
  };
  /** Goes on to the next record that there is. */
  const advance = (): void => {
    while (left === 0 && position < nodes) {
      if (rrsets > 0 && !inSignatures) enterSignatures();
      else if (rrsets > 1) {
        rrsets--;
        rrset = rrsetEnd(view, rrset);
        enterRRset();
      } else enterNode();
    }
  };
  const putNext = (response: Response): boolean => {
    let written = pointer;
    if (pointer === 0) {
      written = owners.put(response, node);
      if (written < 0) return false;
    } else if (!putOwner(response, pointer, NO_NAME, 0)) return false;
    const length = view.getUint16(at);
    const ttl = rrsetTtl(view, rrset);
    const fits = inSignatures
      ? putSignature(response, zone, rrset, at, ttl)
      : putBody(response, zone, at + 2, length, rrsetType(view, rrset), ttl);
    if (!fits) return false;
    response.counts[Section.answer]!++;
    pointer = written;
    at += 2 + length;
    left--;
    return true;
  };
  return {
    done: () => ended,
    begin() {
      pointer = 0;
      owners.begin();
    },
    put(response) {
      if (!begun) return (begun = putSoa(response, zone));
      advance();
      if (position === nodes) return (ended = putSoa(response, zone));
      return putNext(response);
    },
  };
}

const NO_NAME = new Uint8Array(1);
const found: FoundName = { bytes: NO_NAME, at: 0 };

function putSoa(response: Response, zone: ImageReader): boolean {
  const { data, view, soa, apex } = zone;
  findOwner(found, data, apex, zone.origin, zone.originAt, zone.originLength);
  const rdata = soa + RRSET_HEADER;
  const fits =
    putOwner(response, 0, found.bytes, found.at) &&
    putBody(response, zone, rdata + 2, view.getUint16(rdata), Type.SOA, rrsetTtl(view, soa));
  if (fits) response.counts[Section.answer]!++;
  return fits;
}

/** Everything of an RRSIG behind its owner, with the signer's name where it was left out. */
function putSignature(
  response: Response,
  zone: ImageReader,
  rrset: number,
  at: number,
  ttl: number,
): boolean {
  const { view } = zone;
  const length = view.getUint16(at);
  const signer = leavesSignerOut(view, rrset) ? zone.originLength : 0;
  if (response.at + FIXED + length + signer > response.limit) return false;
  putFixed(response, Type.RRSIG, ttl, length + signer);
  const fixed = signer === 0 ? length : RRSIG_FIXED;
  putRun(response, view, at + 2, fixed);
  putRun(response, zone.originView, zone.originAt, signer);
  putRun(response, view, at + 2 + fixed, length - fixed);
  return true;
}

/** The serial of a version. */
export function serialOf({ view, soa }: ImageReader): number {
  const rdata = soa + RRSET_HEADER;
  const end = rdata + 2 + view.getUint16(rdata);
  return view.getUint32(end - 20);
}
