import { eachStep, type Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../rr.ts';
import { u16, u32 } from '../zone/octets.ts';
import { putBody, putOwner, pointerTo } from './put-rrset.ts';
import type { Response } from './response.ts';
import type { RecordSource } from './transfer-messages.ts';

/** What leads from one version of a zone to another one: in both lists the SOA stands first. */
export interface ZoneDifference {
  removed: readonly ResourceRecord[];
  added: readonly ResourceRecord[];
}

/** Octets of a record besides owner and rdata. */
const FIXED = 8;
const HEADER = 4;

/**
 * The octets that a worker gets: a u32 that says where the new SOA is, then for each record, first those removed: owner, u16 type, u32 TTL, u16
 * length, rdata. No name is compressed.
 */
export function* encodeDifference({ removed, added }: ZoneDifference): Steps<Uint8Array> {
  let size = HEADER;
  const measure = ({ owner, rdata }: ResourceRecord): void => {
    size += owner.wire.length + FIXED + rdata.length;
  };
  yield* eachStep(removed, measure);
  const newSoa = size;
  yield* eachStep(added, measure);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, newSoa);
  let at = HEADER;
  for (const list of [removed, added])
    yield* eachStep(list, ({ owner, type, ttl, rdata }) => {
      bytes.set(owner.wire, at);
      at += owner.wire.length;
      view.setUint16(at, type);
      view.setUint32(at + 2, ttl);
      view.setUint16(at + 6, rdata.length);
      bytes.set(rdata, at + FIXED);
      at += FIXED + rdata.length;
    });
  return bytes;
}

/**
 * RFC 1995 §4: the new SOA, the old SOA and what is removed, the new SOA and what is added, and the new SOA again. One difference leads over all
 * versions in between (§5).
 */
export function recordsOfDifference(bytes: Uint8Array): RecordSource {
  const source = { data: bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const newSoa = u32(bytes, 0);
  let begun = false;
  let ended = false;
  let at = HEADER;
  /** The owner that was written last in this message, and where it stands, as a pointer; 0 is nowhere. */
  let owner = 0;
  let pointer = 0;

  const put = (response: Response, record: number): number => {
    const fixed = record + nameLength(bytes, record);
    const here = response.at;
    const again = pointer !== 0 && sameName(bytes, owner, record) ? pointer : 0;
    if (!putOwner(response, again, bytes, record)) return 0;
    const written = again === 0 ? pointerTo(response, here) : again;
    const length = u16(bytes, fixed + 6);
    const rdata = fixed + FIXED;
    if (!putBody(response, source, rdata, length, u16(bytes, fixed), u32(bytes, fixed + 2))) return 0;
    response.counts[response.section]!++;
    owner = record;
    pointer = written;
    return rdata + length;
  };
  return {
    done: () => ended,
    begin: () => void (pointer = 0),
    put(response) {
      if (!begun) return (begun = put(response, newSoa) > 0);
      if (at === bytes.length) return (ended = put(response, newSoa) > 0);
      const next = put(response, at);
      if (next > 0) at = next;
      return next > 0;
    },
  };
}

function nameLength(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== 0) at += bytes[at]! + 1;
  return at + 1 - start;
}

function sameName(bytes: Uint8Array, a: number, b: number): boolean {
  const length = nameLength(bytes, a);
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
