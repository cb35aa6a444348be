/** What Postfix has of a message that it did not hand on yet. */
export interface QueuedMessage {
  /** Postfix's own word for it, as its log has it. */
  id: string;
  queue: QueueName;
  /** When it came; seconds since the epoch. */
  at: number;
  /** Octets. */
  size: number;
  /** Of the envelope; empty for bounces. */
  sender: string;
  /** The first {@link MOST_RECIPIENTS} of those who do not have it yet. */
  recipients: { address: string; reason?: string | undefined }[];
  recipientCount: number;
}

/** `hold`: it waits until a person releases it. `deferred`: it is tried again. */
export type QueueName = 'maildrop' | 'incoming' | 'active' | 'deferred' | 'hold' | 'corrupt';
const queueNames: readonly QueueName[] = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'];

export type QueueAction = 'hold' | 'release' | 'requeue' | 'delete' | 'retry';

/** Where a page of the queue begins: after this message. */
export interface QueuePlace {
  at: number;
  id: string;
}

export interface QueueFilter {
  /** Only messages with a recipient in it; lower case A-labels. */
  domain?: string | undefined;
  /** Only messages whose sender or one of whose recipients has this in it. */
  address?: string | undefined;
  /** Only messages with a recipient who does not have it for a reason that has this in it. */
  reason?: string | undefined;
}

export interface QueueQuery extends QueueFilter {
  after?: QueuePlace | undefined;
  limit: number;
}

export interface QueuePart {
  /** The oldest first; one more than `limit` where there are more. */
  messages: QueuedMessage[];
  /** Of all messages that are asked for, not of this part alone. */
  counts: Partial<Record<QueueName, number>>;
}

/** One message by its id, or those that have no recipient but in this domain. */
export type QueueChoice = { id: string } | { domain: string };

export const MOST_RECIPIENTS = 20;

/** Short and long ids (postconf(5), `enable_long_queue_ids`). */
export const QUEUE_ID = /^[0-9A-Za-z]{6,24}$/;

/** A line of `postqueue -j`; undefined: it is none. All recipients are in it. */
export function queuedMessage(line: string): QueuedMessage | undefined {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { queue_id: id, queue_name: queue, arrival_time: at, message_size: size, sender, recipients } = row;
  if (typeof id !== 'string' || !QUEUE_ID.test(id) || !Array.isArray(recipients)) return undefined;
  return {
    id,
    queue: queueNames.find((name) => name === queue) ?? 'corrupt',
    at: Number(at) || 0,
    size: Number(size) || 0,
    sender: sender === 'MAILER-DAEMON' ? '' : String(sender),
    recipients: (recipients as { address: string; delay_reason?: string }[]).map(
      ({ address, delay_reason: reason }) => (reason === undefined ? { address } : { address, reason }),
    ),
    recipientCount: recipients.length,
  };
}

const isIn = (domain: string, address: string): boolean => address.toLowerCase().endsWith(`@${domain}`);

function isAskedFor(
  { sender, recipients }: QueuedMessage,
  { domain, address, reason }: QueueFilter,
): boolean {
  const part = address?.toLowerCase();
  const why = reason?.toLowerCase();
  return (
    (domain === undefined || recipients.some((one) => isIn(domain, one.address))) &&
    (part === undefined ||
      [sender, ...recipients.map((one) => one.address)].some((one) => one.toLowerCase().includes(part))) &&
    (why === undefined || recipients.some((one) => one.reason?.toLowerCase().includes(why)))
  );
}

/** Collects a page while the queue passes, in memory that does not depend on how long it is. */
export function pageCollector({ after, limit, ...filter }: QueueQuery): {
  take(message: QueuedMessage): void;
  part(): QueuePart;
} {
  let kept: QueuedMessage[] = [];
  const counts: QueuePart['counts'] = {};
  const cut = (): void => {
    kept = kept.sort(byPlace).slice(0, limit + 1);
  };
  return {
    take(message) {
      if (!isAskedFor(message, filter)) return;
      counts[message.queue] = (counts[message.queue] ?? 0) + 1;
      if (after && byPlace(message, after) <= 0) return;
      kept.push({ ...message, recipients: message.recipients.slice(0, MOST_RECIPIENTS) });
      if (kept.length > 2 * limit + 100) cut();
    },
    part() {
      cut();
      return { messages: kept, counts };
    },
  };
}

function byPlace(a: QueuePlace, b: QueuePlace): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * Whether it is one of those that a choice names: by a domain neither what somebody else is to have, too, nor what names nobody yet, as Postfix
 * is just taking it.
 */
export function isChosen(message: QueuedMessage, choice: QueueChoice): boolean {
  if ('id' in choice) return message.id === choice.id;
  const { recipients } = message;
  return recipients.length > 0 && recipients.every(({ address }) => isIn(choice.domain, address));
}
