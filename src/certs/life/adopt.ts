import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Reads } from '../../zones/store.ts';
import { hostZone } from '../../zones/topology.ts';
import { installedCertificate } from '../installed/opened.ts';
import type { InstalledCertificates } from '../installed/store.ts';
import type { CertificateName, KeyAlgorithm } from '../model.ts';
import { isFor, standsIn, tlsaKeys } from '../published/facts.ts';
import { system } from '../actor.ts';
import { type Rows } from './rows.ts';
import { renewalSchedule } from './renewal.ts';
import {
  type CertificateRow,
  certificateRows,
  type HookWishes,
  type Schedule,
  type StoredCertificate,
} from '../store.ts';
import { tlsaReplacedAt } from '../published/tlsa-caches.ts';
import type { CertificateInfo } from '../x509/certificate.ts';
import { type CertificateKey, createKey } from '../x509/key.ts';

const DAY = 86_400_000;
/** Milliseconds for a new TLSA to reach every nameserver, beside its TTL. */
const PROPAGATION = 60_000;
/** Milliseconds until it is looked again whether an old key is still shown. */
const LOOK_AGAIN = 60_000;

export interface AdoptOptions {
  rows: Rows;
  reads: Reads;
  installed: Pick<InstalledCertificates, 'follow' | 'announce' | 'forName'>;
  clock: Clock;
  random: Random;
  hooks: HookWishes;
  publishEvent: (type: 'certificate.installed', data: Record<string, unknown>) => void;
  /** Keys (`spkiSha256`) that the mail servers of this machine show for a name: they take a new certificate some seconds later. */
  shownKeys: (hostname: string) => Promise<ReadonlySet<string>>;
}

type Retiring = CertificateRow['retiring'][number];

/** How a new certificate comes into use: its TLSA first, where the old one has some, then the certificate, then the old TLSA goes. */
export interface Adoption {
  /** The key of the next certificate: made once, and kept until a certificate with it is in use. */
  nextKey(id: string, algorithm?: KeyAlgorithm): Promise<CertificateKey>;
  /** Takes a certificate for the key that `announceKey` or `nextKey` has made the next one: now, or when its TLSA has waited. */
  adopt(id: string, certificate: StoredCertificate): Promise<CertificateRow>;
  /** `names`: what the certificate with it will be for, if more than was asked for. */
  announceKey(id: string, key: CertificateKey, names?: readonly CertificateName[]): Promise<void>;
  /** Uses what was adopted, when its time has come. */
  install(id: string): Promise<CertificateRow>;
  /** Drops TLSA of keys that no cache holds any more. */
  retire(id: string): Promise<void>;
}

