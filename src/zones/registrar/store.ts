import type { Name } from '../../dns/wire/name.ts';
import { RowsKey } from '../../work/rows.ts';
import type { Finding } from './delegation.ts';

export interface RegistrarCheck {
  finding: Finding;
  /** Milliseconds since the epoch. */
  checkedAt: number;
}

/** The last check of each zone. */
export interface RegistrarReads {
  last(zone: Name): RegistrarCheck | undefined;
}

export interface RegistrarWrites extends RegistrarReads {
  delete(zone: Name): void;
  save(zone: Name, check: RegistrarCheck): void;
}

export const registrarRows = new RowsKey<RegistrarReads, RegistrarWrites>('registrar');
