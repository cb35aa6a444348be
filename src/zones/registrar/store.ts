import type { Name } from '../../dns/wire/name.ts';
import type { Finding } from './delegation.ts';

export interface RegistrarCheck {
  finding: Finding;
  /** Milliseconds since the epoch. */
  checkedAt: number;
}

/** The last check of each zone. */
export interface RegistrarStore {
  last(zone: Name): RegistrarCheck | undefined;
  save(zone: Name, check: RegistrarCheck): Promise<void>;
}
