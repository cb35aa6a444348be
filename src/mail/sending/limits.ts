import type { Clock } from '../../core/clock.ts';
import { domainOf } from '../address.ts';
import type { MailSettingsReads } from '../settings/store.ts';
import type { MailReads, SendLimit } from '../store.ts';
import type { SentStorage } from './store.ts';

/** What holds for a mailbox, and how much of it is used. */
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
  /** undefined: nothing limits it. */
  usage(address: string): SendUsage | undefined;
  /** Counts a message to so many recipients. @returns why it is refused, and then not counted */
  take(address: string, recipients: number): Refusal | undefined;
}

/** What a limit's time is counted in: a message counts for this part of it too long at most. */
const SLOTS = 60;

export function createSendLimits(
  reads: Pick<MailReads, 'mailbox' | 'domainLimit'> & MailSettingsReads,
  storage: Pick<SentStorage, 'slots' | 'add'>,
  clock: Pick<Clock, 'now'>,
): SendLimits {
  const limitOf = (address: string): SendLimit | undefined =>
    reads.mailbox(address)?.sendLimit ?? reads.domainLimit(domainOf(address)) ?? reads.settings()?.sendLimit;

  function slotsOf(address: string, { seconds }: SendLimit, now: number): { at: number; messages: number }[] {
    const [time, slot] = [seconds * 1000, slotOf(seconds)];
    return storage.slots(address, now - time - slot);
  }

  return {
    usage(address) {
      const limit = limitOf(address);
      if (!limit) return undefined;
      const { messages, seconds } = limit;
      return { messages, seconds, sent: sum(slotsOf(address, limit, clock.now())) };
    },
    take(address, recipients) {
      const limit = limitOf(address);
      if (!limit) return undefined;
      const { messages, seconds } = limit;
      if (recipients > messages)
        return {
          later: false,
          text: `${address} may send to ${messages} recipients in ${timeOf(seconds)}: send this message to fewer.`,
        };
      const now = clock.now();
      const slot = slotOf(seconds);
      const slots = slotsOf(address, limit, now);
      const free = freeAt(slots, messages - recipients);
      if (free !== undefined) {
        const at = new Date(Math.ceil((free + slot + seconds * 1000) / 1000) * 1000);
        return {
          later: true,
          text: `${address} may send to ${messages} recipients in ${timeOf(seconds)}, which it has: send this message again at ${at.toISOString().replace('.000', '')}.`,
        };
      }
      storage.add(address, Math.floor(now / slot) * slot, recipients);
      return undefined;
    },
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
