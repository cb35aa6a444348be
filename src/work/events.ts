import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { toRfc3339 } from '../core/rfc3339.ts';

/** What may happen. */
export const eventTypes = [
  'box.changed',
  /** A hostname of before answers no more. */
  'hostname.retired',
  'domain.added',
  'domain.changed',
  'domain.removed',
  'zone.published',
  /** A zone cannot be published; its last version is served on. */
  'zone.failed',
  'zone.mended',
  /** What is stored of a zone is damaged, and cannot be mended without the person. */
  'zone.damaged',
  /** A zone was made anew from the model and its keys. */
  'zone.rebuilt',
  'registrar.checked',
  /** Its parent leads to the box now, and did not when it was asked before. */
  'zone.delegated',
  /** A secondary nameserver does not answer, or does not have what the box published. */
  'secondary.failed',
  'secondary.mended',
  'secondary.added',
  'secondary.removed',
  'tsig-key.added',
  'tsig-key.removed',
  'secondary-zone.added',
  'secondary-zone.changed',
  'secondary-zone.removed',
  /** A version of a primary's is served. */
  'secondary-zone.transferred',
  /** No primary gives the zone; what is here is served on, until it expires. */
  'secondary-zone.failed',
  'secondary-zone.mended',
  'secondary-zone.expired',
  /** An order came to its next step. */
  'certificate.step',
  'certificate.installed',
  'certificate.failed',
  'certificate.revoked',
  /** A program of the operator's has run for a certificate that came into use, or did not succeed. */
  'hook.done',
  'hook.failed',
  /** The DKIM keys of a domain came a step further. */
  'dkim.step',
  /** They cannot: the ones that sign go on, and it is tried again. */
  'dkim.failed',
  'dkim.mended',
  'mailbox.added',
  'mailbox.changed',
  /** It takes no mail any more; what it holds is kept. */
  'mailbox.retired',
  'mailbox.restored',
  'alias.added',
  'alias.changed',
  'alias.removed',
  /** The mail servers must open the file that they read anew. */
  'mail.directory-rebuilt',
  /** What holds for the mail servers as a whole. */
  'mail.settings-changed',
  /** The web site of a domain is to be other than it was. */
  'web.changed',
  /** A mail server has new files, and serves with them. */
  'mail.applied',
  /** A mail server could not be configured; it goes on as before. */
  'mail.failed',
  'token.added',
  'token.revoked',
  'account.added',
  'account.changed',
  'account.removed',
  /** Somebody signed in. */
  'session.started',
  'session.ended',
  /** Some more of a job's items were seen to. */
  'job.progress',
  'job.done',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Something that happened: for GET /events. */
export interface SignpostEvent {
  /** Rising; a client resumes after it (Last-Event-ID). */
  id: number;
  /** RFC 3339. */
  at: string;
  type: EventType;
  data: Record<string, unknown>;
}

export interface EventFeed {
  /** Events after `lastId` that are still remembered, then new ones, until unsubscribed. */
  subscribe(lastId: number | undefined, listener: (event: SignpostEvent) => void): () => void;
}

/** Events that a client which was away can still catch up with. */
const REMEMBERED = 1000;

export interface EventHub extends EventFeed {
  publish(type: EventType, data: Record<string, unknown>): void;
}

/**
 * What happened, to whoever listens. Ids start at the time in milliseconds, so that they rise across restarts too and a
 * client's Last-Event-ID stays meaningful. A listener that throws is logged and harms no other.
 */
export function createEvents({ clock, log }: { clock: Clock; log: Log }): EventHub {
  const remembered: SignpostEvent[] = [];
  const listeners = new Set<(event: SignpostEvent) => void>();
  let lastId = 0;

  function deliver(listener: (event: SignpostEvent) => void, event: SignpostEvent): void {
    try {
      listener(event);
    } catch (error) {
      log.error({ err: error }, 'a listener to events failed');
    }
  }

  return {
    publish(type, data) {
      const now = clock.now();
      lastId = Math.max(lastId + 1, Math.floor(now));
      const event: SignpostEvent = { id: lastId, at: toRfc3339(now), type, data };
      remembered.push(event);
      if (remembered.length > REMEMBERED) remembered.shift();
      for (const listener of [...listeners]) deliver(listener, event);
    },

    subscribe(after, listener) {
      const missed = after === undefined ? [] : remembered.filter((event) => event.id > after);
      for (const event of missed) deliver(listener, event);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
