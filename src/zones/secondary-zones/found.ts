import { toRfc3339 } from '../../core/rfc3339.ts';
import type { SecondaryZones, SecondaryZoneView } from './service.ts';

/** Zones that are named; of many the rest is a number. */
const NAMED = 20;

/** What to say in /health of secondary zones that are not as they should be. */
export function secondaryZoneSentences(followed: Pick<SecondaryZones, 'troubled'>): string[] {
  const { zones, count } = followed.troubled(NAMED);
  const more = count - zones.length;
  return [...zones.map(sentence), ...(more > 0 ? [`${more} more secondary zones cannot be refreshed.`] : [])];
}

function sentence({ name, condition, problem, version, expiresAt }: SecondaryZoneView): string {
  const zone = name.toText();
  const because = problem === undefined ? '' : `: ${problem}`;
  const since = version && toRfc3339(version.checkedAt);
  switch (condition) {
    case 'pending':
      return `The secondary zone ${zone} has not come yet and is not served${because}.`;
    case 'expired':
      return `The secondary zone ${zone} has expired and answers SERVFAIL, as none of its primaries was reached since ${since}${because}.`;
    case 'failing':
      return `The secondary zone ${zone} was not refreshed since ${since} and expires at ${toRfc3339(expiresAt!)}${because}.`;
    case 'current':
      return `The secondary zone ${zone} is served${because}.`;
  }
}
