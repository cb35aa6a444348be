import { RowsKey } from '../work/rows.ts';
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

/** What access control keeps. */
export interface AccessReads {
  token(id: string): StoredToken | undefined;
  /** In the order of ids, from after `after` on. */
  tokens(after: string | undefined, limit: number): StoredToken[];
  /** The answer kept for a key, if it was finished at `since` (milliseconds since the epoch) or later. */
  answer(key: string, since: number): StoredAnswer | undefined;
}

export interface AccessWrites extends AccessReads {
  insertToken(token: StoredToken): void;
  /** Whether there was one. */
  deleteToken(id: string): boolean;
  touchToken(id: string, lastUsedAt: string): void;
  /** `finishedAt` in milliseconds since the epoch. */
  putAnswer(key: string, answer: StoredAnswer, finishedAt: number): void;
  /** Drops answers finished before `before`. @returns how many, at most `limit` */
  dropAnswers(before: number, limit: number): number;
}

export const accessRows = new RowsKey<AccessReads, AccessWrites>('access');
