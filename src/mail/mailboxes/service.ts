import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Snapshot } from '../../work/rows.ts';
import type { Change, Participant, UnitOfWork } from '../../work/unit-of-work.ts';
import { type Address, parseMailboxAddress } from '../address.ts';
import type { Touched } from '../directory/directory.ts';
import { requiredAt, takesMail } from '../directory/required.ts';
import { addressCursor, addressPage } from '../page.ts';
import { type MailboxRow, mailRows, type MailWrites, type SendLimit } from '../store.ts';
import { checkTargets, type MailState, nothingLeadsTo } from '../targets.ts';
import type { SendLimits, SendUsage } from '../sending/limits.ts';
import type { Hashing } from './hashing.ts';
import { checkHash, checkPassword } from './password.ts';

export interface MailboxView extends Omit<MailboxRow, 'password'> {
  /** Whether it has a password of its own. */
  hasPassword: boolean;
  forwardTo: string[];
  /** The limit that holds for it, its own or its domain's, and what is used of it. */
  sending: SendUsage | undefined;
}

/** What a mailbox may be given; what is not given stays, or is the default. */
export interface MailboxSettings {
  password?: string | null;
  /** In Dovecot's form, in place of the password. */
  passwordHash?: string;
  displayName?: string;
  /** Octets; 0: none. */
  quota?: number;
  enabled?: boolean;
  forwardTo?: readonly string[];
  keepCopy?: boolean;
  sendLimit?: SendLimit | null;
}

export interface NewMailbox extends MailboxSettings {
  address: string;
}

export interface MailboxFilter {
  state: MailboxRow['state'];
  domain?: Name | undefined;
  search?: string | undefined;
}

export interface MailboxService {
  list(page: PageRequest, filter: MailboxFilter): Page<MailboxView>;
  get(address: string): MailboxView | undefined;
  /** Resolves when mail can be sent to it and its owner can sign in. */
  add(actor: Actor, mailbox: NewMailbox): Promise<MailboxView>;
  update(actor: Actor, address: string, settings: MailboxSettings): Promise<MailboxView>;
  /** It takes no mail and lets nobody in any more; what it holds is kept. */
  retire(actor: Actor, address: string): Promise<MailboxView>;
  restore(actor: Actor, address: string): Promise<MailboxView>;
}

export interface MailboxTools {
  work: UnitOfWork;
  directory: Participant<Touched>;
  /** What the zones say of domains, in the same state. */
  zones(state: Snapshot): MailState['zones'];
  hashing: Hashing;
  limits: Pick<SendLimits, 'usage'>;
  clock: Clock;
  random: Random;
  /**
   * Somebody other than its user has set the password, or taken the mailbox away: what its user, or whoever had got in, signs in with
   * besides goes in the same change.
   */
  passwordReset?(change: Change, address: string): void;
}

export function createMailboxes(tools: MailboxTools): MailboxService {
  const { work, hashing, limits } = tools;
  const committed = stateOf(tools, work.committed);
  const viewOf = ({ password, ...row }: MailboxRow): MailboxView => {
    const forwardTo = committed.mail.targets(row.address);
    return { ...row, hasPassword: password !== undefined, forwardTo, sending: limits.usage(row.address) };
  };

  return {
    list(page, { state, domain, search }) {
      const slice = {
        after: addressCursor(page.cursor),
        limit: page.limit + 1,
        domain: domain?.canonical().toText(),
        search: search?.toLowerCase(),
      };
      const found = committed.mail.mailboxes(state, slice);
      return addressPage(found, page.limit, viewOf);
    },
    get(text) {
      const result = parseMailboxAddress(text);
      const row = result.ok ? committed.mail.mailbox(result.address.text) : undefined;
      return row && viewOf(row);
    },
    async add(actor, request) {
      // What is refused anyhow costs no hash.
      const { text } = newAddress(committed, request.address);
      const password = await passwordOf(hashing, text, request);
      await change(tools, { actor, cause: `mailbox ${text} added` }, (unit) =>
        addMailbox(unit, tools, request, password),
      );
      return viewOf(existing(committed.mail, text));
    },
    async update(actor, address, request) {
      const { address: text } = existing(committed.mail, address);
      const password = await passwordOf(hashing, text, request);
      await change(tools, { actor, cause: `mailbox ${text} changed` }, (unit) => {
        updateMailbox(unit, tools, text, request, password);
        if (setsPassword(request) && !isOwner(actor, text)) tools.passwordReset?.(unit, text);
      });
      return viewOf(existing(committed.mail, text));
    },
    async retire(actor, address) {
      const { address: text } = existing(committed.mail, address);
      await change(tools, { actor, cause: `mailbox ${text} retired` }, (unit) => {
        const mail = unit.rows(mailRows);
        const before = existing(mail, text);
        if (before.state === 'retired') return;
        nothingLeadsTo(mail, text, 'you retire it');
        mail.putMailbox({ ...before, state: 'retired', retiredAt: toRfc3339(tools.clock.now()) });
        touched(unit, tools, text);
        tools.passwordReset?.(unit, text);
        unit.audit('mailbox.retire', text, {});
        unit.event('mailbox.retired', { mailbox: text });
      });
      return viewOf(existing(committed.mail, text));
    },
    async restore(actor, address) {
      const { address: text } = existing(committed.mail, address);
      await change(tools, { actor, cause: `mailbox ${text} restored` }, (unit) => restore(unit, tools, text));
      return viewOf(existing(committed.mail, text));
    },
  };
}

