import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { authority } from './api/http-server.ts';
import { openPanel } from './api/panel/files.ts';
import { startApi } from './api/server.ts';
import { hookFiles } from './certs/hooks/files.ts';
import { boxCertificate, type BoxCertificateOptions } from './certs/installed/box-certificate.ts';
import { openedCertificates } from './certs/installed/opened.ts';
import { createCertificateStore, type InstalledCertificates } from './certs/installed/store.ts';
import type { AcmeSettings, CertificateService } from './certs/model.ts';
import type { AcmeConfig, Config, ListenAddress } from './core/config.ts';
import { AppError, isUnwritable } from './core/errors.ts';
import { readCookieSecrets } from './cookie-secrets.ts';
import { isDamage } from './db/damage.ts';
import { addressKey } from './dns/server/transport.ts';
import type { Name } from './dns/wire/name.ts';
import { serveDot } from './dot.ts';
import { followHostname, httpsOf, httpsPart } from './https.ts';
import { connectParts, type Parts } from './parts/parts.ts';
import { serveDns, type ServedDns, type StartOptions } from './serve-dns.ts';
import { StartError } from './start-error.ts';
import { damagedAtStart } from './storage.ts';
import { version } from './version.ts';
import type { Actor } from './work/actor.ts';
import { startHistory } from './work/history.ts';
import { boxOfFlags } from './zones/box/check.ts';
import type { Box } from './zones/model.ts';
import { startResigning } from './zones/resign/job.ts';
import { zoneRows } from './zones/store.ts';

/** A box that answers. */
export interface RunningBox {
  /** Such as `192.0.2.1:53`. */
  dns: string[];
  /** Such as `http://127.0.0.1:8080`. */
  http: string;
  /** Such as `https://192.0.2.1:443`; undefined when it is not served. */
  https: string | undefined;
  services: Parts['services'];
  certificates: CertificateService;
  /** Looks again at what the machine says (SSH host keys) and publishes what changed; at the hooks, and at the secrets of DNS cookies. @throws StartError */
  reload(): Promise<void>;
  /** Stops accepting, finishes, closes the database. */
  stop(): Promise<void>;
}

const actor: Actor = { kind: 'system', id: 'start', name: 'start', address: undefined };

/**
 * Starts everything, in the order in which the parts need each other: storage, what was served last, DNS, the jobs, the API.
 * @throws StartError when the person must put something right first
 */
export async function startBox(options: StartOptions): Promise<RunningBox> {
  return startControlPlane(options, await serveDns(options));
}

/**
 * Starts all that a box is besides its answers.
 * @throws StartError when the person must put something right first; the answers have ended then, too
 */
export async function startControlPlane(options: StartOptions, served: ServedDns): Promise<RunningBox> {
  try {
    return await start(options, served);
  } catch (error) {
    await served.lifecycle.stop();
    throw isDamage(error) ? damagedAtStart(options.config.data, error) : error;
  }
}

