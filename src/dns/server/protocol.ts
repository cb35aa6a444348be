import type { Clock, Timer } from '../../core/clock.ts';
import { type Random, randomInteger, systemRandom } from '../../core/random.ts';
import {
  COOKIE_SECRET,
  type CookieSecrets,
  createCookieMemory,
  openCookies,
  rotateCookieSecret,
  setCookieSecrets,
} from './cookies.ts';
import type { Features } from './features.ts';
import { createRateMemory, defaultRateLimit, openRateLimiter, type RateLimit } from './rate-limit.ts';

/** How a server speaks the protocol beside its answers. */
export interface ProtocolOptions {
  clock: Clock;
  /** Where the secrets of cookies come from; default the system. */
  random?: Random;
  /** Those that this server shares with others, which then exchange them. Default its own, exchanged every day. */
  cookieSecrets?: CookieSecrets | undefined;
  /** Of responses over UDP. Default {@link defaultRateLimit}. */
  rateLimit?: RateLimit;
  /** What NSID, `id.server` and `hostname.bind` say, 255 octets at most. Default nothing. */
  identity?: string | undefined;
  /** What `version.bind` and `version.server` say, 255 octets at most. Default nothing. */
  version?: string | undefined;
}

/** The same, as workers share it. */
export interface SharedProtocol {
  /** Secrets of cookies (see `createCookieMemory`). */
  cookies: SharedArrayBuffer;
  /** undefined: as many responses as are asked for. */
  rate: { memory: SharedArrayBuffer; limit: RateLimit; seed: number } | undefined;
  identity: Uint8Array | undefined;
  version: Uint8Array | undefined;
}

/** For how long cookies are made with one secret at most, milliseconds, and by how much of that sooner there is another: nobody knows when (RFC 7873 §7.1). */
const COOKIE_ROTATION = 86_400_000;
const JITTER = 0.4;

/** What workers share, as it changes. */
export interface Protocol {
  shared: SharedProtocol;
  setCookieSecrets(secrets: CookieSecrets): void;
  stop(): void;
}

/** Makes what workers share, and exchanges the secret of cookies until it is stopped, unless it is shared with other servers. */
export function startProtocol(options: ProtocolOptions): Protocol {
  const { clock, random = systemRandom, rateLimit: limit = defaultRateLimit, identity, version } = options;
  const cookies = createCookieMemory(random.bytes(COOKIE_SECRET));
  const rotate = (): void => {
    rotateCookieSecret(cookies, random.bytes(COOKIE_SECRET));
    rotation = rotateLater();
  };
  const rotateLater = (): Timer => clock.after(COOKIE_ROTATION * (1 - JITTER * random.float()), rotate);
  let rotation: Timer | undefined;
  if (options.cookieSecrets) setCookieSecrets(cookies, options.cookieSecrets);
  else rotation = rotateLater();
  const seed = randomInteger(random, 2 ** 32);
  const shared: SharedProtocol = {
    cookies,
    rate: limit.rate > 0 ? { memory: createRateMemory(), limit, seed } : undefined,
    identity: octetsOf(identity),
    version: octetsOf(version),
  };
  return {
    shared,
    setCookieSecrets: (secrets) => setCookieSecrets(cookies, secrets),
    stop: () => rotation?.cancel(),
  };
}

/** Longest text of a TXT record's string, octets (RFC 1035 §3.3). */
const LONGEST_TEXT = 255;

function octetsOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new Uint8Array(Buffer.from(text).subarray(0, LONGEST_TEXT));
}

/** What one thread makes of it. */
export function openFeatures(
  { cookies, rate, identity, version }: SharedProtocol,
  clock: Features['clock'],
  idle?: Features['idle'],
): Features {
  return {
    clock,
    cookies: openCookies(cookies),
    limiter: rate && openRateLimiter(rate.memory, rate.limit, rate.seed),
    identity,
    version,
    idle,
  };
}
