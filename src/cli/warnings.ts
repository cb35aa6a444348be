import { shown } from './names.ts';
import { table } from './table.ts';

/** A record that a person wrote and the zone does not hold. */
export interface RecordWarning {
  owner: string;
  type: string;
  value: string;
  reason: string;
}

/** Said after what was asked for; nothing when all is served. */
export function warningText(warnings: readonly RecordWarning[]): string {
  if (warnings.length === 0) return '';
  const rows = warnings.map(({ owner, type, value, reason }) => [shown(owner), type, value, reason]);
  return `\n\nNot served:\n${table(['owner', 'type', 'value', 'reason'], rows, Infinity)}`;
}
