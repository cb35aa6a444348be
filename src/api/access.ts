import { allows, mayAnywhere, ownDomains, type Place, writesIn } from '../access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { Name } from '../dns/wire/name.ts';
import { parseOwner } from '../zones/names.ts';
import type { ZoneService } from '../zones/versions/service.ts';
import type { Asking } from '../access/people/accounts.ts';
import { actorOf, type ApiContext, type ApiEnv, type ApiMiddleware } from './env.ts';

/**
 * What a route needs, declared beside it.
 * - `open`: no credential
 * - `any`: any credential; `session`: a person who is signed in
 * - `accounts`: accounts of people
 * - `read:list`: a list, which shows a domain administrator what is theirs ({@link ownDomainsOf})
 * - `read:address`, `write:address`: the mailbox or alias of the path, or all of its domain; `use:mailbox`: what its user does with it
 * - `write:addresses`: addresses that the body names, each checked by {@link requireMail}
 * - `read`: reading in general; `read:zone`: the zone of the path, or all of its domain; `read:domain`: only what concerns the domain itself
 * - `read:owner`: the zone of the path, or the owner in the query alone; `read:record`: a record by its id, checked by {@link requireReadable}
 * - `write:zone`: changing the zone of the path as a whole; `write:records`: records in it, each checked by {@link requireRecords}
 * - `certificates:export-key`: that very scope, of a token that was sent over the unix socket
 * - `import`: writing the zone of the body as a whole, checked by {@link requireImport}
 *
 * `docs/scopes.md` is the table of what follows for each route; a test walks all of it.
 */
export type Need =
  | 'open'
  | 'any'
  | 'session'
  | 'admin'
  | 'domains:write'
  | 'accounts'
  | 'mail:write'
  | 'write:address'
  | 'write:addresses'
  | 'use:mailbox'
  | 'read:address'
  | 'read:list'
  | 'certificates:export-key'
  | 'read'
  | 'read:zone'
  | 'read:domain'
  | 'read:owner'
  | 'read:record'
  | 'write:zone'
  | 'write:records'
  | 'import';

/** Refuses a dangerous act of a person whose password was given too long ago. Tokens are asked for none. */
export const requireConfirmed: ApiMiddleware = async (c, next) => {
  const { session } = c.var.credential ?? {};
  if (session && session.confirmedUntil <= c.var.options.clock.now())
    throw new AppError(
      'confirmation-needed',
      'Your password was given too long ago for this. Give it again to confirm the session, then repeat the request.',
    );
  return next();
};

/** Refuses before anything of the request is looked at but its path. */
export function requireNeed(need: Need): ApiMiddleware {
  return async (c, next) => {
    if (need !== 'open' && !granted(c, need)) throw refusalOf(c, need);
    return next();
  };
}

function granted(c: ApiContext, need: Exclude<Need, 'open'>): boolean {
  const grants = c.var.credential?.grants ?? [];
  switch (need) {
    case 'session':
      return c.var.credential?.session !== undefined;
    case 'any':
    case 'read:record':
      return c.var.credential !== undefined;
    case 'read:list':
      return allows(grants, { kind: 'read' }) || ownDomains(grants) !== undefined;
    case 'read:address': {
      const { domain, mailbox } = addressOf(c);
      return (
        allows(grants, { kind: 'read', ...domain }) || allows(grants, { kind: 'mailbox:use', ...mailbox })
      );
    }
    case 'write:address':
      return allows(grants, { kind: 'mail:write', ...addressOf(c).domain });
    case 'use:mailbox':
      return allows(grants, { kind: 'mailbox:use', ...addressOf(c).domain, ...addressOf(c).mailbox });
    case 'write:addresses':
      return mayAnywhere(grants, 'mail:write');
    case 'accounts':
    case 'admin':
    case 'domains:write':
    case 'mail:write':
    case 'read':
      return allows(grants, { kind: need });
    case 'certificates:export-key':
      return c.env.peer.kind === 'local' && allows(grants, { kind: need });
    case 'read:zone':
      return allows(grants, { kind: 'read', ...zoneOf(c) });
    case 'read:domain': {
      const { zone } = zoneOf(c);
      return allows(grants, { kind: 'read', ...(zone && { zone, owner: zone }) });
    }
    case 'read:owner': {
      const owner = tryName(c.req.query('owner'));
      return allows(grants, { kind: 'read', ...zoneOf(c), ...(owner && { owner }) });
    }
    case 'write:zone': {
      const { zone } = zoneOf(c);
      // A zone that cannot be read is none: validation refuses it next.
      return zone ? allows(grants, { kind: 'dns:write', zone }) : mayAnywhere(grants, 'dns:write');
    }
    case 'write:records':
    case 'import':
      return mayAnywhere(grants, 'dns:write');
  }
}

