import { firstRRset, rrsetCount, rrsetEnd, rrsetSignatureCount, rrsetType } from '../zone/image-reader.ts';
import { Type } from '../type-codes.ts';

/**
 * The RRset that stands for all of a node (RFC 8482 §4.1): the smallest one, so that ANY amplifies nothing. With `signed`,
 * of those that have RRSIGs: the answer to a question for RRSIG (RFC 8482 §4.2 names ANY; the reason is the same).
 * NSEC counts only when there is nothing else. Returns -1 when there is none.
 */
export function smallestRRset(view: DataView, node: number, signed: boolean): number {
  let best = -1;
  let bestSize = Infinity;
  let at = firstRRset(view, node);
  for (let left = rrsetCount(view, node); left > 0; left--) {
    const end = rrsetEnd(view, at);
    const size = end - at + (rrsetType(view, at) === Type.NSEC ? 1e6 : 0);
    if (size < bestSize && (!signed || rrsetSignatureCount(view, at) > 0)) {
      best = at;
      bestSize = size;
    }
    at = end;
  }
  return best;
}
