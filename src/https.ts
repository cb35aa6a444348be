import { createDiscoveryApp } from './api/discovery/app.ts';
import { authority, bindProblem } from './api/http-server.ts';
import type { ApiServer, HttpsPart } from './api/server.ts';
import { boxCertificate, type BoxCertificateOptions } from './certs/installed/box-certificate.ts';
import type { InstalledCertificates } from './certs/installed/store.ts';
import { hasPolicyHost } from './certs/published/facts.ts';
import { certificateRows } from './certs/store.ts';
import type { Config } from './core/config.ts';
import type { Log } from './core/log.ts';
import { Mutex } from './core/mutex.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import { Name, NameError } from './dns/wire/name.ts';
import { boxPolicy } from './mail/discovery/mta-sts.ts';
import { WEB } from './mail/drivers/nginx/config.ts';
import type { Parts } from './parts/parts.ts';
import { StartError } from './start-error.ts';
import { type Reads, zoneRows } from './zones/store.ts';

const PORT = 443;
/** Where HTTPS is served when nothing is said and port 443 cannot be had. */
const OTHER_PORT = 8443;
/** Octets of a domain name in text. */
const LONGEST_HOST = 253;

interface Options extends BoxCertificateOptions {
  config: Config;
  installed: InstalledCertificates;
  plane: Pick<DataPlane, 'ask'>;
  log: Log;
}

/** What is served over HTTPS, and where; undefined when it was switched off. */
export function httpsPart({ config, installed, plane, work, clock, log }: Options): HttpsPart | undefined {
  if (config.https === 'none') return undefined;
  const zones = work.committed.rows(zoneRows);
  const certificates = work.committed.rows(certificateRows);
  const discovery = createDiscoveryApp({
    box: () => zones.box(),
    mailDomain: (domain) => zones.domain(domain)?.mail === true,
    mtaStsPolicy(domain) {
      const box = zones.box();
      return box && hasPolicyHost(certificates, domain, box) ? boxPolicy(box.hostname) : undefined;
    },
    async signProfile(profile) {
      const certificate = installed.forName(zones.box()?.hostname.toText() ?? '');
      // A device says of a signature by nobody what it says of none.
      if (certificate.kind === 'self-signed') return undefined;
      const { signedData } = await import('./certs/cms/signed-data.ts');
      return signedData(Buffer.from(profile), certificate, clock.now());
    },
    clock,
    log,
    trustedProxies: config.trustedProxies,
  });
  const everywhere = [PORT, OTHER_PORT].map((port) => ({ address: undefined, port }));
  const addresses = config.https ? [config.https] : everywhere;
  const web = config.web === 'nginx' ? { ...WEB, isSite: siteOf(zones) } : undefined;
  const dns = config.doh === 'none' ? undefined : plane.ask;
  return { store: installed, addresses, discovery, dns, web };
}

/** Whether a name as a URL has it is a domain whose web is served here. */
const siteOf =
  (zones: Pick<Reads, 'domain'>) =>
  (text: string): boolean => {
    // Whatever else somebody asks for is no name of a folder.
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(text) || text.length > LONGEST_HOST) return false;
    try {
      return zones.domain(Name.parse(text))?.web === true;
    } catch (error) {
      if (error instanceof NameError) return false;
      throw error;
    }
  };

/**
 * Says where HTTPS is served. Without it DNS and the API work, so only an address that was asked for is insisted on.
 * @throws StartError
 */
export function httpsOf({ https }: ApiServer, { config, log }: Options): string | undefined {
  if (!https) return undefined;
  if ('url' in https) {
    if (!config.https && !https.url.endsWith(`:${PORT}`))
      log.warn({ https: https.url }, `port ${PORT} cannot be had; serving HTTPS on another port`);
    return https.url;
  }
  const { message } = https.error;
  if (config.https && config.https !== 'none') {
    const where = authority(config.https);
    throw new StartError(
      'network',
      `HTTPS cannot be served at ${where} (--https): ${bindProblem(https.error)}`,
    );
  }
  log.warn(
    `HTTPS is not served, as neither port ${PORT} nor ${OTHER_PORT} can be had (${message}); choose another with --https, or say --https none`,
  );
  return undefined;
}

/** Gives the self-signed certificate the box's name, also when that changes later. Returns how to stop. */
export function followHostname(options: Options, parts: Parts): () => Promise<void> {
  const { work, installed } = options;
  const inTurn = new Mutex();
  let last = Promise.resolve();
  const refresh = (): void => {
    const remake = async (): Promise<void> => {
      const name = work.committed.rows(zoneRows).box()?.hostname.toText();
      if (name !== undefined) installed.setFallback(await boxCertificate(options, [name]));
    };
    last = parts.background('making the self-signed certificate', () => inTurn.run(remake));
  };
  const unsubscribe = parts.services.events.subscribe(undefined, ({ type }) => {
    if (type === 'box.changed') refresh();
  });
  return async () => {
    unsubscribe();
    await last;
  };
}