async function start(options: StartOptions, served: ServedDns): Promise<RunningBox> {
  const { config, clock, random, log } = options;
  const { lifecycle, storage, events, work, store, images, plane, roots, loaded, unreadable } = served;
  const socketPath = socketPathIn(config.data);
  const dns = plane.addresses.map(addressKey);
  const acme = acmeSettings(config.acme);
  const { sealer } = storage;
  const forCertificates = { ...options, work, sealer };
  const installed = await openCertificates(forCertificates);
  lifecycle.onStop('certificates in use', () => installed.close());
  const { importNetworks, data, mailAgent } = config;
  const hooks = {
    folder: join(config.hooks ?? join(config.data, 'hooks'), 'after-certificate.d'),
    env: hookEnvironment(config),
    files: hookFiles({ data: config.data, runtime: config.runtime }),
  };
  const connected = {
    hooks,
    work,
    events,
    storage,
    sealer,
    images,
    plane,
    dns,
    version,
    roots,
    acme,
    installed,
    importNetworks,
    data,
    mailAgent,
    webApi: config.web === 'nginx' ? localUrl(config.http) : undefined,
  };
  const parts = connectParts({ ...options, ...connected });
  lifecycle.onStop('metrics', () => {
    parts.metrics.stop();
    parts.queryHistory.stop();
  });
  lifecycle.onStop('signing', () => parts.pool.close());
  const forHttps = { ...forCertificates, installed, plane };
  lifecycle.onStop('self-signed certificate', followHostname(forHttps, parts));
  if (config.adminToken !== undefined) parts.tokens.ensureAdminToken(config.adminToken);
  await configureBox(config, parts).catch((error: unknown) => {
    if (!isUnwritable(error)) throw error;
    log.error({ err: error }, 'the box goes on with the hostname and addresses that it had');
  });

  parts.dkim.start();
  lifecycle.onStop('DKIM keys', () => parts.dkim.stop());
  parts.dkimRotator.start();
  lifecycle.onStop('replacing DKIM keys', () => parts.dkimRotator.stop());
  parts.mailDirectory.start();
  lifecycle.onStop('directory of mail', () => parts.mailDirectory.stop());
  await parts.mailQuestions.start();
  lifecycle.onStop('questions of mail servers', () => parts.mailQuestions.stop());
  const { publisher, faults, stale, scrub } = parts;
  lifecycle.onStop('zones that failed', () => faults.stop());
  lifecycle.onStop('secondaries in trouble', () => parts.troubles.stop());
  parts.secondaries.start();
  lifecycle.onStop('secondaries', () => parts.secondaries.stop());
  lifecycle.onStop('NOTIFY', () => parts.notifier.stop());
  const following = parts.background('following zones of others', () => parts.secondaryZones.start());
  lifecycle.onStop('zones of others', () => parts.secondaryZones.stop());
  void parts.background('making the catalog', () => parts.catalog.start());
  lifecycle.onStop('catalog', () => parts.catalog.stop());
  parts.jobs.start();
  lifecycle.onStop('jobs', () => parts.jobs.stop());
  lifecycle.onStop('checking zones', () => scrub.stop());
  const resigning = startResigning({ store, publisher, faults, clock, log });
  lifecycle.onStop('signature renewal', () => resigning.stop());
  lifecycle.onStop('certificate of DNS over TLS', await serveDot({ config, plane, installed, log }));
  const { keepers, metrics } = parts;
  const history = startHistory({
    work,
    keepers,
    onForgotten: (what, rows) => metrics.forgotten(what, rows),
    clock,
    log,
  });
  lifecycle.onStop('history', () => history.stop());
  const api = await startApi({
    services: parts.services,
    http: config.http,
    socketPath,
    https: httpsPart(forHttps),
    trustedProxies: config.trustedProxies,
    panel: openPanel(join(import.meta.dirname, '../panel/dist')),
    clock,
    random,
    log,
  }).catch((error: unknown) => {
    throw new StartError('network', (error as Error).message, { cause: error });
  });
  lifecycle.onStop('API', () => api.close());
  const https = httpsOf(api, forHttps);
  const healing = parts.background('loading all zones', async () => {
    await Promise.all([loaded, following]);
    parts.secondaryZones.loaded();
    const rebuild = (zone: Name): Promise<boolean> =>
      faults.guard(zone, async () => {
        if (store.read.zone(zone)?.active)
          await scrub.rebuild(actor, zone, 'the stored version could not be read');
      });
    served.onUnreadable((zone) => void rebuild(zone));
    for (const zone of unreadable) await rebuild(zone);
    scrub.start();
  });
  stale.start();
  lifecycle.onStop('publishing what a stop left over', () => stale.stop());
  parts.formerHostnames.start();
  parts.registrar.start();
  lifecycle.onStop('asking the parents of zones', async () => {
    await Promise.all([parts.formerHostnames.stop(), parts.registrar.stop()]);
  });
  const hostKeys = parts.background('publishing the host keys', () => parts.refreshHost(actor));
  lifecycle.onStop('publishing', async () => {
    await images.stop();
    await healing;
    await hostKeys;
  });
  const certificates = parts.background('starting with certificates', () => parts.certificates.start());
  lifecycle.onStop('certificates', async () => {
    await parts.certificates.stop();
    await certificates;
  });
  const unfollow = installed.subscribe({ changed: () => parts.mailServers.changed() });
  // What they read is there before they are told to read it.
  const told = parts.mailDirectory.settled().then(() => parts.mailServers.start());
  lifecycle.onStop('mail servers', async () => {
    unfollow();
    await told;
    await parts.mailServers.stop();
  });
  const hooksStarted = parts.background('starting with hooks', () => parts.hooks.start());
  lifecycle.onStop('hooks', async () => {
    await hooksStarted;
    await parts.hooks.stop();
  });
  // Who is told that the box is ready finds every zone served.
  await loaded.catch(() => undefined);
  return {
    dns,
    http: api.http,
    https,
    services: parts.services,
    certificates: parts.certificates,
    async reload() {
      await parts.refreshHost(actor);
      await parts.hooks.hurry();
      const secrets = readCookieSecrets(config.dnsCookieSecrets);
      if (secrets) plane.setCookieSecrets(secrets);
    },
    stop: () => lifecycle.stop(),
  };
}

