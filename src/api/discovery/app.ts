import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { clientNetwork } from '../../core/client-network.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import { appleProfile } from '../../mail/discovery/apple.ts';
import { type Mailbox, parseMailbox } from '../../mail/discovery/mailbox.ts';
import { mtaStsPolicy } from '../../mail/discovery/mta-sts.ts';
import {
  missingParameter,
  outlookJson,
  type OutlookJson,
  userNotFound,
} from '../../mail/discovery/outlook-json.ts';
import { parseOutlookRequest } from '../../mail/discovery/outlook-request.ts';
import { outlookError, outlookSettings } from '../../mail/discovery/outlook.ts';
import { thunderbirdConfig } from '../../mail/discovery/thunderbird.ts';
import { clientAddress, createProxyList } from '../client-address.ts';
import type { Peer } from '../env.ts';
import { createFailedAttempts } from '../failed-attempts.ts';
import { strictTransportSecurity } from '../security-headers.ts';
import { isLegible } from '../utf8.ts';
import { document } from './document.ts';
import { type DiscoverySource, type Place, placeOf } from './place.ts';
import { addressOf, queryOf } from './query.ts';
import { refuse, sentences } from './refuse.ts';

export interface DiscoveryOptions extends DiscoverySource {
  /** A profile with a signature around it that devices trust (CMS, in DER); undefined when the box has no certificate for that. */
  signProfile: (profile: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  clock: Clock;
  log: Log;
  /** Addresses and networks of reverse proxies, whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
}

interface DiscoveryEnv {
  Bindings: { peer: Peer };
  Variables: { place: Place };
}

type DiscoveryContext = Context<DiscoveryEnv>;
type DiscoveryMiddleware = MiddlewareHandler<DiscoveryEnv>;

/** Octets of an Autodiscover request; Outlook's has about 400. */
const REQUEST_LIMIT = 16_384;
/** Requests that a network has free at once, and milliseconds until one more is. A sender asks once a day for each domain. */
const allowance = { burst: 200, refill: 50 };
const HOUR = 'public, max-age=3600';

/**
 * What mail programs and other mail servers look up over HTTPS without a credential, by the host that they ask. Only for the HTTPS
 * listener: whoever trusts these documents trusts the certificate.
 */
export function createDiscoveryApp(options: DiscoveryOptions): Hono<DiscoveryEnv> {
  const app = new Hono<DiscoveryEnv>({ getPath: pathOf });
  app.notFound((c) => refuse(c, 404, sentences.nothing));
  app.onError((error, c) => {
    options.log.error({ err: error }, 'a discovery document failed unexpectedly');
    return refuse(c, 500, 'Something went wrong inside the box. Its log has the cause.');
  });
  app.use(limitRate(options));
  app.use((c, next) =>
    isLegible(c.req.url) ? next() : Promise.resolve(refuse(c, 400, sentences.illegible)),
  );
  app.use(findPlace(options));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: wrongMethod }));
  addMtaSts(app, options);
  addThunderbird(app, options);
  addOutlook(app, options);
  addApple(app, options);
  return app;
}

/** Outlook asks for `/Autodiscover/Autodiscover.xml` in any mixture of cases; none of the paths here depends on case. */
function pathOf(request: Request): string {
  return new URL(request.url).pathname.toLowerCase();
}

function limitRate({ clock, trustedProxies = [] }: DiscoveryOptions): DiscoveryMiddleware {
  const isProxy = createProxyList(trustedProxies);
  const requests = createFailedAttempts(clock, allowance);
  return async (c, next) => {
    const address = clientAddress(c.env.peer, c.req.header('x-forwarded-for'), isProxy);
    if (address === undefined) return next();
    const network = clientNetwork(address);
    const seconds = requests.wait(network);
    if (seconds > 0)
      return refuse(c, 429, 'Too many requests come from your network. Try again in a moment.', {
        'Retry-After': String(seconds),
      });
    requests.count(network);
    return next();
  };
}

function findPlace(source: DiscoverySource): DiscoveryMiddleware {
  return async (c, next) => {
    const place = placeOf(new URL(c.req.url).hostname, source);
    if (!place) return refuse(c, 404, sentences.unknownHost);
    c.set('place', place);
    await next();
    // As with the API, only for the box's own name: browsers are not to be told how a domain's other servers are reached.
    if (place.kind === 'box') c.header('Strict-Transport-Security', strictTransportSecurity);
    return undefined;
  };
}

/** Lets the request on at these kinds of places only. */
function at(...kinds: Place['kind'][]): DiscoveryMiddleware {
  return async (c, next) => (kinds.includes(c.var.place.kind) ? next() : c.notFound());
}

