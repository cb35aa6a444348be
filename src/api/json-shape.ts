/** What a JSON text may be made of. */
export interface JsonLimits {
  /** Levels of arrays and objects. */
  depth: number;
  /** Values, those inside of others included. */
  values: number;
}

export interface JsonShape {
  /** Counts what the next octets hold, wherever they were cut; what there is too much of, if anything. */
  take(octets: Uint8Array): keyof JsonLimits | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `[` and `{` differ in one bit, as `]` and `}` do. */
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CASE = 0x20;

/**
 * Counts brackets and commas of a JSON text while it comes in, so that nothing is made of one that would cost much more than its octets:
 * 32 MiB of empty arrays are 11 million objects. Whether it is JSON is not its business. A container that is empty counts as one with a value.
 */
export function countJson(limits: JsonLimits): JsonShape {
  let depth = 0;
  let values = 1;
  let inString = false;
  let escaped = false;

  return {
    take(octets) {
      for (const octet of octets) {
        if (inString) {
          if (escaped) escaped = false;
          else if (octet === BACKSLASH) escaped = true;
          else if (octet === QUOTE) inString = false;
        } else if (octet === QUOTE) inString = true;
        else if (octet === COMMA) {
          if (++values > limits.values) return 'values';
        } else if ((octet | CASE) === OPEN) {
          if (++depth > limits.depth) return 'depth';
          if (++values > limits.values) return 'values';
        } else if ((octet | CASE) === CLOSE) depth--;
      }
      return undefined;
    },
  };
}
