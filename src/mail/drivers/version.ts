import type { Detected } from './driver.ts';

type Pair = readonly [major: number, minor: number];

const number = ([major, minor]: Pair): number => major * 1000 + minor;

export function isAtLeast(version: string, pair: Pair): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return number([major, minor]) >= number(pair);
}

/** Whether `version` lies in [atLeast, below). */
export function supported(
  what: string,
  version: string,
  { atLeast, below }: { atLeast: Pair; below: Pair },
): Detected {
  if (isAtLeast(version, atLeast) && !isAtLeast(version, below)) return { kind: 'installed', version };
  const reason = `${what} ${version} is not one that Signpost can configure: it knows ${atLeast.join('.')} up to below ${below.join('.')}.`;
  return { kind: 'unsupported', version, reason };
}
