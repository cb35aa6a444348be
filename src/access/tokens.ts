import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { inNetworks, parseNetwork } from '../core/network.ts';
import type { Random } from '../core/random.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Actor } from '../work/actor.ts';
import type { Page, PageRequest } from '../work/page.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import { createEndings } from './endings.ts';
import type { TokenScope } from './scopes.ts';
import { hashSecret, matchesHash, newTokenSecret, tokenId } from './secret.ts';
import { createSetupSecrets, type SetupSecrets } from './setup-secret.ts';
import { accessRows, type StoredToken } from './store.ts';
import { checkTokenRequest, type TokenRequest } from './token-request.ts';

export interface TokenView {
  id: string;
  name: string;
  scopes: TokenScope[];
  createdAt: string;
  lastUsedAt: string | undefined;
  expiresAt: string | undefined;
  /** Networks that it may come from; none: from anywhere. */
  addresses: string[];
}

export interface TokenService {
  list(page: PageRequest): Page<TokenView>;
  /** The secret is shown once and kept only as a hash. */
  create(actor: Actor, token: TokenRequest): Promise<{ token: TokenView; secret: string }>;
  revoke(actor: Actor, id: string): Promise<void>;
  /**
   * Constant time over the secret; undefined for one that is unknown, revoked or expired, or not for the address. `client`: undefined on
   * the machine itself.
   */
  authenticate(secret: string, client: string | undefined): TokenView | undefined;
  /** Calls `ended` once, when the token is revoked or expires, or at once when it has been. Returns how to wait no more. */
  whenEnded(id: string, ended: () => void): () => void;
  /** Whether no valid admin token exists: then the start prints a one-time link. */
  none(): boolean;
  /** Makes the one-time secret of the first-run link; one at a time, valid for an hour of life of this process or until used. */
  createSetupSecret(): string;
  /** Trades the one-time secret for an admin token; undefined when it is wrong or used. */
  redeemSetupSecret(actor: Actor, secret: string): Promise<{ token: TokenView; secret: string } | undefined>;
}

/** Id of the token given by `--admin-token`; no stored token can have it, as theirs are hexadecimal. */
export const ADMIN_TOKEN_ID = 'admin-token';
/** Milliseconds between two notes of a token's last use: finer would be a write for every request. */
const TOUCH_INTERVAL = 60_000;
/** How many stored tokens are looked at in one go by {@link Tokens.none}. */
const SCAN = 100;

export interface Tokens extends TokenService {
  /**
   * Makes the given secret authenticate as admin for the life of this process. It is kept as a hash and in memory only, so
   * that a start without it, or with another one, is enough to end it.
   */
  ensureAdminToken(secret: string): void;
}

export interface TokenOptions {
  work: UnitOfWork;
  clock: Clock;
  random: Random;
  log: Log;
  /** Shared with what else the link of the first start makes. */
  setup?: SetupSecrets;
}

