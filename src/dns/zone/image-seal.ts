import { Type } from '../type-codes.ts';
import { lowerOctet } from '../wire/name.ts';
import { ImageField, blockAt, imageOrigin, type ZoneImage } from './image.ts';
import {
  Denial,
  HAS_CUTS,
  findRRset,
  nodeFlags,
  readerOf,
  rrsetTtl,
  searchName,
  searchNsec3,
  type ImageReader,
} from './image-reader.ts';
import { NodeFlag, RRSET_HEADER } from './node-layout.ts';
import { findCovering } from './nsec-cover.ts';
import { NSEC3_INPUT, nsec3Digest } from './nsec3-digest.ts';
import { ASTERISK, u16, u32 } from './octets.ts';

/** Writes to the header what a reader would otherwise have to find out for every query. The counts, the index and the nodes are there. */
export function sealImage(image: ZoneImage): void {
  const { words, word } = blockAt(image.memory.pages, image.address);
  const reader = readerOf(image);
  const { data, view, apex, base } = reader;
  const set = (field: number, value: number): void => void (words[word + field] = value);
  const soa = findRRset(view, apex, Type.SOA);
  if (soa >= 0) {
    set(ImageField.soa, soa - base);
    set(ImageField.negativeTtl, Math.min(rrsetTtl(view, soa), soaMinimum(data, soa)));
  }
  const param = findRRset(view, apex, Type.NSEC3PARAM);
  if (param >= 0) set(ImageField.nsec3Param, param - base);
  const denial = denialOf(reader, param);
  const cuts = words[word + ImageField.ns]! - (nodeFlags(data, apex) & NodeFlag.ns ? 1 : 0);
  set(ImageField.traits, denial | (cuts > 0 ? HAS_CUTS : 0));
  if (denial === Denial.nsec) sealWildcard(reader, set);
  if (denial !== Denial.nsec3) return;
  const origin = imageOrigin(image).wire.map(lowerOctet);
  const salt = nsec3Salt(data, param);
  const positionOf = (...labels: number[]): number => {
    const input = new Uint8Array(NSEC3_INPUT + 2);
    input.set(labels);
    input.set(origin, labels.length);
    return searchNsec3(
      reader,
      nsec3Digest(input, labels.length + origin.length, salt, nsec3Iterations(data, param)),
    );
  };
  set(ImageField.nsec3Apex, positionOf());
  set(ImageField.nsec3Wildcard, positionOf(1, ASTERISK));
}

function sealWildcard(reader: ImageReader, set: (field: number, value: number) => void): void {
  const { origin, originAt, apexKeyLength, base } = reader;
  const key = new Uint8Array(apexKeyLength + 2);
  // The key of the apex stands before its wire form.
  key.set(origin.subarray(originAt - apexKeyLength, originAt));
  key[apexKeyLength] = ASTERISK;
  const position = searchName(reader, key, key.length);
  if (position >= 0) return;
  const found = { node: -1, rrset: -1 };
  findCovering(found, reader, ~position);
  if (found.rrset < 0) return;
  set(ImageField.nsecWildcard, found.node - base);
  set(ImageField.nsecWildcardRRset, found.rrset - base);
}

/** A chain counts once its NSEC3PARAM is there (RFC 5155 §7.3), or the NSEC of the apex. */
function denialOf({ view, apex, nsec3Count }: ImageReader, param: number): Denial {
  if (nsec3Count > 0 && param >= 0) return Denial.nsec3;
  return findRRset(view, apex, Type.NSEC) >= 0 ? Denial.nsec : Denial.none;
}

/** MINIMUM is the last field of the rdata (RFC 1035 §3.3.13). */
function soaMinimum(data: Uint8Array, soa: number): number {
  const records = soa + RRSET_HEADER;
  return u32(data, records + 2 + u16(data, records) - 4);
}

/** Iterations of an NSEC3PARAM RRset (RFC 5155 §4). */
export function nsec3Iterations(data: Uint8Array, param: number): number {
  return u16(data, param + RRSET_HEADER + 4);
}

const NO_SALT = new Uint8Array(0);

/** Its salt: a copy, as the hash function takes no shared memory. */
export function nsec3Salt(data: Uint8Array, param: number): Uint8Array {
  const rdata = param + RRSET_HEADER + 2;
  return data[rdata + 4] === 0 ? NO_SALT : data.slice(rdata + 5, rdata + 5 + data[rdata + 4]!);
}
