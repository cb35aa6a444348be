import { AppError } from '../../core/errors.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Change } from '../../work/unit-of-work.ts';
import { domainOf, parseAliasAddress, parseMailboxAddress } from '../address.ts';
import { isOwn } from '../directory/derive.ts';
import { requiredAt, requiredTarget } from '../directory/required.ts';
import { checkDomain, invalidAddress, type MailboxTools, stateOf, touched } from '../mailboxes/service.ts';
import { addressCursor, addressPage } from '../page.ts';
import { type AliasRow, mailRows, type MailReads } from '../store.ts';
import { checkTargets, type MailState, nothingLeadsTo } from '../targets.ts';

export interface AliasView extends Omit<AliasRow, 'createdAt'> {
  targets: string[];
  /** undefined: it is there by itself. */
  createdAt: string | undefined;
  /** `required`: there by itself, until somebody makes a mailbox or an alias of the name. */
  source: 'own' | 'required';
}

export interface AliasSettings {
  targets?: readonly string[];
  /** Who may send as it; null: whoever its mail comes to. */
  senders?: readonly string[] | null;
  enabled?: boolean;
}

export interface NewAlias extends AliasSettings {
  /** Or `@domain`. */
  address: string;
  targets: readonly string[];
}

export interface AliasService {
  /** Those of a domain begin with the required ones. */
  list(
    page: PageRequest,
    filter: { domain?: Name | undefined; search?: string | undefined },
  ): Page<AliasView>;
  get(address: string): AliasView | undefined;
  add(actor: Actor, alias: NewAlias): Promise<AliasView>;
  update(actor: Actor, address: string, settings: AliasSettings): Promise<AliasView>;
  remove(actor: Actor, address: string): Promise<void>;
}

export type AliasTools = Pick<MailboxTools, 'work' | 'directory' | 'zones' | 'clock'>;

export function createAliases(tools: AliasTools): AliasService {
  const { work } = tools;
  const committed = stateOf(tools, work.committed);

  return {
    list(page, { domain, search }) {
      const text = domain?.canonical().toText();
      const slice = {
        after: addressCursor(page.cursor),
        limit: page.limit + 1,
        domain: text,
        search: search?.toLowerCase(),
      };
      const { items, next } = addressPage(committed.mail.aliases(slice), page.limit, (row) =>
        viewOf(committed.mail, row),
      );
      const required = domain && page.cursor === undefined ? requiredViews(committed, domain) : [];
      return {
        items: [...required.filter(({ address }) => address.includes(slice.search ?? '')), ...items],
        next,
      };
    },
    get(text) {
      const result = parseAliasAddress(text);
      if (!result.ok) return undefined;
      const row = committed.mail.alias(result.address.text);
      if (row) return viewOf(committed.mail, row);
      const { domain } = result.address;
      return requiredViews(committed, domain).find(({ address }) => address === result.address.text);
    },
    async add(actor, request) {
      const text = newAddress(committed, request.address);
      await work.change({ actor, cause: `alias ${text} added` }, (unit) => addAlias(unit, tools, request));
      return viewOf(committed.mail, committed.mail.alias(text)!);
    },
    async update(actor, given, request) {
      const { address } = existing(committed, given);
      await work.change({ actor, cause: `alias ${address} changed` }, (unit) => {
        put(unit, tools, existing(stateOf(tools, unit), address), request);
        unit.audit('alias.update', address, { ...request });
        unit.event('alias.changed', { alias: address });
      });
      return viewOf(committed.mail, committed.mail.alias(address)!);
    },
    async remove(actor, given) {
      const { address } = existing(committed, given);
      await work.change({ actor, cause: `alias ${address} removed` }, (unit) => {
        const state = stateOf(tools, unit);
        existing(state, address);
        if (!isRequired(state, address)) nothingLeadsTo(state.mail, address, 'you remove it');
        removeAlias(unit, tools, address);
        unit.audit('alias.remove', address, {});
        unit.event('alias.removed', { alias: address });
      });
    },
  };
}

/**
 * Adds an alias, in a change that others may share.
 * @throws AppError invalid-address, no-mail-domain, already-exists, no-such-target, mail-loop
 */
export function addAlias(unit: Change, tools: AliasTools, request: NewAlias): void {
  const address = newAddress(stateOf(tools, unit), request.address);
  const createdAt = toRfc3339(tools.clock.now());
  const fresh = { address, domain: domainOf(address), senders: undefined, enabled: true, createdAt };
  put(unit, tools, fresh, request);
  unit.audit('alias.add', address, { ...request });
  unit.event('alias.added', { alias: address });
}

