import { Type } from '../type-codes.ts';
import { u16, u32 } from '../zone/octets.ts';

const HEADER = 12;
/** TYPE, CLASS, TTL and RDLENGTH. */
const FIXED = 10;

/**
 * Seconds for which a response of ours may be kept (RFC 8484 §5.1): until the first record of its answer goes; a negative one as RFC 2308 §5
 * says; anything else is not kept. It steps over names and rdata: what is asked for by HTTPS is answered in the control plane's turn.
 */
export function lifetimeOf(message: Uint8Array): number {
  let at = HEADER;
  for (let left = u16(message, 4); left > 0; left--) at = behindName(message, at) + 4;
  const answers = u16(message, 6);
  let least = Infinity;
  for (let left = answers; left > 0; left--) {
    const fixed = behindName(message, at);
    least = Math.min(least, u32(message, fixed + 4));
    at = fixed + FIXED + u16(message, fixed + 8);
  }
  if (answers > 0) return least;
  for (let left = u16(message, 8); left > 0; left--) {
    const fixed = behindName(message, at);
    at = fixed + FIXED + u16(message, fixed + 8);
    // MINIMUM is the last field (RFC 1035 §3.3.13).
    if (u16(message, fixed) === Type.SOA) return Math.min(u32(message, fixed + 4), u32(message, at - 4));
  }
  return 0;
}

/** A pointer ends a name. */
function behindName(message: Uint8Array, start: number): number {
  let at = start;
  while (message[at]! > 0) {
    if (message[at]! >= 0xc0) return at + 2;
    at += message[at]! + 1;
  }
  return at + 1;
}