/** Where this machine itself reaches what listens there. */
function localUrl({ address, port }: ListenAddress): string {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  return `http://${authority({ address: reached, port })}`;
}

/** What a hook gets of the environment of the box: nothing secret, and what the `signpost` command needs. */
function hookEnvironment({ data, runtime }: Config): Record<string, string> {
  const path = process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return {
    PATH: path,
    LANG: 'C.UTF-8',
    SIGNPOST_DATA: resolve(data),
    ...(runtime !== undefined && { RUNTIME_DIRECTORY: runtime }),
  };
}

/** Octets of the path of a unix socket (unix(7)), without the final NUL. */
const LONGEST_SOCKET_PATH = 107;

/** @throws StartError */
function socketPathIn(data: string): string {
  const path = join(data, 'signpost.sock');
  const octets = Buffer.byteLength(path);
  if (octets <= LONGEST_SOCKET_PATH) return path;
  throw new StartError(
    'data',
    `The path ${path} is too long for a socket (${octets} octets, ${LONGEST_SOCKET_PATH} at most); choose a shorter data folder with --data.`,
  );
}

/** @throws StartError */
function acmeSettings({ directory, caFile, email, profile, eab }: AcmeConfig): AcmeSettings {
  const caBundle = caFile === undefined ? undefined : readRootsOfCa(caFile);
  return { directory, caBundle, email, profile, eab };
}

function readRootsOfCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      'flags',
      `The roots of the CA in ${file} (--acme-ca) cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** Until there is another certificate, one that the box signed itself serves. */
async function openCertificates(
  options: BoxCertificateOptions & Pick<StartOptions, 'log'>,
): Promise<InstalledCertificates> {
  const { work, clock, log } = options;
  const names = [work.committed.rows(zoneRows).box()?.hostname.toText() ?? 'localhost'];
  const fallback = await boxCertificate(options, names);
  const onError = (error: unknown): void => log.error({ err: error }, 'a user of certificates failed');
  return createCertificateStore({ source: openedCertificates(options), fallback, clock, onError });
}

/** Makes the box what the flags say, where that is not what it is already. @throws StartError */
async function configureBox(config: Config, parts: Parts): Promise<void> {
  try {
    await putFlags(config, parts);
  } catch (error) {
    const unwritable: boolean = isUnwritable(error);
    if (unwritable || !(error instanceof AppError)) throw error;
    const { hostname, ipv4, ipv6 } = config;
    const given = [hostname, ...ipv4, ...ipv6].filter((value) => value !== undefined).join(', ');
    throw new StartError(
      'flags',
      `The box cannot be what the flags say (--hostname, --ipv4, --ipv6: ${given}): ${error.message}`,
      { cause: error },
    );
  }
}

async function putFlags({ hostname, ipv4, ipv6 }: Config, { services }: Parts): Promise<void> {
  const before = services.box.get();
  const name = hostname ?? before?.hostname.toText();
  if (name === undefined) return;
  const given = ipv4.length + ipv6.length > 0 ? { ipv4, ipv6 } : before;
  const addresses = given ?? services.box.detectAddresses();
  if (addresses.ipv4.length + addresses.ipv6.length === 0) {
    throw new StartError(
      'flags',
      'No public address was found on this machine; give the one by which the world reaches it with --ipv4 or --ipv6.',
    );
  }
  const flags = boxOfFlags(name, addresses.ipv4, addresses.ipv6);
  const { ipv4: a, ipv6: b } = flags;
  const box: Box = before ? { ...before, hostname: flags.hostname, ipv4: a, ipv6: b } : flags;
  if (!before || !sameBox(before, box)) await services.box.put(actor, box);
}

function sameBox(a: Box, b: Box): boolean {
  return a.hostname.equals(b.hostname) && a.ipv4.join() === b.ipv4.join() && a.ipv6.join() === b.ipv6.join();
}
