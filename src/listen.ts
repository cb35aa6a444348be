import type { Clock } from './core/clock.ts';
import type { Config, ListenAddress } from './core/config.ts';
import type { Log } from './core/log.ts';
import { programBeside } from './core/program.ts';
import { readCookieSecrets } from './cookie-secrets.ts';
import { type DataPlane, startDataPlane } from './dns/server/data-plane.ts';
import { defaultRateLimit, type RateLimit } from './dns/server/rate-limit.ts';
import type { TransferPolicy } from './dns/server/transfer-policy.ts';
import { StartError } from './start-error.ts';
import type { ServedImages } from './zones/publisher/served-images.ts';

/** Where DNS is served when nothing is said and port 53 is not permitted. */
const UNPRIVILEGED_PORT = 5300;

/** RFC 7858 §3.1. */
const TLS_PORT = 853;

const everywhere = (port: number): ListenAddress[] => [
  { address: '0.0.0.0', port },
  { address: '::', port },
];

/** Starts the data plane where the flags say, or where this process may. @throws StartError */
export async function listen(
  config: Config,
  images: ServedImages,
  { transfers, clock, log }: { transfers: TransferPolicy; clock: Clock; log: Log },
): Promise<DataPlane> {
  const { dns, workers, udp: transport, dnsIdentity: identity, dnsVersion: version } = config;
  const rateLimit = rateLimitOf(config);
  const udp = transport === 'dgram' ? undefined : programBeside(import.meta.url, 'native/udp');
  const serving = { udp, workers, transfers, zones: images.zones, onWanted: images.want };
  const tlsAddresses = tlsAddressesOf(config);
  const cookieSecrets = readCookieSecrets(config.dnsCookieSecrets);
  const options = { ...serving, tlsAddresses, rateLimit, cookieSecrets, identity, version, clock, log };
  const first = await startDataPlane({ ...options, addresses: dns ?? everywhere(53) });
  if (first.ok) return first.plane;
  if (dns !== undefined || first.problem.code !== 'not-permitted')
    throw new StartError('network', `DNS cannot be served (--dns): ${first.problem.message}.`);
  log.warn({ port: UNPRIVILEGED_PORT }, 'port 53 is not permitted to this user; serving on another port');
  const second = await startDataPlane({ ...options, addresses: everywhere(UNPRIVILEGED_PORT) });
  if (second.ok) return second.plane;
  throw new StartError('network', `DNS cannot be served (--dns): ${second.problem.message}.`);
}

/** Who says where DNS is served has TLS where they say, too. */
export function tlsAddressesOf({ dns, dot }: Pick<Config, 'dns' | 'dot'>): ListenAddress[] {
  if (dot === 'none') return [];
  return dot ?? (dns === undefined ? everywhere(TLS_PORT) : []);
}

function rateLimitOf({ dnsRate, dnsRateExempt }: Config): RateLimit {
  return { rate: dnsRate ?? defaultRateLimit.rate, exempt: dnsRateExempt ?? defaultRateLimit.exempt };
}
