import { RowsKey } from '../../work/rows.ts';
import type { Role } from '../permissions.ts';

/** Roles of accounts: a mailbox user has none. */
export type AccountRole = Exclude<Role, 'mailbox-user'>;

export interface AccountRow {
  id: string;
  /** An e-mail address or a user name, as it was given. */
  name: string;
  displayName: string | undefined;
  role: AccountRole;
  /** The hash, as a mailbox's is kept; undefined: none was set yet. */
  password: string | undefined;
  /** Such as `de`; undefined: as the browser says. */
  language: string | undefined;
  disabled: boolean;
  /** RFC 3339. */
  createdAt: string;
}

/** Times in milliseconds since the epoch. */
export interface SessionRow {
  id: string;
  /** Id of the account; of a mailbox user, the address. */
  account: string;
  /** SHA-256 of the secret. */
  hash: Uint8Array;
  /** Of the password that was valid when it began. */
  stamp: string;
  method: 'password' | 'passkey' | 'setup';
  startedAt: number;
  seenAt: number;
  confirmedAt: number;
  address: string | undefined;
  /** What the browser calls itself. */
  agent: string | undefined;
}

export interface PasskeyRow {
  id: string;
  account: string;
  name: string;
  /** COSE. */
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  /** The host name that it is for. */
  host: string;
  synced: boolean;
  createdAt: string;
  lastUsedAt: string | undefined;
}

export interface OneTimePasswordRow {
  account: string;
  /** Sealed. */
  secret: Uint8Array;
  /** The time step of the last code that was taken. */
  lastStep: number;
  createdAt: string;
}

export interface PasswordLinkRow {
  hash: Uint8Array;
  account: string;
  expiresAt: number;
}

export interface PeopleReads {
  account(id: string): AccountRow | undefined;
  accountNamed(name: string): AccountRow | undefined;
  /** In the order of names, from after `after` on; those with `search`, in lower case, in their name or that of the person. */
  accounts(after: string | undefined, limit: number, search?: string): AccountRow[];
  /** Owners who may sign in, the first `limit`. */
  owners(limit: number): string[];
  /** Of a domain administrator, in the order of the alphabet: lower case, without final dot. */
  domainsOf(account: string): string[];
  session(id: string): SessionRow | undefined;
  /** The newest first. */
  sessionsOf(account: string, limit: number): SessionRow[];
  /** When somebody last signed in by the name: RFC 3339, as the audit log has it. */
  lastSignIn(name: string): string | undefined;
  passkey(id: string): PasskeyRow | undefined;
  passkeysOf(account: string): PasskeyRow[];
  oneTimePassword(account: string): OneTimePasswordRow | undefined;
  recoveryCodeCount(account: string): number;
  passwordLink(hash: Uint8Array): PasswordLinkRow | undefined;
}

export interface PeopleWrites extends PeopleReads {
  putAccount(account: AccountRow): void;
  /** With all that is the account's. */
  deleteAccount(id: string): void;
  putDomains(account: string, domains: readonly string[]): void;
  /** Nobody administers the domain any more. */
  deleteDomain(domain: string): void;
  insertSession(session: SessionRow): void;
  deleteSession(id: string): boolean;
  touchSession(id: string, seenAt: number): void;
  confirmSession(id: string, confirmedAt: number): void;
  /** The sessions stay valid with a password that is kept in another way. */
  stampSession(id: string, stamp: string): void;
  /** Drops sessions last seen before `seenBefore`, or begun before `startedBefore`. @returns how many, at most twice `limit` */
  dropSessions(seenBefore: number, startedBefore: number, limit: number): number;
  insertPasskey(passkey: PasskeyRow): void;
  deletePasskey(account: string, id: string): boolean;
  usePasskey(id: string, counter: number, synced: boolean, at: string): void;
  putOneTimePassword(row: OneTimePasswordRow): void;
  deleteOneTimePassword(account: string): boolean;
  putRecoveryCodes(account: string, hashes: readonly Uint8Array[]): void;
  /** Whether it was there. */
  takeRecoveryCode(account: string, hash: Uint8Array): boolean;
  insertPasswordLink(link: PasswordLinkRow): void;
  /** The account has no link any more. */
  deletePasswordLinks(account: string): void;
  /** Drops links that ended before `before`. @returns how many, at most `limit` */
  dropPasswordLinks(before: number, limit: number): number;
}

export const peopleRows = new RowsKey<PeopleReads, PeopleWrites>('people');

/** Names that differ in case alone are one. */
export const nameKey = (name: string): string => name.trim().toLowerCase();