/**
 * The zone or domain that the path names. The query is not looked at: a route that does not take `owner` would not refuse one, and a
 * token for one name could read any zone by adding it. A name that cannot be read names nothing: validation refuses it next.
 */
function zoneOf(c: ApiContext): { zone?: Name } {
  const zone = tryName(c.req.param('zone')) ?? tryName(c.req.param('domain'));
  return zone ? { zone } : {};
}

/** The address that the path names, and its domain. */
function addressOf(c: ApiContext): { domain: Place; mailbox: Place } {
  const mailbox = (c.req.param('address') ?? '').toLowerCase();
  const domain = tryName(mailbox.slice(mailbox.lastIndexOf('@') + 1));
  return { domain: domain ? { domain } : {}, mailbox: { mailbox } };
}

function tryName(text: string | undefined): Name | undefined {
  const result = text === undefined ? undefined : parseOwner(text);
  return result?.ok ? result.name : undefined;
}

/** The records, when the credential may write at the owner of each. @throws AppError forbidden */
export function requireRecords<T extends { name: Name }>(
  c: { var: ApiEnv['Variables'] },
  zone: Name,
  records: T[],
): T[] {
  const grants = c.var.credential?.grants ?? [];
  const writes = writesIn(grants, zone);
  const refused = records.find(({ name }) => !writes(name));
  if (refused)
    throw new AppError('forbidden', `The token may not write records at ${refused.name.toText()}.`);
  return records;
}

/** Whether the credential may read at the owner, or without one in the whole zone. */
export function mayRead(c: { var: ApiEnv['Variables'] }, zone: Name, owner?: Name): boolean {
  return allows(c.var.credential?.grants ?? [], { kind: 'read', zone, ...(owner && { owner }) });
}

/** @throws AppError forbidden */
export function requireReadable(c: { var: ApiEnv['Variables'] }, zone: Name, owner?: Name): void {
  if (!mayRead(c, zone, owner)) throw forbidden('read:record');
}

/**
 * Refuses an import that writes where the credential may not: it writes the zone that holds the name as a whole, and a name that is new
 * becomes a domain. @throws AppError forbidden
 */
export function requireImport(c: { var: ApiEnv['Variables'] }, name: Name): void {
  const { credential, services } = c.var;
  const grants = credential?.grants ?? [];
  const zone = servedZone(name, services.zones) ?? name;
  if (!allows(grants, { kind: 'dns:write', zone })) throw forbidden('write:zone');
  if (!services.domains.get(name) && !allows(grants, { kind: 'domains:write' })) {
    const text = name.toText();
    throw new AppError('forbidden', `${text} would be a new domain. ${sentences['domains:write']}`);
  }
}

/** The zone that the box serves at the name or next above it. */
function servedZone(name: Name, zones: Pick<ZoneService, 'get'>): Name | undefined {
  for (let at = name; !at.isRoot; at = at.parent()) if (zones.get(at)) return at;
  return undefined;
}

/** Refuses addresses of domains in which the credential may not write. @throws AppError forbidden */
export function requireMail(c: { var: ApiEnv['Variables'] }, addresses: readonly string[]): void {
  const grants = c.var.credential?.grants ?? [];
  if (allows(grants, { kind: 'mail:write' })) return;
  for (const address of addresses) {
    const domain = tryName(address.slice(address.lastIndexOf('@') + 1).trim());
    if (!domain || !allows(grants, { kind: 'mail:write', domain }))
      throw new AppError('forbidden', `You may not add ${address}: its domain is none of yours.`);
  }
}

