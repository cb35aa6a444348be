import type { Detected } from './driver.ts';

type Pair = readonly [major: number, minor: number];

/** Whether `version` lies in [atLeast, below). */
export function supported(
  what: string,
  version: string,
  { atLeast, below }: { atLeast: Pair; below: Pair },
): Detected {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const number = ([a, b]: Pair): number => a * 1000 + b;
  const here = number([major, minor]);
  if (here >= number(atLeast) && here < number(below)) return { kind: 'installed', version };
  const reason = `${what} ${version} is not one that Signpost can configure: it knows ${atLeast.join('.')} up to below ${below.join('.')}.`;
  return { kind: 'unsupported', version, reason };
}
