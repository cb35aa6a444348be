import { strangeCursor } from '../work/cursor.ts';
import type { Page } from '../work/page.ts';
import { domainOf } from './address.ts';

/** The place after which a list of addresses goes on. @throws AppError invalid-request */
export function addressCursor(cursor: string | undefined): { domain: string; address: string } | undefined {
  if (cursor === undefined) return undefined;
  if (!cursor.includes('@')) throw strangeCursor();
  return { domain: domainOf(cursor), address: cursor };
}

/** Of one row more than the page has, if there are so many. */
export function addressPage<Row extends { address: string }, View>(
  rows: readonly Row[],
  limit: number,
  toView: (row: Row) => View,
): Page<View> {
  const items = rows.slice(0, limit);
  return { items: items.map(toView), next: rows.length > limit ? items.at(-1)!.address : undefined };
}
