/** RFC 2181 §8: a TTL has 31 bits. */
export const MAX_TTL = 0x7fffffff;

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Whether a word is written like a TTL: `3600`, or with units as in `1h30m`. */
export function looksLikeTtl(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && /^(?:\d+|(?:\d+[smhdw])+)$/i.test(text);
}

/** The seconds of a word that looks like a TTL; undefined when it is above {@link MAX_TTL}. */
export function parseTtl(text: string): number | undefined {
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw]?)/gi))
    seconds += Number(count) * unitSeconds[unit!.toLowerCase() || 's']!;
  return seconds <= MAX_TTL ? seconds : undefined;
}
