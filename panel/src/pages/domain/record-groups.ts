import type { RecordView } from '../../api/queries.ts';

/** Records that are there for the same reason. */
export interface RecordGroup {
  why: string;
  rfc: string | null;
  level: RecordView['level'];
  types: readonly string[];
  records: readonly RecordView[];
}

const order = { required: 0, recommended: 1, optional: 2 };

/** What is needed first; else in the order of the zone. */
export function groupsOf(records: readonly RecordView[]): RecordGroup[] {
  const byReason = Map.groupBy(records, ({ why }) => why);
  return [...byReason]
    .map(([why, group]) => ({
      why,
      rfc: group[0]!.rfc,
      level: group[0]!.level,
      types: [...new Set(group.map(({ type }) => type))],
      records: group,
    }))
    .sort((one, other) => order[one.level] - order[other.level]);
}
