import type { AuditReads, NewAuditEntry } from '../work/audit.ts';
import type { TokenView } from './tokens.ts';

/** A token as it is kept: with the SHA-256 of its secret. */
export interface StoredToken extends TokenView {
  hash: Uint8Array;
}

export interface StoredAnswer {
  fingerprint: string;
  status: number;
  body: string;
}

/** What access control keeps; reads see what is committed. */
export interface AccessStore extends AuditReads {
  token(id: string): StoredToken | undefined;
  /** In the order of ids, from after `after` on. */
  tokens(after: string | undefined, limit: number): StoredToken[];
  /** The answer kept for a key, if it was finished at `since` (milliseconds since the epoch) or later. */
  answer(key: string, since: number): StoredAnswer | undefined;
  /** Resolves when the change is durable. */
  write<T>(change: (tx: AccessTransaction) => T): Promise<T>;
}

export interface AccessTransaction {
  insertToken(token: StoredToken): void;
  /** Whether there was one. */
  deleteToken(id: string): boolean;
  touchToken(id: string, lastUsedAt: string): void;
  appendAudit(entry: NewAuditEntry, at: string): void;
  /** `finishedAt` in milliseconds since the epoch. */
  putAnswer(key: string, answer: StoredAnswer, finishedAt: number): void;
  /** Removes the answers finished before `before`. */
  pruneAnswers(before: number): void;
}
