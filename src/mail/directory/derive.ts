import { Name } from '../../dns/wire/name.ts';
import { domainOf } from '../address.ts';
import type { AliasRow, MailboxRow, MailReads, NextHop, SendLimit } from '../store.ts';
import { type MailDomains, requiredTarget, takesMail } from './required.ts';

/** What of the directory hangs on one key: an address, or `@domain` for what holds for a domain as a whole. */
export interface DirectoryRows {
  key: string;
  /** The domain that takes mail; only of `@domain`. */
  domain: string | undefined;
  mailbox: { password: string | undefined; quota: number; enabled: boolean; deliver: boolean } | undefined;
  /** Where its mail goes: each one target. */
  routes: readonly string[];
  /** Who may send as it. */
  senders: readonly string[];
  /** Digests. */
  appPasswords: readonly string[];
  sendLimit: SendLimit | undefined;
  /** Where mail goes for addresses of the domain that are not here. */
  nextHop: NextHop | undefined;
}

export interface DirectorySource {
  zones: MailDomains;
  mail: MailReads;
}

/** Addresses that are looked at for who may send as one of them. */
const MOST_SENDERS = 1000;

/** The rows of one key, as the model is now; none of them when the domain takes no mail. */
export function directoryRows(from: DirectorySource, key: string): DirectoryRows {
  const source = { ...from, zones: readOnce(from.zones) };
  const { zones, mail } = source;
  const domain = domainOf(key);
  const nothing: DirectoryRows = {
    key,
    ...{ domain: undefined, mailbox: undefined, sendLimit: undefined, nextHop: undefined },
    ...{ routes: [], senders: [], appPasswords: [] },
  };
  if (!takesMail(zones, Name.parse(domain))) return nothing;
  const alias = mail.alias(key);
  const routes = alias ? aliasRoutes(mail, alias) : [];
  const senders = alias?.enabled ? sendersOf(mail, alias) : [];
  if (key.startsWith('@')) {
    const chosen = mail.mailDomain(domain);
    return { ...nothing, domain, routes, senders, sendLimit: chosen?.sendLimit, nextHop: chosen?.nextHop };
  }
  const mailbox = mail.mailbox(key);
  if (!mailbox) return { ...nothing, routes: alias ? routes : requiredRoutes(source, key), senders };
  return ofMailbox(mail, mailbox, { ...nothing, routes, senders });
}

/** Several rules ask for the box and the domain, and adding many domains asks for the rows of each. */
function readOnce({ box, domain }: MailDomains): MailDomains {
  let found: { box: ReturnType<typeof box> } | undefined;
  const domains = new Map<string, ReturnType<typeof domain>>();
  return {
    box: () => (found ??= { box: box() }).box,
    domain(name) {
      if (!domains.has(name.key)) domains.set(name.key, domain(name));
      return domains.get(name.key);
    },
  };
}

/** An alias at the address of a retired mailbox has its mail. */
function ofMailbox(mail: MailReads, mailbox: MailboxRow, rows: DirectoryRows): DirectoryRows {
  const { address, password, quota, enabled, keepCopy, sendLimit } = mailbox;
  if (mailbox.state === 'retired')
    return { ...rows, mailbox: { password: undefined, quota, enabled: false, deliver: false } };
  const targets = mail.targets(address);
  const deliver = targets.length === 0 || keepCopy;
  return {
    ...rows,
    mailbox: { password, quota, enabled, deliver },
    routes: [...(deliver ? [address] : []), ...targets],
    senders: [address],
    appPasswords: enabled ? mail.appPasswords(address).map(({ digest }) => digest) : [],
    sendLimit,
  };
}

function aliasRoutes(mail: MailReads, { address, enabled }: AliasRow): string[] {
  return enabled ? mail.targets(address) : [];
}

function requiredRoutes({ zones, mail }: DirectorySource, key: string): string[] {
  const target = requiredTarget(zones, key, (address) => isOwn(mail, address));
  return target === undefined ? [] : [target];
}

/** Whether somebody put a mailbox or an alias there. */
export function isOwn(mail: MailReads, address: string): boolean {
  return mail.mailbox(address)?.state === 'active' || mail.alias(address) !== undefined;
}

/** Whom the alias names, else all that it leads to: whoever of them has a mailbox can sign in, the others cannot. */
function sendersOf(mail: MailReads, alias: AliasRow): string[] {
  if (alias.senders) return [...alias.senders];
  const found = new Set<string>();
  const waiting = mail.targets(alias.address);
  for (
    let target = waiting.pop();
    target !== undefined && found.size < MOST_SENDERS;
    target = waiting.pop()
  ) {
    if (found.has(target) || target.startsWith('@')) continue;
    found.add(target);
    if (mail.alias(target)?.enabled) waiting.push(...mail.targets(target));
  }
  return [...found];
}