function change<T>(
  { work }: MailboxTools,
  why: { actor: Actor; cause: string },
  action: (unit: Change) => T,
): Promise<T> {
  return work.change(why, action);
}

export function stateOf({ zones }: Pick<MailboxTools, 'zones'>, state: Snapshot): MailState {
  return { zones: zones(state), mail: state.rows(mailRows) };
}

/**
 * Adds a mailbox, in a change that others may share.
 * @throws AppError invalid-address, no-mail-domain, already-exists, no-such-target, mail-loop
 */
export function addMailbox(
  unit: Change,
  tools: MailboxTools,
  request: NewMailbox,
  password: string | undefined,
): void {
  const state = stateOf(tools, unit);
  const { text, domain } = newAddress(state, request.address);
  const now = toRfc3339(tools.clock.now());
  const fresh: MailboxRow = {
    address: text,
    domain: domain.toText(),
    displayName: '',
    password: undefined,
    passwordChangedAt: undefined,
    quota: 0,
    enabled: true,
    keepCopy: true,
    sendLimit: undefined,
    state: 'active',
    createdAt: now,
    retiredAt: undefined,
  };
  put(unit, tools, fresh, request, password);
  unit.audit('mailbox.add', text, told(request));
  unit.event('mailbox.added', { mailbox: text });
}

const setsPassword = ({ password, passwordHash }: MailboxSettings): boolean =>
  password !== undefined || passwordHash !== undefined;

/** Whether the mailbox's user acts, who has shown the password of before. */
const isOwner = (actor: Actor, address: string): boolean =>
  (actor.kind === 'account' && actor.id === address) || (actor.kind === 'system' && actor.id === 'mailbox');

function updateMailbox(
  unit: Change,
  tools: MailboxTools,
  address: string,
  request: MailboxSettings,
  password: string | undefined,
): void {
  const before = existing(unit.rows(mailRows), address);
  put(unit, tools, before, request, password);
  unit.audit('mailbox.update', address, told(request));
  unit.event('mailbox.changed', { mailbox: address });
}

function put(
  unit: Change,
  tools: MailboxTools,
  before: MailboxRow,
  request: MailboxSettings,
  password: string | undefined,
): void {
  const mail = unit.rows(mailRows);
  const { address } = before;
  const { displayName, quota, enabled, keepCopy, sendLimit, forwardTo } = request;
  const changesPassword = password !== undefined || request.password === null;
  mail.putMailbox({
    ...before,
    displayName: displayName ?? before.displayName,
    quota: quota ?? before.quota,
    enabled: enabled ?? before.enabled,
    keepCopy: keepCopy ?? before.keepCopy,
    sendLimit: sendLimit === undefined ? before.sendLimit : (sendLimit ?? undefined),
    password: changesPassword ? password : before.password,
    passwordChangedAt: changesPassword ? toRfc3339(tools.clock.now()) : before.passwordChangedAt,
  });
  if (forwardTo)
    mail.putTargets(address, checkTargets(stateOf(tools, unit), address, forwardTo, 'forwardTo'));
  touched(unit, tools, address);
}

