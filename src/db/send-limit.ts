import type { SendLimit } from '../mail/store.ts';

/** A limit as it is kept: two columns, both null where there is none. */
export const toLimit = (messages: number | null, seconds: number | null): SendLimit | undefined =>
  messages === null || seconds === null ? undefined : { messages, seconds };
