import { X509Certificate } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import { printRdata } from '../../src/dns/rdata/registry.ts';
import type { FaketimeUnbound } from './faketime-unbound.ts';
import type { Openssl } from './openssl.ts';
import { opensslTrusts, servedLeaf, spkiSha256, trustedByCa } from './tls-clients.ts';

/**
 * `fresh` has nothing in it when it is asked. `lasting` keeps all for as long as TTLs allow. `oldest` was filled in the moment before
 * TLSA last changed, and then keeps all as well.
 */
export const cacheKinds = ['fresh', 'lasting', 'oldest'] as const;
export type CacheKind = (typeof cacheKinds)[number];

/** What a client by TLSA found at one moment. */
export interface Sight {
  /** Milliseconds since the epoch. */
  at: number;
  when: string;
  cache: CacheKind;
  /** Seconds for which the cache still keeps its TLSA, and in presentation form what they are. */
  ttl: number;
  tlsa: readonly string[];
  /** Whether the key that is served is among them. */
  found: boolean;
  /** The same of a consumer that does not wait. */
  foundHasty: boolean;
}

/** Clients that validate by TLSA through Unbound, and by CA. */
export interface DaneClients {
  /** All that clients by TLSA found. */
  readonly sights: readonly Sight[];
  /** Which clients did not succeed, when, and why: there may be none. */
  readonly failures: readonly string[];
  /** `thorough`: openssl looks as well. */
  look(when: string, thorough?: boolean): Promise<void>;
  /** Has a cache hold what is served now, for as long as it may. */
  fill(cache: CacheKind): Promise<void>;
}

export interface DaneClientOptions {
  host: string;
  tlsaOwner: string;
  url: string;
  /** Where the same is served by a consumer that does not wait. */
  hastyUrl: string;
  /** PEM. */
  root: string;
  clock: Clock;
  openssl: Openssl;
  startUnbound: () => Promise<FaketimeUnbound>;
}

export async function startDaneClients(options: DaneClientOptions): Promise<DaneClients> {
  const { host, tlsaOwner, url, hastyUrl, clock, startUnbound } = options;
  const root = new X509Certificate(options.root);
  const rootFile = options.openssl.file(options.root);
  const caches = { fresh: await startUnbound(), lasting: await startUnbound(), oldest: await startUnbound() };
  const sights: Sight[] = [];
  const failures: string[] = [];

  /** A publication waits for what clients see: they must not break it. */
  async function attempt(what: string, client: () => Promise<void> | void): Promise<void> {
    try {
      await client();
    } catch (error) {
      failures.push(`${new Date(clock.now()).toISOString()} ${what}: ${String(error)}`);
    }
  }

  async function byCa(leaf: X509Certificate, thorough: boolean): Promise<void> {
    const now = clock.now();
    if (!trustedByCa(leaf, root, host, now)) throw new Error('the CA does not vouch for it now');
    if (thorough) await opensslTrusts(url, { host, now, by: { root: rootFile } });
  }

  async function byTlsa(
    when: string,
    cache: CacheKind,
    keys: { leaf: string; hasty: string },
  ): Promise<Sight> {
    const records = await caches[cache].secure(tlsaOwner, 'TLSA');
    const tlsa = records.map(({ type, rdata }) => printRdata(type, rdata));
    const has = (key: string): boolean => tlsa.some((text) => isTlsaOf(text, key));
    const sight = { at: clock.now(), when, cache, ttl: records[0]?.ttl ?? 0, tlsa };
    return { ...sight, found: has(keys.leaf), foundHasty: has(keys.hasty) };
  }

  return {
    sights,
    failures,

    async look(when, thorough = false) {
      const leaf = await servedLeaf(url, host);
      const keys = { leaf: spkiSha256(leaf), hasty: spkiSha256(await servedLeaf(hastyUrl, host)) };
      await attempt(`${when}, by CA`, () => byCa(leaf, thorough));
      await caches.fresh.flush();
      for (const cache of cacheKinds)
        await attempt(`${when}, by TLSA of the ${cache} cache`, async () => {
          const sight = await byTlsa(when, cache, keys);
          sights.push(sight);
          if (!sight.found) throw new Error(`it does not find ${keys.leaf} in ${sight.tlsa.join(', ')}`);
          if (thorough) await opensslTrusts(url, { host, now: sight.at, by: { tlsa: sight.tlsa } });
        });
    },

    async fill(cache) {
      await caches[cache].flush();
      await caches[cache].secure(tlsaOwner, 'TLSA');
    },
  };
}

function isTlsaOf(text: string, key: string): boolean {
  return text.replace(/\s/g, '').toLowerCase() === `311${key}`;
}
