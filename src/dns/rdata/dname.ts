import type { RdataType } from './rdata-type.ts';
import { singleName, type SingleName } from './single-name.ts';

/** Redirection of a subtree; never compressed. https://www.rfc-editor.org/rfc/rfc6672#section-2.5 */
export type Dname = SingleName;

export const dname: RdataType<Dname> = singleName(39, 'DNAME', 'target', false);
