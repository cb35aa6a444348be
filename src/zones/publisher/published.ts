import { Name } from '../../dns/wire/name.ts';

/** What a change of a zone led to. */
export interface Published {
  zone: Name;
  serial: number;
}
