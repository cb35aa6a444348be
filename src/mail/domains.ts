import { AppError } from '../core/errors.ts';
import type { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import type { DomainPart } from '../zones/domains/parts.ts';
import { removeAlias } from './aliases/service.ts';
import { type MailboxTools, stateOf } from './mailboxes/service.ts';
import { type MailReads, mailRows, type SendLimit } from './store.ts';

/** What mail keeps of a domain besides its mailboxes and aliases. */
export interface MailDomainView {
  domain: Name;
  /** For mailboxes without one of their own. */
  sendLimit: SendLimit | undefined;
}

export interface MailDomainService {
  get(domain: Name): MailDomainView | undefined;
  update(actor: Actor, domain: Name, settings: { sendLimit?: SendLimit | null }): Promise<MailDomainView>;
}

type Tools = Pick<MailboxTools, 'work' | 'directory' | 'zones'>;

export function createMailDomains(tools: Tools): MailDomainService {
  const committed = stateOf(tools, tools.work.committed);
  const get = (domain: Name): MailDomainView | undefined =>
    committed.zones.domain(domain) && { domain, sendLimit: committed.mail.domainLimit(domain.toText()) };
  return {
    get,
    async update(actor, domain, { sendLimit }) {
      const text = domain.canonical().toText();
      await tools.work.change({ actor, cause: `mail of ${text} changed` }, (unit) => {
        if (!tools.zones(unit).domain(domain)) throw new AppError('not-found', `There is no domain ${text}.`);
        if (sendLimit === undefined) return;
        unit.rows(mailRows).putDomainLimit(text, sendLimit ?? undefined);
        unit.join(tools.directory).touch(`@${text}`);
        unit.audit('domain.mail', text, { sendLimit });
        unit.event('domain.changed', { domain: text });
      });
      return get(domain)!;
    },
  };
}

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
      mail.putDomainLimit(domain, undefined);
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