/** API tokens: made, checked, revoked. */
export function createTokens(options: TokenOptions): Tokens {
  const { work, clock, random, log } = options;
  const reads = work.committed.rows(accessRows);
  const setup = options.setup ?? createSetupSecrets(options);
  const endings = createEndings(clock);
  const touched = new Map<string, number>();
  let fromFlag: StoredToken | undefined;

  function touch(token: StoredToken): void {
    const now = clock.monotonic();
    if (now - (touched.get(token.id) ?? -Infinity) < TOUCH_INTERVAL) return;
    touched.set(token.id, now);
    const at = toRfc3339(clock.now());
    if (token === fromFlag) fromFlag.lastUsedAt = at;
    else
      work
        .change({ actor: tokenActor(token), cause: 'token used' }, (change) =>
          change.rows(accessRows).touchToken(token.id, at),
        )
        .catch((error: unknown) => log.warn({ err: error }, 'could not note the last use of a token'));
  }

  async function create(actor: Actor, request: TokenRequest): Promise<{ token: TokenView; secret: string }> {
    checkTokenRequest(request, clock.now());
    const { id, secret } = newTokenSecret(random);
    const at = toRfc3339(clock.now());
    const { name, scopes, expiresAt, addresses = [] } = request;
    const expires = expiresAt === undefined ? undefined : toRfc3339(Date.parse(expiresAt));
    const token: TokenView = {
      id,
      name,
      scopes,
      createdAt: at,
      lastUsedAt: undefined,
      expiresAt: expires,
      addresses,
    };
    await work.change({ actor, cause: `token ${name} made` }, (change) => {
      change.rows(accessRows).insertToken({ ...token, hash: hashSecret(secret) });
      const detail = {
        name,
        scopes: scopes.map(plainScope),
        ...(expires ? { expiresAt: expires } : {}),
        ...(addresses.length > 0 ? { addresses } : {}),
      };
      change.audit('token.create', id, detail);
      change.event('token.added', { token: id });
    });
    return { token, secret };
  }

  return {
    create,

    list({ limit, cursor }) {
      const first = cursor === undefined && fromFlag ? [fromFlag] : [];
      const found = [...first, ...reads.tokens(cursor === ADMIN_TOKEN_ID ? undefined : cursor, limit + 1)];
      const items = found.slice(0, limit);
      return { items: items.map(view), next: found.length > limit ? items.at(-1)!.id : undefined };
    },

    async revoke(actor, id) {
      if (id === fromFlag?.id)
        throw new AppError(
          'in-use',
          'This token comes from --admin-token, --admin-token-file or a systemd credential; restart the box without it.',
        );
      await work.change({ actor, cause: `token ${id} revoked` }, (change) => {
        if (!change.rows(accessRows).deleteToken(id))
          throw new AppError('not-found', `There is no token ${id}.`);
        change.audit('token.revoke', id, {});
        change.event('token.revoked', { token: id });
        change.afterCommit(() => {
          touched.delete(id);
          endings.revoked(id);
        });
      });
    },

    authenticate(secret, client) {
      const id = tokenId(secret);
      // A token of the flag may have any form, even that of our own.
      const token = (id === undefined ? undefined : reads.token(id)) ?? fromFlag;
      if (!matchesHash(secret, token?.hash) || !token || expired(token, clock.now())) return undefined;
      if (!comesFrom(token, client)) {
        log.warn({ client, id: token.id }, 'a token was sent from an address that it is not for');
        return undefined;
      }
      touch(token);
      return view(token);
    },

    whenEnded(id, ended) {
      const token = id === fromFlag?.id ? fromFlag : reads.token(id);
      if (token && !expired(token, clock.now())) return endings.wait(token, ended);
      ended();
      return () => undefined;
    },

    none() {
      if (fromFlag) return false;
      for (let after: string | undefined; ;) {
        const page = reads.tokens(after, SCAN);
        if (page.some((token) => isAdmin(token) && !expired(token, clock.now()))) return false;
        if (page.length < SCAN) return true;
        after = page.at(-1)!.id;
      }
    },

    createSetupSecret: () => setup.create(),

    async redeemSetupSecret(actor, secret) {
      if (!setup.redeem(secret)) return undefined;
      return create(actor, { name: 'first start', scopes: [{ scope: 'admin' }] });
    },

    ensureAdminToken(secret) {
      fromFlag = {
        id: ADMIN_TOKEN_ID,
        name: '--admin-token',
        scopes: [{ scope: 'admin' }],
        createdAt: toRfc3339(clock.now()),
        lastUsedAt: undefined,
        expiresAt: undefined,
        addresses: [],
        hash: hashSecret(secret),
      };
    },
  };
}

/** Who uses a token, as far as the token says. */
function tokenActor({ id, name }: TokenView): Actor {
  return { kind: 'token', id, name, address: undefined };
}

function expired(token: TokenView, now: number): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now;
}

/** Over the unix socket nothing else comes than what the machine itself sends. */
function comesFrom({ addresses }: TokenView, client: string | undefined): boolean {
  if (addresses.length === 0 || client === undefined) return true;
  return inNetworks(addresses.map((text) => parseNetwork(text)!))(client);
}

function isAdmin(token: TokenView): boolean {
  return token.scopes.some(({ scope }) => scope === 'admin');
}

function view({ hash: _hash, ...token }: StoredToken): TokenView {
  return token;
}

function plainScope({ scope, zones, names }: TokenScope): Record<string, unknown> {
  return {
    scope,
    ...(zones ? { zones: zones.map((zone) => zone.toText()) } : {}),
    ...(names ? { names: names.map((name) => name.toText()) } : {}),
  };
}