/** Without asking whether something leads to it. */
export function removeAlias(
  unit: Change,
  tools: Pick<AliasTools, 'zones' | 'directory'>,
  address: string,
): void {
  const mail = unit.rows(mailRows);
  mail.deleteAlias(address);
  mail.putTargets(address, []);
  touchWithSenders(unit, tools, address);
}

function put(unit: Change, tools: AliasTools, before: AliasRow, request: AliasSettings): void {
  const state = stateOf(tools, unit);
  const mail = unit.rows(mailRows);
  const { address } = before;
  const { senders, enabled } = request;
  const targets = request.targets && checkTargets(state, address, request.targets, 'targets');
  mail.putAlias({
    ...before,
    enabled: enabled ?? before.enabled,
    senders: senders === undefined ? before.senders : senders ? checkSenders(state, senders) : undefined,
  });
  if (targets) mail.putTargets(address, targets);
  touchWithSenders(unit, tools, address);
}

/** Who may send as an alias hangs on what the aliases that it leads to lead to. */
function touchWithSenders(
  unit: Change,
  tools: Pick<AliasTools, 'zones' | 'directory'>,
  address: string,
): void {
  const mail = unit.rows(mailRows);
  const seen = new Set([address]);
  for (const at of seen) {
    touched(unit, tools, at);
    if (seen.size > MOST_ABOVE) continue;
    for (const above of mail.sourcesTo(at, MOST_ABOVE)) if (mail.alias(above)) seen.add(above);
  }
}

/** Aliases above one another that are looked at. */
const MOST_ABOVE = 200;

/** Mailboxes of the box: only they can sign in. @throws AppError invalid-address, no-such-target */
function checkSenders({ mail }: MailState, texts: readonly string[]): string[] {
  const senders = texts.map((text, index) => {
    const path = `senders[${index}]`;
    const result = parseMailboxAddress(text);
    if (!result.ok) throw invalidAddress(`${result.message}.`, path);
    const { text: address } = result.address;
    if (mail.mailbox(address)?.state === 'active') return address;
    const message = `There is no mailbox ${address}: only who has one here can send.`;
    throw new AppError('no-such-target', message, { errors: [{ path, message }] });
  });
  return [...new Set(senders)];
}

/** @throws AppError invalid-address, no-mail-domain, already-exists */
function newAddress({ zones, mail }: MailState, text: string): string {
  const result = parseAliasAddress(text);
  if (!result.ok) throw invalidAddress(`${result.message}.`);
  const { address } = result;
  // The box's own name has its required addresses, which a person may lead elsewhere.
  if (!requiredAt(zones, address.domain).includes(address.text)) checkDomain(zones, address);
  if (mail.alias(address.text))
    throw new AppError('already-exists', `The alias ${address.text} is there already.`);
  if (mail.mailbox(address.text)?.state === 'active')
    throw new AppError(
      'already-exists',
      `There is a mailbox ${address.text}: let it forward its mail, or retire it first.`,
    );
  return address.text;
}

/** @throws AppError not-found */
function existing(state: MailState, text: string): AliasRow {
  const result = parseAliasAddress(text);
  const row = result.ok ? state.mail.alias(result.address.text) : undefined;
  if (row) return row;
  const isThere = result.ok && isRequired(state, result.address.text);
  throw new AppError(
    'not-found',
    isThere
      ? `The alias ${text} is there by itself: POST /api/v1/aliases with targets of your own leads it elsewhere.`
      : `There is no alias ${text}.`,
  );
}

function isRequired({ zones }: MailState, address: string): boolean {
  return requiredAt(zones, Name.parse(domainOf(address))).includes(address);
}

function requiredViews({ zones, mail }: MailState, domain: Name): AliasView[] {
  const own = (address: string): boolean => isOwn(mail, address);
  return requiredAt(zones, domain)
    .filter((address) => !own(address))
    .map((address) => {
      const target = requiredTarget(zones, address, own);
      return {
        ...{ address, domain: domain.canonical().toText(), targets: target === undefined ? [] : [target] },
        ...{ senders: undefined, enabled: true, createdAt: undefined, source: 'required' },
      };
    });
}

function viewOf(mail: MailReads, row: AliasRow): AliasView {
  return { ...row, targets: mail.targets(row.address), source: 'own' };
}
