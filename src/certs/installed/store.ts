import type { Clock } from '../../core/clock.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import type { Change } from '../../work/unit-of-work.ts';
import type {
  CertificateConsumer,
  CertificateName,
  CertificateStore,
  InstalledCertificate,
} from '../model.ts';
import { normalHost, wildcardOf } from '../x509/names.ts';
import { createAlarm } from './alarm.ts';
import type { Servable } from '../store.ts';
import { byRank } from './rank.ts';

/** Where the certificates in use are. Nothing of it is kept here: each question is asked anew. */
export interface CertificateSource {
  /** Those with any of these names, as they are committed. */
  naming(names: readonly CertificateName[]): Servable[];
  /** With its key; undefined when that cannot be read. The same object each time, as long as it is used often. */
  open(certificate: Servable): InstalledCertificate | undefined;
  /** The first moment after this one at which any becomes valid or is valid no more; milliseconds since the epoch. */
  nextTurn(after: number): number | undefined;
  /** The names of those that do so at this very moment. */
  namesTurning(at: number): CertificateName[];
}

export interface InstalledCertificates extends CertificateStore {
  /**
   * Called in a change before it changes what is in use for these names: consumers are told of what came into use, once it is committed
   * and before zones say so.
   */
  follow(change: Pick<Change, 'afterCommit'>, names: readonly CertificateName[]): void;
  /** Replaces what serves when there is nothing better. The first of its names is the box's. */
  setFallback(certificate: InstalledCertificate): void;
  /** Tells consumers that this one will be used at `at` (RFC 3339). */
  announce(next: InstalledCertificate, at: string): void;
  /** Nothing is looked at any more. */
  close(): void;
}

export interface CertificateStoreOptions {
  source: CertificateSource;
  fallback: InstalledCertificate;
  clock: Clock;
  /** Gets what a consumer throws: the others are told nevertheless. */
  onError: (error: unknown) => void;
}

/** What serves for some names, and for the box, at a moment. */
interface Served {
  byName: Map<CertificateName, InstalledCertificate | undefined>;
  box: InstalledCertificate;
}

/** Certificates in use, by name. */
export function createCertificateStore(options: CertificateStoreOptions): InstalledCertificates {
  const { source, clock, onError } = options;
  let { fallback } = options;
  const consumers = new Set<CertificateConsumer>();
  /** Up to when it is known what time has changed by itself: certificates become valid, and expire. */
  let seen = clock.now();
  const alarm = createAlarm(clock, () => void inSlices(lookAtTurns(), clock).catch(onError));
  setAlarm();

  function setAlarm(): void {
    const next = source.nextTurn(seen);
    if (next !== undefined) alarm.set(next);
  }

  function best(host: string, now = clock.now()): InstalledCertificate | undefined {
    const wildcard = host.startsWith('*.') ? undefined : wildcardOf(host);
    const names = [host, wildcard].filter((name) => name !== undefined && name !== '');
    const candidates = source
      .naming(names as string[])
      .map((certificate) => ({ certificate, exact: certificate.names.includes(host) }))
      .sort(byRank(now));
    for (const { certificate } of candidates) {
      const opened = source.open(certificate);
      if (opened) return opened;
    }
    return undefined;
  }

  const ofBox = (now?: number): InstalledCertificate => best(normalHost(fallback.names[0]!), now) ?? fallback;

  const served = (names: readonly CertificateName[], now?: number): Served => ({
    byName: new Map(names.map((name) => [name, best(name, now)])),
    box: ofBox(now),
  });

  /** Each certificate that came into use for one of the names or for the box, once. */
  function difference(before: Served, after: Served): Set<InstalledCertificate> {
    const changed = new Set<InstalledCertificate>();
    for (const [name, current] of after.byName)
      if (!same(before.byName.get(name), current)) changed.add(current ?? after.box);
    if (!same(before.box, after.box)) changed.add(after.box);
    return changed;
  }

  function notify(call: (consumer: CertificateConsumer) => void): void {
    for (const consumer of [...consumers]) {
      try {
        call(consumer);
      } catch (error) {
        onError(error);
      }
    }
  }

  function tell(changed: Iterable<InstalledCertificate>): void {
    for (const current of changed) notify((consumer) => consumer.changed(current));
  }

  /** Goes from moment to moment at which certificates became valid or expired, since the last look. */
  function* lookAtTurns(): Steps<void> {
    const [from, now] = [seen, clock.now()];
    const changed = new Set<InstalledCertificate>();
    for (let at = source.nextTurn(from); at !== undefined && at <= now; at = source.nextTurn(at)) {
      for (const name of new Set(source.namesTurning(at).map(normalHost)))
        for (const current of difference(served([name], from), served([name], now))) changed.add(current);
      yield;
    }
    seen = now;
    tell(changed);
    setAlarm();
  }

  return {
    forName: (host) => best(normalHost(host)) ?? ofBox(),
    follow(change, given) {
      const names = [...new Set(given.map(normalHost))];
      const before = served(names);
      change.afterCommit(() => {
        tell(difference(before, served(names)));
        setAlarm();
      });
    },
    setFallback(certificate) {
      const before = served([]);
      fallback = certificate;
      tell(difference(before, served([])));
    },
    announce: (next, at) => notify((consumer) => consumer.before?.(next, at)),
    subscribe(consumer) {
      consumers.add(consumer);
      return () => void consumers.delete(consumer);
    },
    close: () => alarm.cancel(),
  };
}

/** What is read anew need not be the same object. */
function same(a: InstalledCertificate | undefined, b: InstalledCertificate | undefined): boolean {
  return a?.id === b?.id && a?.notAfter === b?.notAfter && a?.chain === b?.chain;
}
