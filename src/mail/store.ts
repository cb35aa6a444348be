import { RowsKey } from '../work/rows.ts';

/*
 * What is kept of mail. Addresses are text: `local@domain` in lower case, the domain in A-labels; `@domain` stands for what holds for a
 * domain as a whole.
 */

/** Messages that may be sent in so many seconds. */
export interface SendLimit {
  messages: number;
  seconds: number;
}

/** Another mail server to hand mail to. */
export interface NextHop {
  /** A host name in lower-case A-labels, or an IP address. */
  host: string;
  port: number;
}

/** From which scores mail is spam. */
export interface SpamScores {
  /** It goes into Junk. */
  junk: number;
  /** It is refused. */
  reject: number;
}

export interface SpamChoice {
  /** Whether what scores goes into Junk or is refused. */
  spamFilter: boolean;
  /** undefined: the box's. */
  scores: SpamScores | undefined;
}

/** What a person chose for a mail domain. */
export interface MailDomainRow extends SpamChoice {
  /** Of each mailbox that has none of its own. */
  sendLimit: SendLimit | undefined;
  /** Of all its mailboxes together; undefined: the box's. */
  totalSendLimit: SendLimit | undefined;
  /** Where mail goes for addresses of the domain that are not here; undefined: it is refused. */
  nextHop: NextHop | undefined;
}

export interface MailboxRow {
  address: string;
  domain: string;
  displayName: string;
  /** As Dovecot reads it, with its scheme; undefined: nobody can sign in with a password of the mailbox's own. */
  password: string | undefined;
  /** RFC 3339. */
  passwordChangedAt: string | undefined;
  /** Octets; 0: none. */
  quota: number;
  /** Whether its owner may sign in. */
  enabled: boolean;
  /** Whether mail that is forwarded stays here, too. */
  keepCopy: boolean;
  /** undefined: the domain's. */
  sendLimit: SendLimit | undefined;
  /** `retired`: takes no mail and lets nobody in; what it holds is kept. */
  state: 'active' | 'retired';
  createdAt: string;
  retiredAt: string | undefined;
}

export interface AliasRow {
  /** Or `@domain`: whatever of the domain is nothing else. */
  address: string;
  domain: string;
  /** Who may send as it; undefined: whoever its mail comes to. */
  senders: readonly string[] | undefined;
  enabled: boolean;
  createdAt: string;
}

export interface AppPasswordRow {
  id: string;
  address: string;
  name: string;
  /** Lower-case hex of the SHA-256. */
  digest: string;
  createdAt: string;
}

/** A part of a list that is ordered by domain, then address: from after `after` on. */
export interface MailSlice {
  after: { domain: string; address: string } | undefined;
  limit: number;
  domain?: string | undefined;
  /** Addresses that contain this text. */
  search?: string | undefined;
}

/** A change of the directory that the mail servers read. */
export interface DirectoryChange {
  sequence: number;
  /** An address, `@domain`, or {@link EVERYTHING}. */
  key: string;
}

/** The key of a change of the directory that touches all of it. */
export const EVERYTHING = '*';

/** Domains that may be filtered otherwise than the box: Rspamd keeps them in memory. */
export const MOST_FILTERS = 1000;

export interface MailReads {
  mailbox(address: string): MailboxRow | undefined;
  mailboxes(state: MailboxRow['state'], slice: MailSlice): MailboxRow[];
  /** How many there are in a domain, `limit` at most. */
  mailboxCount(domain: string, state: MailboxRow['state'], limit: number): number;
  alias(address: string): AliasRow | undefined;
  aliases(slice: MailSlice): AliasRow[];
  /** Where an alias leads or a mailbox forwards to, in the order given. */
  targets(source: string): string[];
  /** What leads there, the first `limit`. */
  sourcesTo(target: string, limit: number): string[];
  appPasswords(address: string): AppPasswordRow[];
  /** What was chosen for a domain; undefined: nothing was. */
  mailDomain(domain: string): MailDomainRow | undefined;
  /** Domains that are filtered otherwise than the box, the first `limit`. */
  spamDomains(limit: number): (SpamChoice & { domain: string })[];
  /** The last change of the directory; 0: none yet. */
  lastDirectoryChange(): number;
  /** Those after a sequence number, in order. */
  directoryChanges(after: number, limit: number): DirectoryChange[];
}

export interface MailWrites extends MailReads {
  putMailbox(mailbox: MailboxRow): void;
  putAlias(alias: AliasRow): void;
  deleteAlias(address: string): void;
  putTargets(source: string, targets: readonly string[]): void;
  insertAppPassword(row: AppPasswordRow): void;
  /** @returns whether it was there */
  deleteAppPassword(address: string, id: string): boolean;
  /** undefined: all is as it comes. */
  putMailDomain(domain: string, row: MailDomainRow | undefined): void;
  /** @returns its sequence number */
  addDirectoryChange(key: string): number;
  /** Drops those up to a sequence number. @returns how many, at most `limit` */
  dropDirectoryChanges(through: number, limit: number): number;
}

export const mailRows = new RowsKey<MailReads, MailWrites>('mail');
