/** What was sent, in a file of its own: it is written with each message, and nothing else hangs on it. */
export interface SentStorage {
  /**
   * How many messages a mailbox, or `@domain` as a whole, sent, by the beginning of the slot of time that they are counted in, from `since`
   * on; milliseconds.
   */
  slots(of: string, since: number): { at: number; messages: number }[];
  add(of: string, at: number, messages: number): void;
  /** Forgets slots that began before. @returns how many, at most `limit` */
  forget(before: number, limit: number): number;
  /** Why nothing is counted just now: a public sentence. */
  problem(): string | undefined;
  close(): void;
}
