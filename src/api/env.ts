import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { Person } from '../access/people/people.ts';
import type { SessionView } from '../access/people/sessions.ts';
import type { Grant } from '../access/permissions.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Actor } from '../work/actor.ts';
import type { Panel } from './panel/files.ts';
import type { ApiServices } from './services.ts';

/** Who is at the other end of the connection: `local` came over the unix socket, which only its owner can open. */
export type Peer = { kind: 'local' } | { kind: 'network'; address: string };

/** What every part of the API is given. */
export interface ApiOptions {
  clock: Clock;
  random: Random;
  log: Log;
  /** Addresses and networks of reverse proxies, whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** The control panel; undefined where none was built: a plain page is served then. */
  panel?: Panel | undefined;
  /** Aborted when the box stops: streams of events end. */
  stopping?: AbortSignal;
}

/** The credential of a request, after it was found valid. */
export interface Credential {
  actor: Actor;
  grants: readonly Grant[];
  /** Who is signed in, and how: of a session alone. */
  person?: Person;
  session?: SessionView;
  /** The same as it now is; undefined: it has ended. */
  renewed?: () => { person: Person; session: SessionView } | undefined;
  /** Calls `ended` once, when it is valid no more: for answers that last. Returns how to wait no more. */
  whenEnded(ended: () => void): () => void;
}

export interface ApiEnv {
  Bindings: { peer: Peer };
  Variables: {
    services: ApiServices;
    options: ApiOptions;
    requestId: string;
    /** Network address of the client; undefined on the unix socket. */
    client: string | undefined;
    /** Whether the client came over HTTPS, to the box or to a proxy of it. */
    secure: boolean;
    /** Set by authentication; absent on the few routes that need none. */
    credential: Credential | undefined;
  };
}

export type Api = OpenAPIHono<ApiEnv>;
export type ApiContext = Context<ApiEnv>;
export type ApiMiddleware = MiddlewareHandler<ApiEnv>;

/** Who asks: for the services. Only for routes that need a credential. */
export function actorOf(c: { var: ApiEnv['Variables'] }): Actor {
  const { credential } = c.var;
  if (!credential) throw new Error('a route that needs no credential asked who calls');
  return credential.actor;
}

/** Who is signed in. Only for routes that need a session. */
export function sessionOf(c: { var: ApiEnv['Variables'] }): { person: Person; session: SessionView } {
  const { person, session } = c.var.credential ?? {};
  if (!person || !session) throw new Error('a route that needs no session asked for one');
  return { person, session };
}