/** Those of the box's own name hang together: what leads to its administrator may lead to one of them. */
export function touched(
  unit: Change,
  tools: Pick<MailboxTools, 'zones' | 'directory'>,
  address: string,
): void {
  const zones = tools.zones(unit);
  const box = zones.box();
  const required = box ? requiredAt(zones, box.hostname) : [];
  unit.join(tools.directory).touch(address, ...(required.includes(address) ? required : []));
}

function restore(unit: Change, tools: MailboxTools, address: string): void {
  const { zones, mail } = stateOf(tools, unit);
  const before = existing(mail, address);
  if (before.state === 'active') return;
  const parsed = parseMailboxAddress(address);
  if (parsed.ok) checkDomain(zones, parsed.address);
  if (mail.alias(address))
    throw new AppError(
      'in-use',
      `There is an alias ${address} now: remove it before you restore the mailbox.`,
    );
  // What it forwarded to may be gone.
  checkTargets({ zones, mail }, address, mail.targets(address), 'forwardTo');
  unit.rows(mailRows).putMailbox({ ...before, state: 'active', retiredAt: undefined });
  touched(unit, tools, address);
  unit.audit('mailbox.restore', address, {});
  unit.event('mailbox.restored', { mailbox: address });
}

/** The address of a mailbox that is to be. @throws AppError invalid-address, no-mail-domain, already-exists */
function newAddress({ zones, mail }: MailState, text: string): Address {
  const result = parseMailboxAddress(text);
  if (!result.ok) throw invalidAddress(`${result.message}.`);
  const { address } = result;
  checkDomain(zones, address);
  const there = mail.mailbox(address.text);
  if (there?.state === 'retired')
    throw new AppError(
      'already-exists',
      `The mailbox ${address.text} is retired, with its mail: POST /api/v1/mailboxes/${address.text}/restore brings it back.`,
    );
  if (there) throw new AppError('already-exists', `The mailbox ${address.text} is there already.`);
  if (mail.alias(address.text))
    throw new AppError(
      'already-exists',
      `There is an alias ${address.text}: remove it first, or let it lead to a mailbox of another name.`,
    );
  return address;
}

/** @throws AppError no-mail-domain */
export function checkDomain(zones: MailState['zones'], { domain }: Address): void {
  if (zones.domain(domain)?.mail === true) return;
  const text = domain.toText();
  const message = zones.domain(domain)
    ? `${text} takes no part in mail: PATCH /api/v1/domains/${text} with {"mail": true} changes that.`
    : takesMail(zones, domain)
      ? `${text} is the name of the box, at which only its own addresses are: add it as a domain to have mailboxes there.`
      : `There is no domain ${text} on this box: POST /api/v1/domains adds it.`;
  throw new AppError('no-mail-domain', message, { errors: [{ path: 'address', message }] });
}

export function invalidAddress(message: string, path = 'address'): AppError {
  return new AppError('invalid-address', message, { errors: [{ path, message }] });
}

/** @throws AppError not-found */
export function existing(mail: Pick<MailWrites, 'mailbox'>, text: string): MailboxRow {
  const result = parseMailboxAddress(text);
  const row = result.ok ? mail.mailbox(result.address.text) : undefined;
  if (!row) throw new AppError('not-found', `There is no mailbox ${text}.`);
  return row;
}

/** What is kept of the password that is wanted; undefined: none is given. @throws AppError weak-password, invalid-request */
export async function passwordOf(
  hashing: Hashing,
  address: string,
  { password, passwordHash }: MailboxSettings,
): Promise<string | undefined> {
  if (typeof password === 'string' && passwordHash !== undefined)
    throw new AppError('invalid-request', 'Give either password or passwordHash.', {
      errors: [{ path: 'passwordHash', message: 'There is a password already.' }],
    });
  if (passwordHash !== undefined) return checkHash(passwordHash);
  if (typeof password !== 'string') return undefined;
  checkPassword(password, address);
  return hashing.hash(password);
}

/** For the audit: that there is another password, but neither it nor its hash. */
function told({
  password,
  passwordHash,
  ...rest
}: MailboxSettings & { address?: string }): Record<string, unknown> {
  const { address: _address, ...settings } = rest;
  if (password === null) return { ...settings, password: 'removed' };
  return password === undefined && passwordHash === undefined
    ? settings
    : { ...settings, password: 'changed' };
}
