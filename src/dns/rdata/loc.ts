import { FormErr } from '../wire/form-error.ts';
import type { WireReader } from '../wire/reader.ts';
import type { RdataType } from './rdata-type.ts';
import { parseLoc, printLoc } from './loc-text.ts';

/** Location. https://www.rfc-editor.org/rfc/rfc1876#section-2 */
export interface Loc {
  /** Diameter of the sphere around the place, centimetres: one digit times a power of ten, as both precisions. */
  size: number;
  /** Centimetres. */
  horizontalPrecision: number;
  /** Centimetres. */
  verticalPrecision: number;
  /** Thousandths of a second of arc, north positive. */
  latitude: number;
  /** Thousandths of a second of arc, east positive. */
  longitude: number;
  /** Centimetres above the WGS 84 spheroid. */
  altitude: number;
}

/** Equator and prime meridian. */
const ANGLE_ORIGIN = 2 ** 31;
/** 100,000 m below the spheroid, in centimetres. */
const ALTITUDE_ORIGIN = 10_000_000;
const DEGREE = 3_600_000;

export const loc: RdataType<Loc> = {
  type: 29,
  name: 'LOC',
  decode(reader) {
    // RFC 1876 §2: other versions may have any other form.
    if (reader.u8() !== 0) throw new FormErr('LOC version is not 0');
    return {
      size: decodeSize(reader),
      horizontalPrecision: decodeSize(reader),
      verticalPrecision: decodeSize(reader),
      latitude: decodeAngle(reader, 90),
      longitude: decodeAngle(reader, 180),
      altitude: reader.u32() - ALTITUDE_ORIGIN,
    };
  },
  encode(value, writer) {
    writer.u8(0);
    writer.u8(encodeSize(value.size));
    writer.u8(encodeSize(value.horizontalPrecision));
    writer.u8(encodeSize(value.verticalPrecision));
    writer.u32(value.latitude + ANGLE_ORIGIN);
    writer.u32(value.longitude + ANGLE_ORIGIN);
    writer.u32(value.altitude + ALTITUDE_ORIGIN);
  },
  parse: parseLoc,
  print: printLoc,
};

/** High four bits the digit, low four the power of ten. */
function decodeSize(reader: WireReader): number {
  const octet = reader.u8();
  const digit = octet >> 4;
  const power = octet & 0xf;
  if (digit > 9 || power > 9 || (digit === 0 && power > 0)) throw new FormErr('LOC size is out of range');
  return digit * 10 ** power;
}

function encodeSize(centimetres: number): number {
  const power = String(centimetres).length - 1;
  return centimetres === 0 ? 0 : (Number(String(centimetres)[0]) << 4) | power;
}

function decodeAngle(reader: WireReader, limit: number): number {
  const angle = reader.u32() - ANGLE_ORIGIN;
  if (Math.abs(angle) > limit * DEGREE) throw new FormErr('LOC angle is out of range');
  return angle;
}
