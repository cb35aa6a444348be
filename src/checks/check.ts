import type { Found } from './sentences.ts';

export type CheckGroup = 'nameserver' | 'name' | 'mail' | 'certificates' | 'machine';

/** `good`: as it should be. `attention`: it works, and something is to be done. `bad`: something does not work. `unknown`: nobody could tell. */
export type CheckState = 'good' | 'attention' | 'bad' | 'unknown';

export interface Finding {
  state: CheckState;
  /** What was found; none when all is good. Sentences alone are those of other parts of the box. */
  found: readonly (Found | string)[];
}

/** Something that is to be so, and can be looked at. */
export interface Check {
  id: string;
  group: CheckGroup;
  /** What should be so. */
  title: string;
  /** What goes wrong without it. */
  why: string;
  /** What to do when it is not. */
  mend: string;
  look: () => Finding | Promise<Finding>;
}

export const good: Finding = { state: 'good', found: [] };

/** Good when there is nothing to say. */
export function finding(found: Finding['found'], state: CheckState): Finding {
  return found.length === 0 ? good : { state, found };
}
