import type { Name } from '../dns/wire/name.ts';

/** Where a token may act. Zones and names limit `dns:write` only. */
export interface TokenScope {
  scope: 'admin' | 'domains:write' | 'mail:write' | 'dns:write' | 'read' | 'certificates:export-key';
  /** For `dns:write`: zones it may write in, or exact owner names (such as `_acme-challenge.example.com`); both empty: everywhere. */
  zones?: Name[];
  names?: Name[];
}