/** The domains to which a list is limited; undefined: to none. `wanted`: the one that is asked for. @throws AppError forbidden */
export function ownDomainsOf(c: { var: ApiEnv['Variables'] }, wanted?: Name): readonly Name[] | undefined {
  const domains = ownDomains(c.var.credential?.grants ?? []);
  if (!domains || !wanted) return domains;
  if (domains.some((domain) => domain.equals(wanted))) return [wanted];
  throw new AppError('forbidden', `${wanted.toText()} is none of your domains.`);
}

/** Who asks for something about accounts. */
export function asking(c: ApiContext): Asking {
  const owners = allows(c.var.credential?.grants ?? [], { kind: 'owners' });
  return { actor: actorOf(c), owners };
}

/** @throws AppError forbidden when accounts of owners must not be touched */
export function requireOwners(c: ApiContext): void {
  if (!asking(c).owners) throw new AppError('forbidden', 'Only an owner may do that to an owner.');
}

/** Whether the credential may read everything that is no secret. */
export function readsEverything(c: { var: ApiEnv['Variables'] }): boolean {
  return allows(c.var.credential?.grants ?? [], { kind: 'read' });
}

/** Refuses all but administrators a request that only they may make. @throws AppError forbidden */
export function requireAdmin(c: { var: ApiEnv['Variables'] }, why: string): void {
  if (allows(c.var.credential?.grants ?? [], { kind: 'admin' })) return;
  throw new AppError('forbidden', `${why} ${sentences.admin}`);
}

function refusalOf(c: ApiContext, need: Exclude<Need, 'open'>): AppError {
  const person = c.var.credential?.person !== undefined;
  if (need !== 'certificates:export-key' || c.env.peer.kind === 'local') return forbidden(need, person);
  // No token would help.
  return new AppError(
    'forbidden',
    `Private keys leave the box over its unix socket alone, whoever asks; ask there, with an administrator's leave (${need}).`,
  );
}

function forbidden(need: Exclude<Need, 'open'>, person = false): AppError {
  if (person)
    return new AppError(
      'forbidden',
      'Your account may not do this. An administrator can give it another role.',
    );
  return new AppError(
    'forbidden',
    `${sentences[need]} An administrator can make another token with POST /api/v1/tokens.`,
  );
}

const sentences: Record<Exclude<Need, 'open'>, string> = {
  any: 'This needs a token.',
  session: 'This is for a person who is signed in, and not for a token.',
  admin: 'This needs a token with the scope admin.',
  accounts: 'This needs an administrator, or a token with the scope admin.',
  'domains:write': 'This needs a token with the scope domains:write or admin.',
  'mail:write': 'This needs a token with the scope mail:write or admin.',
  'certificates:export-key':
    'This needs a token with the scope certificates:export-key itself; admin is not enough.',
  read: 'This needs a token that may read everything: read, domains:write, mail:write, admin, or dns:write without limits.',
  'read:list':
    'This needs a token that may read everything: read, domains:write, mail:write, admin, or dns:write without limits.',
  'read:address': 'You may not read this mailbox or alias.',
  'write:address': 'This needs a token with the scope mail:write or admin.',
  'write:addresses': 'This needs a token with the scope mail:write or admin.',
  'use:mailbox': 'This needs a token with the scope mail:write or admin.',
  'read:zone': 'The token may not read this zone or name.',
  'read:domain': 'The token may not read this zone or name.',
  'read:owner': 'The token may not read this zone or name.',
  'read:record': 'The token may not read this record.',
  'write:zone': 'This needs a token with the scope dns:write for the whole zone, or admin.',
  'write:records': 'This needs a token with the scope dns:write, or admin.',
  import: 'This needs a token with the scope dns:write for the whole zone, or admin.',
};
