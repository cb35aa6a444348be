import type { Clock } from '../../core/clock.ts';
import { domainOf } from '../address.ts';
import type { MailSettingsReads } from '../settings/store.ts';
import type { MailReads, SendLimit } from '../store.ts';
import type { SentStorage } from './store.ts';

/** What holds for a mailbox or a domain, and how much of it is used. */
export interface SendUsage extends SendLimit {
  /** Messages that count now: one to so many recipients counts so often. */
  sent: number;
}

/** Why a message is not taken. */
export interface Refusal {
  /** Whether it would be taken later. */
  later: boolean;
  /** A sentence for the sender. */
  text: string;
}

/** Counts what mailboxes send, and says no when it is too much. */
export interface SendLimits {
  /** Of a mailbox, or of all of a domain together, which is `@domain`; undefined: nothing limits it. */
  usage(of: string): SendUsage | undefined;
  /** Counts a message to so many recipients. @returns why it is refused, and then not counted */
  take(address: string, recipients: number): Refusal | undefined;
}

/** What a limit's time is counted in: a message counts for this part of it too long at most. */
const SLOTS = 60;

/** A limit that a message falls under. */
interface Limited {
  /** What it counts for: the address of the mailbox, or `@domain`. */
  key: string;
  limit: SendLimit;
  /** When there is room for it; Infinity: never for so many recipients. */
  from: number;
}

export function createSendLimits(
  reads: Pick<MailReads, 'mailbox' | 'mailDomain'> & MailSettingsReads,
  storage: Pick<SentStorage, 'slots' | 'add'>,
  clock: Pick<Clock, 'now'>,
): SendLimits {
  function limitOf(key: string): SendLimit | undefined {
    const chosen = reads.mailDomain(domainOf(key));
    return key.startsWith('@')
      ? (chosen?.totalSendLimit ?? reads.settings()?.totalSendLimit)
      : (reads.mailbox(key)?.sendLimit ?? chosen?.sendLimit ?? reads.settings()?.sendLimit);
  }

  function slotsOf(key: string, { seconds }: SendLimit, now: number): { at: number; messages: number }[] {
    const [time, slot] = [seconds * 1000, slotOf(seconds)];
    return storage.slots(key, now - time - slot);
  }

  function roomFrom(key: string, limit: SendLimit, recipients: number, now: number): number {
    const { messages, seconds } = limit;
    if (recipients > messages) return Infinity;
    const free = freeAt(slotsOf(key, limit, now), messages - recipients);
    return free === undefined ? now : free + slotOf(seconds) + seconds * 1000;
  }

  return {
    usage(of) {
      const limit = limitOf(of);
      if (!limit) return undefined;
      const { messages, seconds } = limit;
      return { messages, seconds, sent: sum(slotsOf(of, limit, clock.now())) };
    },
    take(address, recipients) {
      const now = clock.now();
      const limits = [address, `@${domainOf(address)}`].flatMap((key): Limited[] => {
        const limit = limitOf(key);
        return limit ? [{ key, limit, from: roomFrom(key, limit, recipients, now) }] : [];
      });
      const [last] = limits.toSorted((one, other) => other.from - one.from);
      if (last && last.from > now) return refusal(last);
      for (const { key, limit } of limits) {
        const slot = slotOf(limit.seconds);
        storage.add(key, Math.floor(now / slot) * slot, recipients);
      }
      return undefined;
    },
  };
}

function refusal({ key, limit, from }: Limited): Refusal {
  const { messages, seconds } = limit;
  const isDomain = key.startsWith('@');
  const who = isDomain ? `The mailboxes of ${key.slice(1)} together` : key;
  const may = `${who} may send to ${messages} recipients in ${timeOf(seconds)}`;
  if (from === Infinity) return { later: false, text: `${may}: send this message to fewer.` };
  const at = new Date(Math.ceil(from / 1000) * 1000).toISOString().replace('.000', '');
  return {
    later: true,
    text: `${may}, which ${isDomain ? 'they have' : 'it has'}: send this message again at ${at}.`,
  };
}

const slotOf = (seconds: number): number => Math.ceil((seconds * 1000) / SLOTS);

const sum = (slots: readonly { messages: number }[]): number =>
  slots.reduce((all, { messages }) => all + messages, 0);

/** The slot after whose end no more than `allowed` are counted; undefined: there are no more now. */
function freeAt(slots: readonly { at: number; messages: number }[], allowed: number): number | undefined {
  let counted = sum(slots);
  for (const { at, messages } of slots) {
    if (counted <= allowed) return undefined;
    counted -= messages;
    if (counted <= allowed) return at;
  }
  return undefined;
}

/** In the largest unit that has it in whole numbers. */
function timeOf(seconds: number): string {
  const [length, unit] = (
    [
      [86_400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
    ] as const
  ).find(([each]) => seconds % each === 0) ?? [1, 'second'];
  const count = seconds / length;
  return count === 1 ? `a ${unit}`.replace('a hour', 'an hour') : `${count} ${unit}s`;
}
