import type { Loc } from './loc.ts';
import type { RdataTokens } from './tokens.ts';

/** `d [m [s]] N|S d [m [s]] E|W alt [size [hp [vp]]]`. https://www.rfc-editor.org/rfc/rfc1876#section-3 */
export function parseLoc(tokens: RdataTokens): Loc {
  const latitude = parseAngle(tokens, 'latitude', 90, 'N', 'S');
  const longitude = parseAngle(tokens, 'longitude', 180, 'E', 'W');
  const altitude = metres(tokens, 'altitude', -100_000, 42_849_672.95);
  return {
    size: parseSize(tokens, 'size', 100),
    horizontalPrecision: parseSize(tokens, 'horizontal precision', 1_000_000),
    verticalPrecision: parseSize(tokens, 'vertical precision', 1000),
    latitude,
    longitude,
    altitude,
  };
}

export function printLoc(value: Loc): string {
  const sizes = [value.size, value.horizontalPrecision, value.verticalPrecision];
  return [
    printAngle(value.latitude, 'N', 'S'),
    printAngle(value.longitude, 'E', 'W'),
    printMetres(value.altitude),
    ...sizes.map(printMetres),
  ].join(' ');
}

/** Degrees, and optional minutes and seconds, up to the letter of the hemisphere. */
function parseAngle(
  tokens: RdataTokens,
  what: string,
  limit: number,
  positive: string,
  negative: string,
): number {
  let angle = tokens.integer(`degrees of ${what}`, limit) * 3_600_000;
  const hemisphere = (): string => (tokens.peek()?.text ?? '').toUpperCase();
  const atEnd = (): boolean => hemisphere() === positive || hemisphere() === negative;
  if (!atEnd()) angle += tokens.integer(`minutes of ${what}`, 59) * 60_000;
  if (!atEnd()) angle += parseSeconds(tokens, what);
  if (!atEnd()) tokens.fail(`${what} must end in ${positive} or ${negative}`);
  const sign = tokens.word(what).toUpperCase() === positive ? 1 : -1;
  if (angle > limit * 3_600_000) tokens.fail(`${what} must be at most ${limit} degrees`);
  return angle === 0 ? 0 : sign * angle;
}

/** Thousandths of a second. */
function parseSeconds(tokens: RdataTokens, what: string): number {
  const text = tokens.word(`seconds of ${what}`);
  if (!/^[0-5]?\d(\.\d{1,3})?$/.test(text))
    tokens.fail(`seconds of ${what} must be from 0 to 59.999, not "${text}"`);
  return Math.round(Number(text) * 1000);
}

/** Metres with an optional `m`; in centimetres. */
function metres(tokens: RdataTokens, what: string, min: number, max: number): number {
  const text = tokens.word(what);
  const match = /^(-?\d{1,8}(?:\.\d{1,2})?)m?$/i.exec(text);
  const value = Number(match?.[1]);
  if (!(value >= min && value <= max))
    tokens.fail(`${what} must be from ${min} to ${max} metres, not "${text}"`);
  return Math.round(value * 100) || 0;
}

/** One digit times a power of ten: the first digit is kept, as in the code of RFC 1876 Appendix A. */
function parseSize(tokens: RdataTokens, what: string, otherwise: number): number {
  if (tokens.done) return otherwise;
  const centimetres = metres(tokens, what, 0, 90_000_000);
  const power = 10 ** (String(centimetres).length - 1);
  return Math.floor(centimetres / power) * power;
}

function printAngle(angle: number, positive: string, negative: string): string {
  const thousandths = Math.abs(angle);
  const degrees = Math.floor(thousandths / 3_600_000);
  const minutes = Math.floor(thousandths / 60_000) % 60;
  const seconds = ((thousandths % 60_000) / 1000).toFixed(3);
  return `${degrees} ${minutes} ${seconds} ${angle < 0 ? negative : positive}`;
}

function printMetres(centimetres: number): string {
  return `${(centimetres / 100).toFixed(2)}m`;
}
