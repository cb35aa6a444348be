import type { Clock } from '../../core/clock.ts';
import { AppError, type FieldError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { hashSecret, randomText } from '../secret.ts';
import type { SetupSecrets } from '../setup-secret.ts';
import { actorOf, type MailboxUsers, type PasswordHashing, type People, type Person } from './people.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Client, NewSession, Sessions } from './sessions.ts';
import { type AccountRole, type AccountRow, nameKey, peopleRows, type PeopleReads } from './store.ts';

/** Milliseconds for which a link to set a password works. */
const LINK = 24 * 3_600_000;
const MAX_NAME = 254;
const MAX_DOMAINS = 1_000;

export interface AccountView extends Omit<AccountRow, 'password'> {
  /** Without final dot, in lower case. */
  domains: string[];
  /** Whether a password was set yet. */
  hasPassword: boolean;
  secondFactor: boolean;
  passkeys: number;
  /** RFC 3339; undefined: never, or longer ago than the audit log goes back. */
  lastSignInAt: string | undefined;
}

export interface AccountSettings {
  displayName?: string | null | undefined;
  role?: AccountRole | undefined;
  domains?: readonly Name[] | undefined;
  language?: string | null | undefined;
  disabled?: boolean | undefined;
}

export interface NewAccount extends AccountSettings {
  name: string;
  role: AccountRole;
  /** Without one there is a link by which the person sets it. */
  password?: string | undefined;
}

/** A link by which a password is set, once. */
export interface PasswordLink {
  secret: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Who is asking, as far as accounts of owners go. */
export interface Asking {
  actor: Actor;
  /** Whether accounts of owners may be touched. */
  owners: boolean;
}

export interface AccountService {
  /** `search`: what their name, or that of the person, contains. */
  list(page: PageRequest, search?: string): Page<AccountView>;
  get(name: string): AccountView | undefined;
  add(asking: Asking, account: NewAccount): Promise<{ account: AccountView; link?: PasswordLink }>;
  update(asking: Asking, name: string, settings: AccountSettings): Promise<AccountView>;
  /** With its sessions. @throws AppError not-found; in-use for the last owner */
  remove(asking: Asking, name: string): Promise<void>;
  /** A link by which the person sets a new password; `factors`: the second factor and the passkeys go, too. */
  reset(asking: Asking, name: string, factors: boolean): Promise<PasswordLink>;
  /** Whether nobody is owner yet. */
  none(): boolean;
  /** The first owner, by the secret of the first start; undefined when that is wrong. */
  begin(
    secret: string,
    owner: { name: string; password: string; displayName?: string | undefined },
    client: Client,
    previous: string | undefined,
  ): Promise<(NewSession & { person: Person }) | undefined>;
  /** Sets a password by a link; every session ends. @returns the name; undefined when the link is none. */
  useLink(secret: string, password: string, client: Client): Promise<string | undefined>;
  /** A person changes the own password: the other sessions end. */
  setOwn(person: Person, session: string, password: string, client: Client): Promise<void>;
  /** What a person changes of the own account. */
  updateOwn(
    person: Person,
    settings: Pick<AccountSettings, 'displayName' | 'language'>,
    client: Client,
  ): Promise<void>;
  /** Keeps the hash of a password that was right in today's form; the sessions stay. */
  rehash(change: Change, person: Person, hash: string): void;
  /** The password of a mailbox was set by somebody else: its sessions, second factor and passkeys go, in that change. */
  mailboxReset(change: Change, address: string): void;
  /** Nobody administers the domain any more, in a change. */
  domainRemoved(change: Change, domain: Name): void;
}

export interface AccountOptions {
  work: UnitOfWork;
  people: People;
  sessions: Sessions;
  factors: SecondFactors;
  hashing: PasswordHashing;
  setup: SetupSecrets;
  /** Sets the password of a mailbox. */
  mailboxes: MailboxUsers & {
    setPassword(actor: Actor, address: string, password: string): Promise<void>;
    /** The same password in another form, in a change. */
    rehash(change: Change, address: string, hash: string): void;
  };
  /** Whether the box has the domain. */
  hasDomain(domain: Name): boolean;
  clock: Clock;
  random: Random;
}

export function createAccounts(options: AccountOptions): AccountService {
  const { work, people, sessions, factors, hashing, setup, mailboxes, clock, random } = options;
  const reads = work.committed.rows(peopleRows);

  const viewOf = ({ password, ...row }: AccountRow): AccountView => ({
    ...row,
    domains: reads.domainsOf(row.id),
    hasPassword: password !== undefined,
    secondFactor: factors.has(row.id),
    passkeys: reads.passkeysOf(row.id).length,
    lastSignInAt: reads.lastSignIn(row.name),
  });

  function existing(rows: PeopleReads, name: string): AccountRow {
    const row = rows.accountNamed(name);
    if (!row) throw new AppError('not-found', `There is no account ${name}.`);
    return row;
  }

  function newRow(request: Omit<NewAccount, 'password'>, password: string | undefined): AccountRow {
    return {
      id: Buffer.from(random.bytes(6)).toString('hex'),
      name: request.name.trim(),
      displayName: request.displayName ?? undefined,
      role: request.role,
      password,
      language: request.language ?? undefined,
      disabled: request.disabled ?? false,
      createdAt: toRfc3339(clock.now()),
    };
  }

  function insert(change: Change, row: AccountRow, domains: readonly Name[]): void {
    const rows = change.rows(peopleRows);
    if (rows.accountNamed(row.name))
      throw new AppError('already-exists', `There is an account ${row.name} already.`);
    rows.putAccount(row);
    rows.putDomains(row.id, textsOf(domains));
    const { id, name, role } = row;
    change.audit('account.add', name, { id, role, domains: textsOf(domains) });
    change.event('account.added', { account: name });
    // Whoever is owner can let others in: the link of the first start is void.
    if (role === 'owner') change.afterCommit(() => setup.end());
  }

  function dropFactors(change: Change, account: string): void {
    const rows = change.rows(peopleRows);
    factors.drop(change, account);
    for (const { id } of rows.passkeysOf(account)) rows.deletePasskey(account, id);
  }

  function newLink(change: Change, account: string): PasswordLink {
    const rows = change.rows(peopleRows);
    rows.deletePasswordLinks(account);
    const secret = randomText(random);
    const expiresAt = clock.now() + LINK;
    rows.insertPasswordLink({ hash: hashSecret(secret), account, expiresAt });
    return { secret, expiresAt };
  }

  /** The last owner stays one, and may sign in. */
  function keepOwner(rows: PeopleReads, row: AccountRow): void {
    if (row.role === 'owner' && !row.disabled && rows.owners(2).every((id) => id === row.id))
      throw new AppError('in-use', `${row.name} is the last owner. Make another account an owner first.`);
  }

  return {
    list({ limit, cursor }, search) {
      const found = reads.accounts(cursor, limit + 1, search?.toLowerCase());
      const items = found.slice(0, limit);
      return { items: items.map(viewOf), next: found.length > limit ? items.at(-1)!.name : undefined };
    },

    get(name) {
      const row = reads.accountNamed(name);
      return row && viewOf(row);
    },

    async add({ actor, owners }, request) {
      const { domains = [] } = request;
      checkAccount(request, domains, options);
      mayTouch(owners, request.role);
      if (reads.accountNamed(request.name))
        throw new AppError('already-exists', `There is an account ${request.name.trim()} already.`);
      const hash = await hashOf(request.password, request.name);
      const row = newRow(request, hash);
      const link = await work.change({ actor, cause: `account ${row.name} added` }, (change) => {
        insert(change, row, domains);
        return hash === undefined ? newLink(change, row.id) : undefined;
      });
      return { account: viewOf(row), ...(link && { link }) };
    },

    async update({ actor, owners }, name, settings) {
      const before = existing(reads, name);
      const wanted = settings.domains ?? reads.domainsOf(before.id).map((domain) => Name.parse(domain));
      const role = settings.role ?? before.role;
      // One whose last domain was removed can be disabled and renamed all the same.
      const asks = settings.domains !== undefined || role !== before.role;
      if (asks) checkAccount({ name: before.name, role }, settings.domains ?? [], options, wanted.length);
      await work.change({ actor, cause: `account ${before.name} changed` }, (change) => {
        const rows = change.rows(peopleRows);
        const row = existing(rows, name);
        mayTouch(owners, row.role, role);
        const next = changed(row, settings);
        if (next.role !== row.role || (next.disabled && !row.disabled)) keepOwner(rows, row);
        rows.putAccount(next);
        if (settings.domains ?? next.role !== 'domain-administrator')
          rows.putDomains(row.id, next.role === 'domain-administrator' ? textsOf(wanted) : []);
        // What it may do is another thing from now on, also for what lasts.
        if (next.role !== row.role || next.disabled || settings.domains) sessions.endAll(change, row.id);
        change.audit('account.update', row.name, told(settings));
        change.event('account.changed', { account: row.name });
      });
      return viewOf(existing(reads, name));
    },

    async remove({ actor, owners }, name) {
      await work.change({ actor, cause: `account ${name} removed` }, (change) => {
        const rows = change.rows(peopleRows);
        const row = existing(rows, name);
        mayTouch(owners, row.role);
        keepOwner(rows, row);
        sessions.endAll(change, row.id);
        rows.deleteAccount(row.id);
        change.audit('account.remove', row.name, { id: row.id });
        change.event('account.removed', { account: row.name });
      });
    },

    reset({ actor, owners }, name, without) {
      return work.change({ actor, cause: `password of ${name} reset` }, (change) => {
        const rows = change.rows(peopleRows);
        const row = existing(rows, name);
        mayTouch(owners, row.role);
        sessions.endAll(change, row.id);
        if (without) dropFactors(change, row.id);
        change.audit('account.reset', row.name, { secondFactor: without ? 'removed' : 'kept' });
        return newLink(change, row.id);
      });
    },

    none: () => reads.owners(1).length === 0,

    async begin(secret, { name, password, displayName }, client, previous) {
      checkAccount({ name, role: 'owner' }, [], options);
      hashing.check(password, name.trim());
      // A hash is work, and strangers can ask for it.
      if (!setup.matches(secret)) return undefined;
      const hash = await hashing.hash(password);
      const row = newRow({ name, role: 'owner', displayName }, hash);
      const person = { ...row, domains: [] };
      const actor = actorOf(person, client.address);
      const begun = await work.change({ actor, cause: `first owner ${row.name}` }, (change) => {
        if (!setup.matches(secret)) return undefined;
        insert(change, row, []);
        return sessions.begin(change, person, { method: 'setup', client, previous });
      });
      return begun && { ...begun, person };
    },

    async useLink(secret, password, { address }) {
      const hash = hashSecret(secret);
      const account = linked(reads, hash);
      if (!account) return undefined;
      hashing.check(password, account.name);
      const kept = await hashing.hash(password);
      const actor: Actor = { kind: 'account', id: account.id, name: account.name, address };
      return work.change({ actor, cause: `password of ${account.name} set` }, (change) => {
        const rows = change.rows(peopleRows);
        const row = linked(rows, hash);
        if (!row) return undefined;
        rows.putAccount({ ...row, password: kept });
        rows.deletePasswordLinks(row.id);
        sessions.endAll(change, row.id);
        change.audit('account.password', row.name, { by: 'link' });
        return row.name;
      });
    },

    async setOwn(person, session, password, { address }) {
      const actor = actorOf(person, address);
      if (person.role === 'mailbox-user') {
        await mailboxes.setPassword(actor, person.id, password);
        const kept = mailboxes.get(person.id)?.password ?? '';
        await work.change({ actor, cause: `password of ${person.name} changed` }, (change) => {
          sessions.restamp(change, person.id, kept, session);
          sessions.endAll(change, person.id, session);
        });
        return;
      }
      hashing.check(password, person.name);
      const kept = await hashing.hash(password);
      await work.change({ actor, cause: `password of ${person.name} changed` }, (change) => {
        const rows = change.rows(peopleRows);
        rows.putAccount({ ...existing(rows, person.name), password: kept });
        rows.deletePasswordLinks(person.id);
        sessions.restamp(change, person.id, kept, session);
        sessions.endAll(change, person.id, session);
        change.audit('account.password', person.name, { by: 'the person' });
      });
    },

    async updateOwn(person, settings, { address }) {
      if (person.role === 'mailbox-user')
        throw new AppError('not-found', 'A mailbox user has no account that could be changed.');
      const why = { actor: actorOf(person, address), cause: `account ${person.name} changed` };
      await work.change(why, (change) => {
        const rows = change.rows(peopleRows);
        rows.putAccount(changed(existing(rows, person.name), settings));
        change.audit('account.update', person.name, told(settings));
        change.event('account.changed', { account: person.name });
      });
    },

    rehash(change, person, hash) {
      if (person.role === 'mailbox-user') mailboxes.rehash(change, person.id, hash);
      else {
        const rows = change.rows(peopleRows);
        rows.putAccount({ ...rows.account(person.id)!, password: hash });
      }
      sessions.rehashed(change, person.id, { before: person.password, after: hash });
    },

    mailboxReset(change, address) {
      sessions.endAll(change, address);
      dropFactors(change, address);
    },

    domainRemoved(change, domain) {
      change.rows(peopleRows).deleteDomain(textOf(domain));
    },
  };

  async function hashOf(password: string | undefined, name: string): Promise<string | undefined> {
    if (password === undefined) return undefined;
    hashing.check(password, name.trim());
    return hashing.hash(password);
  }

  /** The account that the link is of, which may sign in. */
  function linked(rows: PeopleReads, hash: Uint8Array): AccountRow | undefined {
    const link = rows.passwordLink(hash);
    if (!link || link.expiresAt <= clock.now()) return undefined;
    return people.byId(link.account) && rows.account(link.account);
  }
}

function mayTouch(owners: boolean, ...roles: AccountRole[]): void {
  if (!owners && roles.includes('owner'))
    throw new AppError(
      'forbidden',
      'Only an owner may add, change or remove an owner; or whoever is on the box itself, with `signpost account`.',
    );
}

function changed(row: AccountRow, settings: AccountSettings): AccountRow {
  const { displayName, role, language, disabled } = settings;
  return {
    ...row,
    displayName: displayName === undefined ? row.displayName : (displayName ?? undefined),
    language: language === undefined ? row.language : (language ?? undefined),
    role: role ?? row.role,
    disabled: disabled ?? row.disabled,
  };
}

/** @throws AppError invalid-request */
function checkAccount(
  { name, role }: { name: string; role: AccountRole },
  given: readonly Name[],
  { hasDomain }: Pick<AccountOptions, 'hasDomain'>,
  count = given.length,
): void {
  const errors: FieldError[] = [];
  const wrong = (path: string, message: string): void => void errors.push({ path, message });
  if (!/^[^\s\p{Cc}]+$/u.test(nameKey(name)) || name.length > MAX_NAME)
    wrong(
      'name',
      `A name is an e-mail address or a user name: at most ${MAX_NAME} characters without spaces.`,
    );
  if (role === 'domain-administrator' && count === 0)
    wrong('domains', 'Name the domains that the account administers.');
  if (role !== 'domain-administrator' && given.length > 0)
    wrong('domains', `Only a domain administrator has domains, ${role} has all.`);
  if (given.length > MAX_DOMAINS) wrong('domains', `An account has at most ${MAX_DOMAINS} domains.`);
  given.forEach((domain, index) => {
    if (!hasDomain(domain)) wrong(`domains[${index}]`, `There is no domain ${domain.toText()} on this box.`);
  });
  if (errors.length > 0) throw new AppError('invalid-request', errors[0]!.message, { errors });
}

const textOf = (domain: Name): string => domain.canonical().toText();
const textsOf = (domains: readonly Name[]): string[] => [...new Set(domains.map(textOf))];

function told({ domains, ...settings }: AccountSettings): Record<string, unknown> {
  return { ...settings, ...(domains && { domains: textsOf(domains) }) };
}
