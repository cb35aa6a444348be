import { z } from 'zod';

/** What Rspamd did with a message. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  at: number;
  /** Its Message-ID. */
  id: string;
  /** Of the envelope; empty for bounces. */
  sender: string;
  recipients: string[];
  /** Who signed in to send it; undefined: it came from elsewhere. */
  user: string | undefined;
  /** Such as `no action`, `add header`, `greylist`, `soft reject` or `reject`. */
  action: string;
  score: number;
  /** What it scored for, the weightiest first. */
  symbols: { name: string; score: number }[];
  /** Octets. */
  size: number;
}

/** As Rspamd's history_redis writes it; what is not named is left alone. */
const row = z.object({
  unix_time: z.number(),
  'message-id': z.string().catch(''),
  sender_smtp: z.string().catch(''),
  rcpt_smtp: z.array(z.string()).catch([]),
  user: z.string().catch('unknown'),
  action: z.string().catch(''),
  score: z.number().catch(0),
  symbols: z.record(z.string(), z.object({ score: z.number().catch(0) })).catch({}),
  size: z.number().catch(0),
});

/** undefined: it is nothing that Rspamd would have written. */
export function entryOf(text: string): HistoryEntry | undefined {
  const parsed = row.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { unix_time: time, sender_smtp: sender, rcpt_smtp: recipients, user, symbols, ...rest } = parsed.data;
  return {
    at: Math.round(time * 1000),
    id: rest['message-id'],
    sender: known(sender) ?? '',
    recipients,
    user: known(user),
    action: rest.action,
    score: Math.round(rest.score * 100) / 100,
    symbols: Object.entries(symbols)
      .map(([name, { score }]) => ({ name, score }))
      .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || (a.name < b.name ? -1 : 1)),
    size: rest.size,
  };
}

/** Rspamd's word for nothing. */
const known = (text: string): string | undefined => (text === 'unknown' ? undefined : text);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
