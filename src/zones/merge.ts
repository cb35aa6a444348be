import { canonicalRdata } from '../dns/rdata/registry.ts';
import { Type } from '../dns/type-codes.ts';
import type { Standing } from './cuts.ts';
import type { SourcedRecord } from './model.ts';
import { textKind } from './text.ts';

/**
 * What stands at one owner in the end, of what is derived there and what the person wrote there. Whatever the two are, the result is
 * a node that every nameserver loads.
 */
export function mergeOwner(
  derived: readonly SourcedRecord[],
  custom: readonly SourcedRecord[],
  where: Standing,
): SourcedRecord[] {
  return oneTtl(withoutDuplicates(choose(derived, custom, where)));
}

function choose(
  derived: readonly SourcedRecord[],
  custom: readonly SourcedRecord[],
  where: Standing,
): readonly SourcedRecord[] {
  switch (where) {
    case 'below-dname':
      // RFC 6672 §2.4: nothing may stand below a DNAME.
      return [];
    case 'below-delegation':
      return custom.filter(isAddress);
    case 'delegation':
      return custom.filter((record) => isAddress(record) || hasType(record, Type.NS, Type.DS));
    case 'inside':
      return override(derived, withoutStrays(custom));
  }
}

/** RFC 4035 §2.4: DS only at a delegation. An NS that is no cut is one that may not be one. */
function withoutStrays(custom: readonly SourcedRecord[]): SourcedRecord[] {
  const kept = custom.filter((record) => !hasType(record, Type.NS, Type.DS));
  const others = kept.some((record) => record.type !== Type.CNAME);
  return others ? firstOnly(withoutType(kept, Type.CNAME), Type.DNAME) : firstOnly(kept, Type.CNAME);
}

/**
 * The person's records replace the derived ones of their type; TXT only those for the same purpose; a CNAME all (`compose` has seen to it
 * that none stands where something is required). Addresses replace those of both families and the HTTPS record: what is left of
 * them would lead half of the visitors to the box.
 */
function override(derived: readonly SourcedRecord[], custom: readonly SourcedRecord[]): SourcedRecord[] {
  if (custom.some((record) => record.type === Type.CNAME)) return [...custom];
  const types = new Set(custom.map((record) => record.type));
  const moved = types.has(Type.A) || types.has(Type.AAAA);
  const texts = new Set(custom.filter((record) => record.type === Type.TXT).map(kindOf));
  const kept = derived.filter((record) => {
    if (record.type === Type.TXT) return !texts.has(kindOf(record)) || kindOf(record) === undefined;
    if (moved && hasType(record, Type.A, Type.AAAA, Type.HTTPS)) return false;
    return !types.has(record.type);
  });
  return [...kept, ...custom];
}

function kindOf(record: SourcedRecord): string | undefined {
  return textKind(record.rdata);
}

/** RFC 2181 §5: an RRset holds no rdata twice; names in it are compared without case. */
function withoutDuplicates(records: readonly SourcedRecord[]): readonly SourcedRecord[] {
  if (records.length < 2) return records;
  const seen = new Set<string>();
  return records.filter((record) => {
    const octets = Buffer.from(canonicalRdata(record.type, record.rdata)).toString('latin1');
    const known = seen.has(`${record.type} ${octets}`);
    seen.add(`${record.type} ${octets}`);
    return !known;
  });
}

/** RFC 2181 §5.2: one TTL in an RRset. The lowest wins: who asked for a short one is about to change something. */
export function oneTtl(records: readonly SourcedRecord[]): SourcedRecord[] {
  const lowest = new Map<number, number>();
  for (const { type, ttl } of records) lowest.set(type, Math.min(ttl, lowest.get(type) ?? ttl));
  return records.map((record) =>
    record.ttl === lowest.get(record.type) ? record : { ...record, ttl: lowest.get(record.type)! },
  );
}

export function isAddress(record: SourcedRecord): boolean {
  return hasType(record, Type.A, Type.AAAA);
}

function hasType(record: SourcedRecord, ...types: readonly number[]): boolean {
  return types.includes(record.type);
}

function withoutType(records: readonly SourcedRecord[], type: number): SourcedRecord[] {
  return records.filter((record) => record.type !== type);
}

function firstOnly(records: readonly SourcedRecord[], type: number): SourcedRecord[] {
  const first = records.find((record) => record.type === type);
  return records.filter((record) => record.type !== type || record === first);
}
