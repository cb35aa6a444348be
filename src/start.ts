import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { createLifecycle, type Lifecycle } from './core/lifecycle.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import { startApi } from './api/server.ts';
import { parseHints } from './dns/client/hints-file.ts';
import type { Nameserver } from './dns/client/root-hints.ts';
import { addressKey } from './dns/server/transport.ts';
import { listen } from './listen.ts';
import { connectServices, type Parts } from './services.ts';
import { openStorage, StartError } from './storage.ts';
import { boxOfFlags } from './zones/box/check.ts';
import { publishDirty } from './zones/box/service.ts';
import type { Box } from './zones/model.ts';
import { loadImages } from './zones/publisher/served-images.ts';
import { startResigning } from './zones/resign/job.ts';
import type { Actor } from './zones/services.ts';

export interface StartOptions {
  config: Config;
  clock: Clock;
  random: Random;
  log: Log;
}

/** A box that answers. */
export interface RunningBox {
  /** Such as `192.0.2.1:53`. */
  dns: string[];
  /** Such as `http://127.0.0.1:8080`. */
  http: string;
  services: Parts['services'];
  /** Looks again at what the machine says (SSH host keys) and publishes what changed. */
  reload(): Promise<void>;
  /** Stops accepting, finishes, closes the database. */
  stop(): Promise<void>;
}

export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

const actor: Actor = { kind: 'system', id: 'start', name: 'start', address: undefined };

/**
 * Starts everything, in the order in which the parts need each other: storage, what was served last, DNS, the jobs, the API.
 * @throws StartError when the person must put something right first
 */
export async function startBox(options: StartOptions): Promise<RunningBox> {
  const lifecycle = createLifecycle(options.log);
  try {
    return await start(options, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function start(options: StartOptions, lifecycle: Lifecycle): Promise<RunningBox> {
  const { config, clock, random, log } = options;
  const roots = readRoots(config.rootHints);
  const storage = await openStorage(config.data, random);
  lifecycle.onStop('database', () => storage.close());
  const images = loadImages(storage.store.read);
  const plane = await listen(
    config,
    [...images.values()].map(({ image }) => image),
    { clock, log },
  );
  lifecycle.onStop('DNS', () => plane.close());
  const dns = plane.addresses.map(addressKey);
  const parts = connectServices({ ...options, storage, images, plane, dns, version, roots });
  lifecycle.onStop('signing', () => parts.pool.close());
  if (config.adminToken !== undefined) parts.tokens.ensureAdminToken(config.adminToken);
  await configureBox(config, parts);

  parts.dkim.start();
  lifecycle.onStop('DKIM keys', () => parts.dkim.stop());
  const { store } = storage;
  const { publisher } = parts;
  const resigning = startResigning({ store, publisher, clock, log });
  lifecycle.onStop('signature renewal', () => resigning.stop());
  const api = await startApi({
    services: parts.services,
    http: config.http,
    socketPath: join(config.data, 'signpost.sock'),
    clock,
    random,
    log,
  }).catch((error: unknown) => {
    throw new StartError((error as Error).message);
  });
  lifecycle.onStop('API', () => api.close());
  const catchUp = parts.background('publishing what a stop left over', async () => {
    await publishDirty({ store, publisher }, actor);
    await parts.refreshHost(actor);
  });
  lifecycle.onStop('publishing', () => catchUp);
  return {
    dns,
    http: api.http,
    services: parts.services,
    reload: () => parts.refreshHost(actor),
    stop: () => lifecycle.stop(),
  };
}

/** @throws StartError */
function readRoots(file: string | undefined): Nameserver[] | undefined {
  if (file === undefined) return undefined;
  const refuse = (message: string): never => {
    throw new StartError(`The root hints in ${file} (--root-hints) cannot be read: ${message}.`);
  };
  if (!existsSync(file)) return refuse('there is no such file');
  const result = parseHints(readFileSync(file, 'utf8'));
  return result.ok ? result.roots : refuse(result.message);
}

/** Makes the box what the flags say, where that is not what it is already. */
async function configureBox({ hostname, ipv4, ipv6 }: Config, { services }: Parts): Promise<void> {
  const before = services.box.get();
  const name = hostname ?? before?.hostname.toText();
  if (name === undefined) return;
  const given = ipv4.length + ipv6.length > 0 ? { ipv4, ipv6 } : before;
  const addresses = given ?? services.box.detectAddresses();
  if (addresses.ipv4.length + addresses.ipv6.length === 0) {
    throw new StartError(
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
