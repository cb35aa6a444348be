import type { Name } from '../dns/wire/name.ts';

/** Where a token may act. Zones and names limit `dns:write` only. */
export interface TokenScope {
  scope: 'admin' | 'domains:write' | 'mail:write' | 'dns:write' | 'read' | 'certificates:export-key';
  /** For `dns:write`: zones it may write in, or exact owner names (such as `_acme-challenge.example.com`); both empty: everywhere. */
  zones?: Name[];
  names?: Name[];
}

/**
 * What a request does, as far as permission goes.
 * - `admin`: box, tokens, sessions, audit log
 * - `domains:write`: adds, changes and removes domains
 * - `mail:write`: adds, changes and retires mailboxes and aliases
 * - `dns:write`: writes the record at `owner` of `zone`, or without an owner the zone as a whole (import, roll-back, settings)
 * - `certificates:export-key`: takes the private key of a certificate out of the box
 * - `read`: reads what belongs to a zone (and an owner in it), or without a zone anything but secrets
 */
export type Action =
  | { kind: 'admin' }
  | { kind: 'domains:write' }
  | { kind: 'mail:write' }
  | { kind: 'certificates:export-key' }
  | { kind: 'dns:write'; zone: Name; owner?: Name }
  | { kind: 'read'; zone?: Name; owner?: Name };

/**
 * Whether any of the scopes allows the action. `admin` allows everything but to export keys, which its own scope alone does;
 * `domains:write` reads everything, but writes no
 * records; `dns:write` reads what it may write: everything, or its own zones and names. A zone means that zone alone, not
 * the zones below it, and a name that name alone.
 */
export function allows(scopes: readonly TokenScope[], action: Action): boolean {
  return scopes.some((scope) => allowsOne(scope, action));
}

/** The same for many records of one zone: what does not depend on the owner is looked at once. */
export function writesIn(scopes: readonly TokenScope[], zone: Name): (owner: Name) => boolean {
  if (allows(scopes, { kind: 'dns:write', zone })) return () => true;
  const writing = scopes.filter(({ scope }) => scope === 'dns:write');
  const names = new Set(writing.flatMap((scope) => (scope.names ?? []).map(({ key }) => key)));
  return (owner) => names.has(owner.key);
}

function allowsOne(scope: TokenScope, action: Action): boolean {
  switch (scope.scope) {
    case 'admin':
      return action.kind !== 'certificates:export-key';
    case 'certificates:export-key':
      return action.kind === 'certificates:export-key';
    case 'domains:write':
      return action.kind === 'domains:write' || action.kind === 'read';
    case 'mail:write':
      return action.kind === 'mail:write' || action.kind === 'read';
    case 'dns:write':
      return (action.kind === 'dns:write' || action.kind === 'read') && covers(scope, action);
    case 'read':
      return action.kind === 'read';
  }
}

function covers(scope: TokenScope, { zone, owner }: { zone?: Name; owner?: Name }): boolean {
  const zones = scope.zones ?? [];
  const names = scope.names ?? [];
  if (zones.length === 0 && names.length === 0) return true;
  const inZones = zone !== undefined && zones.some((allowed) => allowed.equals(zone));
  return inZones || (owner !== undefined && names.some((allowed) => allowed.equals(owner)));
}
