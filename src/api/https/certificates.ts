import type { Server } from 'node:https';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { CertificateStore, InstalledCertificate } from '../../certs/model.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { createContexts } from './contexts.ts';

/** Milliseconds that one key seals session tickets: whoever gets it later reads no more than that of what was recorded. */
const TICKET_KEY_LIFETIME = 86_400_000;
const TICKET_KEY_SIZE = 48;

/** Keeps a TLS server at the store's certificates. */
export interface ServedCertificates {
  /** For clients that name no host. @throws Error when key and chain do not fit */
  initial(): SecureContextOptions;
  /** Undefined: the one for clients that name no host will do. */
  contextFor(host: string): SecureContext | undefined;
  follow(server: Server): void;
  stop(): void;
}

export function serveCertificates(options: {
  store: CertificateStore;
  clock: Clock;
  random: Random;
  log: Log;
}): ServedCertificates {
  const { store, clock, random, log } = options;
  const newContexts = () => createContexts(Buffer.from(random.bytes(TICKET_KEY_SIZE)));
  let contexts = newContexts();
  let initial: InstalledCertificate | undefined;
  let timer: Timer | undefined;
  let unsubscribe = (): void => undefined;
  const ofBox = (): InstalledCertificate => store.forName('');

  /** A certificate that cannot be served must not take the others with it. */
  function attempt<T>({ names }: InstalledCertificate, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      log.error({ err: error, names }, 'a certificate cannot be served');
      return undefined;
    }
  }

  function refresh(server: Server): void {
    const certificate = ofBox();
    if (certificate === initial) return;
    initial = certificate;
    attempt(certificate, () => server.setSecureContext(contexts.options(certificate)));
  }

  function rotateTicketKeys(server: Server): void {
    timer = clock.after(TICKET_KEY_LIFETIME, () => {
      contexts = newContexts();
      initial = undefined;
      refresh(server);
      rotateTicketKeys(server);
    });
  }

  return {
    initial() {
      initial = ofBox();
      return contexts.options(initial);
    },
    contextFor(host) {
      const certificate = store.forName(host);
      return attempt(certificate, () => contexts.of(certificate));
    },
    follow(server) {
      unsubscribe = store.subscribe({ changed: () => refresh(server) });
      rotateTicketKeys(server);
    },
    stop() {
      unsubscribe();
      timer?.cancel();
    },
  };
}