export function createAdoption(options: AdoptOptions): Adoption {
  const { rows, reads, installed, hooks, clock, random } = options;

  /** Whether clients hold keys of H that the next one must be added to before it is used. */
  function mustWait(row: CertificateRow): boolean {
    const box = reads.box();
    const hostname = box?.hostname.canonical().toText();
    if (hostname === undefined || !(isFor(row, hostname) || standsInSoon(row, hostname))) return false;
    return tlsaKeys(reads.rows(certificateRows), box!).some((key) => key !== row.next?.spkiSha256);
  }

  /** Whether H shows the certificate now, or before its TLSA were known everywhere. Most wildcards never come to that. */
  function standsInSoon(row: CertificateRow, hostname: string): boolean {
    if (!standsIn(row, hostname)) return false;
    const { names, notAfter } = installed.forName(hostname);
    const left = Date.parse(notAfter) - clock.now();
    return !names.includes(hostname) || left < Math.max(2 * tlsaLife(), DAY);
  }

  /** When every client that goes by TLSA finds the next key. */
  function usableAt({ next }: CertificateRow): number {
    if (next?.publishedAt === undefined) return clock.now();
    return tlsaReplacedAt(reads, next.spkiSha256, next.publishedAt) + PROPAGATION;
  }

  /** Milliseconds for which TLSA of today can be in caches. */
  function tlsaLife(): number {
    const box = reads.box();
    const ttl = box ? (reads.zone(hostZone(reads, box))?.ttl ?? box.ttl) : 0;
    return ttl * 1000 + PROPAGATION;
  }

  async function announceKey(id: string, key: CertificateKey, names = rows.get(id).names): Promise<void> {
    const { spkiSha256 } = key;
    const sealedNextKey = rows.seal(key);
    const next = { spkiSha256, names, publishedAt: undefined };
    if (rows.get(id).next?.spkiSha256 !== spkiSha256)
      await rows.update(id, (row) => ({ ...row, next, sealedNextKey }));
    await publishNext(id);
  }

  /** Publishes TLSA of the next key, where they have to be there first. */
  async function publishNext(id: string): Promise<void> {
    const row = rows.get(id);
    if (!row.next || row.next.publishedAt !== undefined || !mustWait(row)) return;
    // Counted from the commit on; the moment until the workers serve it is within the margin.
    const next = { ...row.next, publishedAt: clock.now() };
    const why = { actor: system, cause: `next key of ${row.names[0]!} announced` };
    await rows.publish(id, why, (current) => ({ ...current, next }));
  }

  async function install(id: string): Promise<CertificateRow> {
    const { pending, names } = rows.get(id);
    if (pending?.kind !== 'issued') throw new Error('there is no certificate to install');
    const now = clock.now();
    const { certificate } = pending;
    const shown = await shownBefore(certificate);
    const why = { actor: system, cause: `certificate of ${names[0]!} installed` };
    const row = await rows.publish(id, why, (before, { unit }) => {
      // The first key is used before its TLSA is there, or else clients would look for it in vain; later ones have been announced.
      installed.follow(unit, [...(before.current?.names ?? []), ...certificate.names]);
      if (before.current?.chain !== certificate.chain) hooks.want(unit, id, certificate);
      return inUse(before, certificate, shown, now);
    });
    options.publishEvent('certificate.installed', { id, names: [...names] });
    return row;
  }

  /**
   * The key that the mail servers show until they have taken the new certificate. Of the first certificate of H nobody knew it by TLSA: it
   * goes into them together with the new one.
   */
  async function shownBefore({ names, spkiSha256 }: StoredCertificate): Promise<string[]> {
    const hostname = reads.box()?.hostname.canonical().toText();
    if (hostname === undefined || !names.includes(hostname)) return [];
    const before = installed.forName(hostname).spkiSha256;
    return before !== spkiSha256 && (await options.shownKeys(hostname)).has(before) ? [before] : [];
  }

  function inUse(
    row: CertificateRow,
    certificate: StoredCertificate,
    shown: readonly string[],
    now: number,
  ): CertificateRow {
    const current = mustWait(row) && row.current ? [row.current.spkiSha256] : [];
    const old = [...new Set([...current, ...shown])];
    const until = now + tlsaLife();
    return {
      ...row,
      current: certificate,
      sealedKey: row.sealedNextKey,
      next: undefined,
      sealedNextKey: undefined,
      pending: undefined,
      retiring: [...row.retiring, ...old.map((spkiSha256) => ({ spkiSha256, until }))],
      failures: 0,
      suggestion: certificate.kind === 'acme' ? { at: undefined, start: 0, end: 0, checkAt: now } : undefined,
      schedule: nextRenewal(row, certificate),
    };
  }

  function nextRenewal(row: CertificateRow, certificate: StoredCertificate): Schedule | undefined {
    if (certificate.kind === 'acme') return renewalSchedule(certificate, undefined, random);
    if (row.purpose.kind === 'requested') return undefined;
    const { notBefore, notAfter } = certificate;
    const at = Math.max(notAfter - 7 * DAY, notBefore + ((notAfter - notBefore) * 2) / 3);
    return { at, why: 'your own certificate ends; the CA gives the next one' };
  }

  return {
    async nextKey(id, algorithm) {
      const { next, sealedNextKey, keyAlgorithm } = rows.get(id);
      const known = next && sealedNextKey && rows.open(sealedNextKey, next.spkiSha256);
      const key = known ?? (await createKey(algorithm ?? keyAlgorithm));
      await announceKey(id, key);
      return key;
    },

    announceKey,
    install,

    async adopt(id, certificate) {
      // Another certificate may have brought the first TLSA of H since the order began.
      await publishNext(id);
      const installAt = usableAt(rows.get(id));
      const pending = { kind: 'issued' as const, certificate, installAt };
      const row = await rows.update(id, (current) => ({ ...current, pending }));
      if (installAt <= clock.now()) return install(id);
      if (row.sealedNextKey) {
        const { pkcs8 } = rows.open(row.sealedNextKey, certificate.spkiSha256);
        installed.announce(installedCertificate(id, certificate, pkcs8), toRfc3339(installAt));
      }
      return row;
    },

    async retire(id) {
      const now = clock.now();
      const due = (row: CertificateRow) => row.retiring.filter(({ until }) => until <= now);
      if (due(rows.get(id)).length === 0) return;
      const hostname = reads.box()?.hostname.canonical().toText();
      const shown = hostname === undefined ? new Set<string>() : await options.shownKeys(hostname);
      // A mail server that has not taken the new certificate yet must not be called a stranger.
      const kept = (key: Retiring): Retiring[] =>
        key.until > now ? [key] : shown.has(key.spkiSha256) ? [{ ...key, until: now + LOOK_AGAIN }] : [];
      const later = (row: CertificateRow) => ({ ...row, retiring: row.retiring.flatMap(kept) });
      const why = { actor: system, cause: `old key of ${rows.get(id).names[0]!} retired` };
      if (due(rows.get(id)).every(({ spkiSha256 }) => shown.has(spkiSha256))) await rows.update(id, later);
      else await rows.publish(id, why, later);
    },
  };
}

export function storedCertificate(
  kind: 'acme' | 'own',
  { chain, leaf }: { chain: string; leaf: CertificateInfo },
): StoredCertificate {
  return {
    kind,
    chain,
    names: leaf.names,
    spkiSha256: leaf.spkiSha256,
    issuer: leaf.issuer,
    serialNumber: leaf.serialNumber,
    notBefore: Date.parse(leaf.notBefore),
    notAfter: Date.parse(leaf.notAfter),
    revokedAt: undefined,
  };
}