/** RFC 8461 §3.3: at `mta-sts.D` and nowhere else. */
function addMtaSts(app: Hono<DiscoveryEnv>, source: DiscoverySource): void {
  app.get('/.well-known/mta-sts.txt', at('mta-sts'), etag(), (c) => {
    const { domain } = c.var.place;
    const policy = domain && source.mtaStsPolicy(domain);
    return policy ? document(mtaStsPolicy(policy), 'text/plain; charset=utf-8', HOUR) : c.notFound();
  });
}

function addThunderbird(app: Hono<DiscoveryEnv>, source: DiscoverySource): void {
  const answer = (c: DiscoveryContext): Response | Promise<Response> => {
    const asked = subject(c, source, addressOf(c));
    if (typeof asked === 'string') return refuse(c, 404, asked);
    const text = thunderbirdConfig({ domain: asked.domain, hostname: c.var.place.hostname });
    return document(text, 'text/xml; charset=utf-8', HOUR);
  };
  app.get('/mail/config-v1.1.xml', at('autoconfig', 'box'), etag(), answer);
  // The second is that of draft-ietf-mailmaint-autoconfig.
  for (const wellKnown of ['/.well-known/autoconfig/mail/config-v1.1.xml', '/.well-known/mail-v1.xml'])
    app.get(wellKnown, at('domain', 'autoconfig', 'box'), etag(), answer);
}

function addOutlook(app: Hono<DiscoveryEnv>, options: DiscoveryOptions): void {
  const places = at('autodiscover', 'domain', 'box');
  const limit = bodyLimit({
    maxSize: REQUEST_LIMIT,
    onError: (c) => refuse(c, 413, `The request is too large: ${REQUEST_LIMIT} octets are the most.`),
  });
  app.post('/autodiscover/autodiscover.xml', places, limit, async (c) => {
    const { hostname } = c.var.place;
    const request = parseOutlookRequest(new Uint8Array(await c.req.arrayBuffer()));
    const known = request.ok && options.mailDomain(request.mailbox.domain);
    const text = known
      ? outlookSettings({ mailbox: request.mailbox, hostname })
      : outlookError(request.ok ? 500 : request.code, { hostname, now: options.clock.now() });
    return document(text, 'text/xml; charset=utf-8', 'no-store');
  });
  const json = (c: DiscoveryContext): Response => {
    const { status, body } = jsonAnswer(c, options, c.req.param('email') ?? addressOf(c));
    return document(JSON.stringify(body), 'application/json; charset=utf-8', 'no-store', status);
  };
  app.get('/autodiscover/autodiscover.json', places, json);
  app.get('/autodiscover/autodiscover.json/v1.0/:email', places, json);
}

function jsonAnswer(c: DiscoveryContext, source: DiscoverySource, address?: string): OutlookJson {
  const { domain, hostname } = c.var.place;
  if (!address && !domain) return missingParameter('Email');
  if (typeof subject(c, source, address) === 'string') return userNotFound();
  return outlookJson(queryOf(c, 'protocol'), hostname);
}

function addApple(app: Hono<DiscoveryEnv>, source: DiscoveryOptions): void {
  app.get('/email.mobileconfig', at('domain', 'autoconfig', 'box'), async (c) => {
    const asked = subject(c, source, addressOf(c));
    if (typeof asked === 'string') return refuse(c, 404, asked);
    const text = appleProfile({ ...asked, hostname: c.var.place.hostname });
    const type = 'application/x-apple-aspen-config';
    const signed = await source.signProfile(text);
    const profile = signed
      ? document(signed, type, 'no-store')
      : document(text, `${type}; charset=utf-8`, 'no-store');
    const file = `${asked.domain.toText()}.mobileconfig`;
    profile.headers.set('Content-Disposition', `attachment; filename="${file}"`);
    return profile;
  });
}

/**
 * Whom the request is about: the mailbox that it names, else the domain of the host. Settings are the same whichever host of ours is
 * asked: Thunderbird finds the provider of a domain by its MX, and asks there. A sentence when there is nobody.
 */
function subject(
  c: DiscoveryContext,
  source: DiscoverySource,
  address = '',
): { domain: Name; mailbox: Mailbox | undefined } | string {
  const { domain } = c.var.place;
  if (address === '') return domain ? { domain, mailbox: undefined } : sentences.nobody;
  const mailbox = parseMailbox(address);
  return mailbox && source.mailDomain(mailbox.domain)
    ? { domain: mailbox.domain, mailbox }
    : sentences.elsewhere;
}

function wrongMethod(c: Context, methods: string[]): Response {
  const allow = methods.join(', ');
  return refuse(c, 405, `Use ${methods.join(' or ')} here.`, { Allow: allow });
}
