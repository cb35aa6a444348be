import { createHash } from 'node:crypto';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Grant, Role } from '../permissions.ts';
import type { AccountRow, PeopleReads } from './store.ts';

/** Somebody who may sign in. */
export interface Person {
  /** Of the account; of a mailbox user, the address. */
  id: string;
  name: string;
  displayName: string | undefined;
  role: Role;
  /** Of a domain administrator: lower case, without final dot. */
  domains: string[];
  language: string | undefined;
  /** The hash; undefined: none was set yet. */
  password: string | undefined;
}

/** How passwords are kept and compared: as those of mailboxes. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Without a hash it is none, which takes as long to say. */
  matches(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether it would be made in the same way today. */
  isCurrent(hash: string): boolean;
  /** @throws AppError weak-password; `name` must not be in it */
  check(password: string, name: string): void;
}

/** What is known of mailboxes, whose users sign in with their address. */
export interface MailboxUsers {
  /** One that lets its owner in. */
  get(address: string): { address: string; displayName: string; password: string | undefined } | undefined;
}

export interface People {
  /** Undefined as well when the person may not sign in. */
  byId(id: string): Person | undefined;
  byName(name: string): Person | undefined;
}

/** Accounts come first: a mailbox of the same name lets nobody in here. */
export function createPeople(rows: PeopleReads, mailboxes: MailboxUsers): People {
  const ofAccount = (row: AccountRow): Person | undefined => {
    const { id, name, displayName, role, language, password, disabled } = row;
    if (disabled) return undefined;
    const domains = role === 'domain-administrator' ? rows.domainsOf(id) : [];
    return { id, name, displayName, role, domains, language, password };
  };
  const ofMailbox = (given: string): Person | undefined => {
    const mailbox = mailboxes.get(given);
    if (!mailbox) return undefined;
    const { address, displayName, password } = mailbox;
    const named = { id: address, name: address, displayName: displayName || undefined };
    return { ...named, role: 'mailbox-user', domains: [], language: undefined, password };
  };
  return {
    byId(id) {
      if (id.includes('@')) return rows.accountNamed(id) ? undefined : ofMailbox(id);
      const row = rows.account(id);
      return row && ofAccount(row);
    },
    byName(name) {
      const row = rows.accountNamed(name);
      if (row) return ofAccount(row);
      return name.includes('@') ? ofMailbox(name) : undefined;
    },
  };
}

/** What the person may, by the role. */
export function grantsOf({ role, domains, id }: Person): Grant[] {
  return [
    {
      role,
      ...(role === 'domain-administrator' && { domains: domains.map((domain) => Name.parse(domain)) }),
      ...(role === 'mailbox-user' && { mailbox: id }),
    },
  ];
}

/** What people call the account with this id, where there is one still; a mailbox user's is the address. */
export const nameOf = (rows: Pick<PeopleReads, 'account'>, id: string): string =>
  rows.account(id)?.name ?? id;

export function actorOf({ id, name }: Person, address: string | undefined): Actor {
  return { kind: 'account', id, name, address };
}

/** What says whether a password is still the same, and nothing of it: the hash has a salt. */
export function stampOf(password: string | undefined): string {
  return createHash('sha256')
    .update(password ?? '')
    .digest('base64url');
}
