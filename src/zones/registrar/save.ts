import type { Name } from '../../dns/wire/name.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { zoneRows } from '../store.ts';
import { expectedDelegation } from './expected.ts';
import { judge } from './judge.ts';
import { type RegistrarCheck, registrarRows } from './store.ts';

/** Keeps what the parent of a zone said, and for lists of domains what that means now. */
export function saveCheck(change: Change, name: Name, check: RegistrarCheck): void {
  change.rows(registrarRows).save(name, check);
  const rows = change.rows(zoneRows);
  const box = rows.box();
  const zone = rows.zone(name);
  // It may have gone while its parent was asked.
  if (!box || !zone?.active) return;
  const customAt = (owner: Name) => rows.recordsAt(owner);
  const expected = expectedDelegation({ box, zone: name, keys: rows.keys(zone.id), customAt });
  rows.putParentState(name, judge(expected, check.finding).state);
}
