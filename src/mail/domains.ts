import { AppError } from '../core/errors.ts';
import type { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import type { DomainPart } from '../zones/domains/parts.ts';
import { removeAlias } from './aliases/service.ts';
import { type MailboxTools, stateOf } from './mailboxes/service.ts';
import type { SendUsage } from './sending/limits.ts';
import { checkScores, nextHost } from './settings/service.ts';
import {
  type MailDomainRow,
  type MailReads,
  mailRows,
  MOST_FILTERS,
  type NextHop,
  type SendLimit,
  type SpamScores,
} from './store.ts';

/** What mail keeps of a domain besides its mailboxes and aliases. */
export interface MailDomainView extends MailDomainRow {
  domain: Name;
  /** What its mailboxes may send together, and did; undefined: nothing limits it. */
  totalSending: SendUsage | undefined;
}

/** What is not said stays; null is as it comes. */
export interface MailDomainChange {
  sendLimit?: SendLimit | null | undefined;
  totalSendLimit?: SendLimit | null | undefined;
  nextHop?: NextHop | null | undefined;
  spamFilter?: boolean | undefined;
  scores?: SpamScores | null | undefined;
}

const asItComes: MailDomainRow = {
  ...{ sendLimit: undefined, totalSendLimit: undefined, nextHop: undefined },
  ...{ spamFilter: true, scores: undefined },
};

export interface MailDomainService {
  get(domain: Name): MailDomainView | undefined;
  /** @throws AppError */
  update(actor: Actor, domain: Name, change: MailDomainChange): Promise<MailDomainView>;
}

type Tools = Pick<MailboxTools, 'work' | 'directory' | 'zones' | 'limits'>;

export function createMailDomains(tools: Tools): MailDomainService {
  const committed = stateOf(tools, tools.work.committed);
  const get = (domain: Name): MailDomainView | undefined => {
    if (!committed.zones.domain(domain)) return undefined;
    const text = domain.canonical().toText();
    const row = committed.mail.mailDomain(text) ?? asItComes;
    return { domain, ...row, totalSending: tools.limits.usage(`@${text}`) };
  };
  return {
    get,
    async update(actor, domain, change) {
      const text = domain.canonical().toText();
      await tools.work.change({ actor, cause: `mail of ${text} changed` }, (unit) => {
        if (!tools.zones(unit).domain(domain)) throw new AppError('not-found', `There is no domain ${text}.`);
        const rows = unit.rows(mailRows);
        const before = rows.mailDomain(text) ?? asItComes;
        const after = changed(before, change, tools.zones(unit).box()?.hostname.canonical().toText());
        rows.putMailDomain(text, after);
        if (rows.spamDomains(MOST_FILTERS + 1).length > MOST_FILTERS)
          throw new AppError(
            'in-use',
            `${MOST_FILTERS.toLocaleString('en')} domains are filtered otherwise than the box: let others be as it is first.`,
          );
        unit.join(tools.directory).touch(`@${text}`);
        unit.audit('domain.mail', text, { ...change });
        unit.event('domain.changed', { domain: text });
        if (isFilteredOtherwise(before) || isFilteredOtherwise(after))
          unit.event('mail.settings-changed', {});
      });
      return get(domain)!;
    },
  };
}

/** @throws AppError */
function changed(before: MailDomainRow, change: MailDomainChange, own: string | undefined): MailDomainRow {
  const { sendLimit, totalSendLimit, nextHop, spamFilter, scores } = change;
  if (scores) checkScores(scores, 'scores');
  return {
    sendLimit: sendLimit === undefined ? before.sendLimit : (sendLimit ?? undefined),
    totalSendLimit: totalSendLimit === undefined ? before.totalSendLimit : (totalSendLimit ?? undefined),
    nextHop:
      nextHop === undefined
        ? before.nextHop
        : ((nextHop && { host: nextHost(nextHop.host, 'nextHop.host', own), port: nextHop.port }) ??
          undefined),
    spamFilter: spamFilter ?? before.spamFilter,
    scores: scores === undefined ? before.scores : (scores ?? undefined),
  };
}

const isFilteredOtherwise = ({ spamFilter, scores }: MailDomainRow): boolean =>
  !spamFilter || scores !== undefined;

/** Aliases that go with a domain in one change. */
const MOST_ALIASES = 1000;

/**
 * No mailbox is lost with its domain: one that is in use keeps it. Retired ones stay, and can be restored when the domain is back; aliases
 * go with it. A domain that takes no part in mail any more keeps its aliases for the day it does again.
 */
export function mailOfDomains(tools: Pick<Tools, 'directory' | 'zones'>): DomainPart {
  return {
    domainChanged(change, before, after) {
      if (!before || after?.mail === before.mail) return;
      const domain = before.name.canonical().toText();
      const mail = change.rows(mailRows);
      if (before.mail) {
        const [first, second] = mail.mailboxes('active', { after: undefined, limit: 2, domain });
        if (first)
          throw new AppError(
            'in-use',
            `${domain} has ${second ? `mailboxes, such as ${first.address}` : `the mailbox ${first.address}`}: retire ${second ? 'them' : 'it'} first; ${second ? 'their' : 'its'} mail is kept.`,
          );
      }
      if (after) return;
      const aliases = mail.aliases({ after: undefined, limit: MOST_ALIASES + 1, domain });
      if (aliases.length > MOST_ALIASES)
        throw new AppError(
          'in-use',
          `${domain} has more than ${MOST_ALIASES} aliases: remove some of them first.`,
        );
      const going = aliases.map(({ address }) => address);
      refuseWhatLeadsIn(mail, domain, [...new Set([`@${domain}`, ...going])]);
      for (const address of going) removeAlias(change, tools, address);
      const chosen = mail.mailDomain(domain);
      if (!chosen) return;
      mail.putMailDomain(domain, undefined);
      if (isFilteredOtherwise(chosen)) change.event('mail.settings-changed', {});
    },
  };
}

/** @throws AppError in-use when an address of another domain leads to an alias that goes, or a whole domain to this one */
function refuseWhatLeadsIn(
  mail: Pick<MailReads, 'sourcesTo'>,
  domain: string,
  going: readonly string[],
): void {
  for (const address of going) {
    const outside = mail.sourcesTo(address, MOST_ALIASES).find((source) => !source.endsWith(`@${domain}`));
    if (outside !== undefined)
      throw new AppError('in-use', `${outside} leads to ${address}: change it before you remove ${domain}.`);
  }
}
