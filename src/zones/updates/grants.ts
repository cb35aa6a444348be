import type { Name } from '../../dns/wire/name.ts';
import type { UpdateGrant } from '../secondaries/store.ts';

/** Whether a key with these grants may change records of this type at a name; type undefined: whether it may change all of them. */
export function isGranted(
  grants: readonly UpdateGrant[],
  zone: Name,
  owner: Name,
  type: number | undefined,
): boolean {
  return grants.some(
    (grant) =>
      grant.zone.equals(zone) &&
      (grant.owners?.some((pattern) => matches(labelsOf(pattern), labelsOf(owner))) ?? true) &&
      (grant.types === undefined || (type !== undefined && grant.types.includes(type))),
  );
}

function labelsOf(name: Name): string[] {
  return [...name.labels()].map((label) => Buffer.from(label).toString('latin1').toLowerCase());
}

/** `*` stands for one label or more. */
function matches(pattern: readonly string[], labels: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return labels.length === 0;
  if (labels.length === 0) return false;
  const behind = labels.slice(1);
  if (first !== '*') return first === labels[0] && matches(rest, behind);
  return matches(rest, behind) || matches(pattern, behind);
}
