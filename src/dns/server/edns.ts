import { Type } from '../type-codes.ts';
import { Ede } from './codes.ts';
import { putU16, type Response } from './response.ts';

/** An OPT record without options, octets. */
export const OPT_SIZE = 11;
/** OPTION-CODE of extended errors (RFC 8914 §2). */
const OPTION_EDE = 15;

/**
 * Writes the OPT record (RFC 6891 §6.1): our UDP size, the upper bits of the RCODE, DO as it came (RFC 3225 §3), and an
 * extended error when there is one (RFC 8914); the space was kept free.
 */
export function putOpt(
  response: Response,
  udpSize: number,
  rcode: number,
  dnssecOk: boolean,
  ede: number,
): void {
  response.bytes[response.at++] = 0;
  putU16(response, Type.OPT);
  putU16(response, udpSize);
  response.bytes[response.at++] = rcode >>> 4;
  response.bytes[response.at++] = 0;
  putU16(response, dnssecOk ? 0x8000 : 0);
  if (ede === Ede.none) {
    putU16(response, 0);
    return;
  }
  putU16(response, 6);
  putU16(response, OPTION_EDE);
  putU16(response, 2);
  putU16(response, ede);
}
