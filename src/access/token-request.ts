import { AppError, type FieldError } from '../core/errors.ts';
import { parseNetwork } from '../core/network.ts';
import type { TokenScope } from './scopes.ts';

/** Characters in a token's name. */
const MAX_NAME = 100;
/** Zones and names of a token, all scopes together: they are read anew with each request. */
const MAX_PLACES = 1_000;

export interface TokenRequest {
  name: string;
  scopes: TokenScope[];
  expiresAt?: string | undefined;
  /** Networks, such as `192.0.2.0/24`, or addresses; none: from anywhere. */
  addresses?: string[] | undefined;
}

/** @throws AppError invalid-request naming every field that is wrong. */
export function checkTokenRequest(request: TokenRequest, now: number): void {
  const errors = [
    nameError(request.name),
    ...scopeErrors(request.scopes),
    expiryError(request.expiresAt, now),
    ...addressErrors(request.addresses ?? []),
  ];
  const found = errors.filter((error) => error !== undefined);
  if (found.length > 0) throw new AppError('invalid-request', found[0]!.message, { errors: found });
}

function nameError(name: string): FieldError | undefined {
  if (name.trim() === '') return { path: 'name', message: 'Give the token a name that says what uses it.' };
  if (name.length > MAX_NAME || /\p{Cc}/u.test(name))
    return { path: 'name', message: `A token's name is one line of at most ${MAX_NAME} characters.` };
  return undefined;
}

function scopeErrors(scopes: readonly TokenScope[]): (FieldError | undefined)[] {
  if (scopes.length === 0) return [{ path: 'scopes', message: 'Give the token at least one scope.' }];
  const places = scopes.reduce((sum, { zones = [], names = [] }) => sum + zones.length + names.length, 0);
  if (places > MAX_PLACES)
    return [
      { path: 'scopes', message: `A token has at most ${MAX_PLACES} zones and names. Make another one.` },
    ];
  return scopes.map((scope, index) => {
    const limited = (scope.zones?.length ?? 0) + (scope.names?.length ?? 0) > 0;
    if (!limited || scope.scope === 'dns:write') return undefined;
    return {
      path: `scopes[${index}]`,
      message: `Only dns:write can be limited to zones or names, ${scope.scope} cannot.`,
    };
  });
}

function addressErrors(addresses: readonly string[]): (FieldError | undefined)[] {
  return addresses.map((text, index) =>
    parseNetwork(text)
      ? undefined
      : {
          path: `addresses[${index}]`,
          message: `${text} is no address or network; write 192.0.2.7 or 2001:db8::/48.`,
        },
  );
}

function expiryError(expiresAt: string | undefined, now: number): FieldError | undefined {
  if (expiresAt === undefined) return undefined;
  const at = Date.parse(expiresAt);
  if (Number.isNaN(at)) return { path: 'expiresAt', message: 'Write the time as 2027-01-31T12:00:00Z.' };
  if (at <= now) return { path: 'expiresAt', message: `${expiresAt} is over already; give a time to come.` };
  return undefined;
}
