import { encodeTypeBitmap } from '../rdata/type-bitmap.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import { WireWriter } from '../wire/writer.ts';
import { putCanonicalName } from './sign.ts';

/** The types at an owner that the zone answers for: at a delegation only NS and DS (RFC 4035 §2.3). */
export function authoritativeTypes(rrsets: readonly RRset[], delegation: boolean): number[] {
  const types: number[] = [];
  for (const { type } of rrsets) {
    if (delegation ? type === Type.NS || type === Type.DS : type !== Type.NSEC) types.push(type);
  }
  return types;
}

/**
 * NSEC rdata. `types` are those of {@link authoritativeTypes}. The next name is put in lower case: then a change of
 * nothing but the case of an owner does not reach its neighbour.
 */
export function nsecRdata(next: Name, types: readonly number[]): Uint8Array {
  const bitmap = bitmapOf([...types, Type.RRSIG, Type.NSEC]);
  const rdata = new Uint8Array(next.wire.length + bitmap.length);
  rdata.set(bitmap, putCanonicalName(rdata, 0, next));
  return rdata;
}

/** A zone has few different bitmaps; when there are too many they are dropped and made anew. */
const BITMAPS = 1000;
const bitmaps = new Map<string, Uint8Array>();
/** Most owners have the types of the one before. */
let latest: { types: readonly number[]; bitmap: Uint8Array } = { types: [], bitmap: new Uint8Array(0) };

/** The type bitmap field, which callers must not change. */
export function bitmapOf(types: readonly number[]): Uint8Array {
  if (!isSame(types, latest.types)) latest = { types, bitmap: findBitmap(types) };
  return latest.bitmap;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function findBitmap(types: readonly number[]): Uint8Array {
  const key = types.join();
  let bitmap = bitmaps.get(key);
  if (!bitmap) {
    const writer = new WireWriter({ size: 64 });
    encodeTypeBitmap(types, writer);
    bitmap = writer.finish();
    if (bitmaps.size >= BITMAPS) bitmaps.clear();
    bitmaps.set(key, bitmap);
  }
  return bitmap;
}

/** TTL of NSEC and NSEC3: the lesser of the SOA's TTL and its last field, seconds (RFC 9077 §3). */
export function denialTtl(soa: RRset): number {
  const rdata = soa.rdatas[0]!;
  const minimum = new DataView(rdata.buffer, rdata.byteOffset + rdata.length - 4, 4).getUint32(0);
  return Math.min(soa.ttl, minimum);
}
