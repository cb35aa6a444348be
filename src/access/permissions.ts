import type { Name } from '../dns/wire/name.ts';
import type { TokenScope } from './scopes.ts';

/** What a person is on this box. */
export type Role = 'owner' | 'administrator' | 'domain-administrator' | 'mailbox-user';

/** What a person may, by their role: the counterpart of a token's scopes. */
export interface RoleGrant {
  role: Role;
  /** Of a domain administrator. */
  domains?: readonly Name[];
  /** Address of a mailbox user's mailbox. */
  mailbox?: string;
}

export type Grant = TokenScope | RoleGrant;

/**
 * What may be granted.
 * - `admin`: box, tokens, audit log, mail servers, secondaries
 * - `accounts`: accounts of people, and their sessions; `owners`: those of owners too
 * - `domains:write`: adds, changes and removes domains
 * - `mail:write`: adds, changes and retires mailboxes and aliases
 * - `mailbox:use`: what a person does with a mailbox that is theirs: app passwords
 * - `dns:write`: writes the record at `owner` of `zone`, or without an owner the zone as a whole (import, roll-back, settings)
 * - `certificates:export-key`: takes the private key of a certificate out of the box
 * - `read`: reads what belongs to a zone (and an owner in it) or to a mail domain, or without any of them anything but secrets
 */
export type Right =
  | 'admin'
  | 'accounts'
  | 'owners'
  | 'domains:write'
  | 'mail:write'
  | 'mailbox:use'
  | 'dns:write'
  | 'read'
  | 'certificates:export-key';

/** `own`: in the zones and at the names that limit a token, in a domain administrator's domains, for a mailbox user's mailbox. */
type Reach = 'all' | 'own';

/** Who holds a right: scopes of tokens, then roles of people. What is not there is refused. */
type Holders = Partial<Record<TokenScope['scope'] | Role, Reach>>;

const everywhere = { admin: 'all', owner: 'all', administrator: 'all' } as const;

/** The one table of who may do what. */
export const permissions: Readonly<Record<Right, Holders>> = {
  admin: everywhere,
  accounts: everywhere,
  // A token is made by whoever is administrator: it must not make its maker more than that.
  owners: { owner: 'all' },
  'domains:write': { ...everywhere, 'domains:write': 'all' },
  'mail:write': { ...everywhere, 'mail:write': 'all', 'domain-administrator': 'own' },
  'mailbox:use': {
    ...everywhere,
    'mail:write': 'all',
    'domain-administrator': 'own',
    'mailbox-user': 'own',
  },
  'dns:write': { ...everywhere, 'dns:write': 'own', 'domain-administrator': 'own' },
  read: {
    ...everywhere,
    read: 'all',
    'domains:write': 'all',
    'mail:write': 'all',
    'dns:write': 'own',
    'domain-administrator': 'own',
  },
  // Not even an administrator: it is for the program that has been given it.
  'certificates:export-key': { 'certificates:export-key': 'all' },
};

/** Where something is done: nothing of it means everywhere. */
export interface Place {
  zone?: Name;
  /** A name in the zone. */
  owner?: Name;
  /** A mail domain. */
  domain?: Name;
  /** Address of a mailbox. */
  mailbox?: string;
}

export type Action = { kind: Right } & Place;

/**
 * Whether any of the grants allows the action. `dns:write` reads what it may write: everything, or its own zones and names. For a
 * token a zone means that zone alone, not the zones below it, and a name that name alone.
 */
export function allows(grants: readonly Grant[], action: Action): boolean {
  return grants.some((grant) => {
    const reach = permissions[action.kind][holderOf(grant)];
    return reach === 'all' || (reach === 'own' && covers(grant, action));
  });
}

/** The rights that the grants give anywhere at all. */
export function rightsOf(grants: readonly Grant[]): Right[] {
  const all = Object.entries(permissions) as [Right, Holders][];
  return all
    .filter(([, holders]) => grants.some((grant) => holders[holderOf(grant)] !== undefined))
    .map(([right]) => right);
}

/** Whether the right is held somewhere. */
export function mayAnywhere(grants: readonly Grant[], right: Right): boolean {
  return grants.some((grant) => permissions[right][holderOf(grant)] !== undefined);
}

/** The same for many records of one zone: what does not depend on the owner is looked at once. */
export function writesIn(grants: readonly Grant[], zone: Name): (owner: Name) => boolean {
  if (allows(grants, { kind: 'dns:write', zone })) return () => true;
  const writing = grants.filter((grant) => permissions['dns:write'][holderOf(grant)] === 'own');
  const names = new Set(
    writing.flatMap((grant) => ('scope' in grant ? (grant.names ?? []) : []).map(({ key }) => key)),
  );
  const domains = writing.flatMap((grant) => ('role' in grant ? (grant.domains ?? []) : []));
  return (owner) =>
    names.has(owner.key) || domains.some((domain) => domain.isAtOrBelow(zone) && owner.isAtOrBelow(domain));
}

/** The domains to which the grants are limited; undefined: to none, or they are not those of a domain administrator. */
export function ownDomains(grants: readonly Grant[]): readonly Name[] | undefined {
  if (allows(grants, { kind: 'read' })) return undefined;
  const grant = grants.find((one) => 'role' in one && one.role === 'domain-administrator');
  return grant && 'role' in grant ? (grant.domains ?? []) : undefined;
}

function holderOf(grant: Grant): TokenScope['scope'] | Role {
  return 'scope' in grant ? grant.scope : grant.role;
}

function covers(grant: Grant, place: Place): boolean {
  return 'scope' in grant ? scopeCovers(grant, place) : roleCovers(grant, place);
}

function scopeCovers(scope: TokenScope, { zone, owner }: Place): boolean {
  const zones = scope.zones ?? [];
  const names = scope.names ?? [];
  if (zones.length === 0 && names.length === 0) return true;
  const inZones = zone !== undefined && zones.some((allowed) => allowed.equals(zone));
  return inZones || (owner !== undefined && names.some((allowed) => allowed.equals(owner)));
}

function roleCovers({ domains = [], mailbox }: RoleGrant, place: Place): boolean {
  const { zone, owner, domain } = place;
  if (mailbox !== undefined && place.mailbox === mailbox) return true;
  return domains.some(
    (own) =>
      (zone !== undefined && own.equals(zone)) ||
      (domain !== undefined && own.equals(domain)) ||
      // A domain may lie in the zone of one above it.
      (zone !== undefined && owner !== undefined && owner.isAtOrBelow(own) && own.isAtOrBelow(zone)),
  );
}
