import { AppError, type FieldError } from '../../core/errors.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Snapshot } from '../../work/rows.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { DomainPart } from '../../zones/domains/parts.ts';
import type { Reads as ZoneReads } from '../../zones/store.ts';
import { proxyTarget, redirectTarget, RULE_PATH } from './rules.ts';
import { MOST_RULE_OCTETS, MOST_SITES, type WebRule, webRows, type WebSiteRow } from './store.ts';

/** The web sites of domains, as far as they are more than a folder. */
export interface WebSites {
  /** undefined: there is no such domain. */
  get(domain: Name): WebSiteRow | undefined;
  /** @throws AppError with all that is wrong */
  put(actor: Actor, domain: Name, site: WebSiteRow): Promise<WebSiteRow>;
}

interface Tools {
  work: UnitOfWork;
  zones: (state: Snapshot) => Pick<ZoneReads, 'domain'>;
}

const folderAlone: WebSiteRow = { hsts: undefined, rules: [] };

export function createWebSites({ work, zones }: Tools): WebSites {
  const committed = { web: work.committed.rows(webRows), zones: zones(work.committed) };
  const get = (domain: Name): WebSiteRow | undefined =>
    committed.zones.domain(domain) && (committed.web.site(domain.canonical().toText()) ?? folderAlone);
  return {
    get,
    async put(actor, domain, { hsts, rules }) {
      const text = domain.canonical().toText();
      const site = { hsts, rules: checkedRules(rules) };
      await work.change({ actor, cause: `web site of ${text} changed` }, (unit) => {
        if (!zones(unit).domain(domain)) throw new AppError('not-found', `There is no domain ${text}.`);
        const rows = unit.rows(webRows);
        rows.putSite(text, hsts || rules.length > 0 ? site : undefined);
        const { sites, octets } = rows.siteLoad();
        if (sites > MOST_SITES)
          throw new AppError(
            'in-use',
            `${MOST_SITES.toLocaleString('en')} domains have more than a folder of files: let one of them be that first.`,
          );
        if (octets > MOST_RULE_OCTETS)
          throw new AppError(
            'in-use',
            `The rules of all sites have more than ${MOST_RULE_OCTETS / 1024 / 1024} MiB together: make some of them fewer or shorter first.`,
          );
        unit.audit('domain.web', text, { ...site });
        unit.event('web.changed', { domain: text });
      });
      return site;
    },
  };
}

/** What was chosen for a domain goes with it. */
export const webOfDomains: DomainPart = {
  domainChanged(change, before, after) {
    if (!before || after) return;
    const domain = before.name.canonical().toText();
    const rows = change.rows(webRows);
    if (!rows.site(domain)) return;
    rows.putSite(domain, undefined);
    change.event('web.changed', { domain });
  },
};

/** Each with its target as nginx gets it. @throws AppError */
function checkedRules(rules: readonly WebRule[]): WebRule[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  const checked = rules.map(({ path, kind, to }, index): WebRule => {
    const at = `rules[${index}]`;
    const target = kind === 'proxy' ? proxyTarget(to) : redirectTarget(to);
    if (!RULE_PATH.test(path))
      errors.push({
        path: `${at}.path`,
        message: 'A path is / or such as /app/v2: letters, digits, ., _, ~ and -.',
      });
    else if (paths.has(path)) errors.push({ path: `${at}.path`, message: `${path} has a rule already.` });
    paths.add(path);
    if (target === undefined)
      errors.push({
        path: `${at}.to`,
        message:
          kind === 'proxy'
            ? 'A proxy leads to http://ADDRESS:PORT, with an address of this machine or an inside network.'
            : 'A redirect leads to a URL of http or https, without a user, $ or quotes.',
      });
    return { path, kind, to: target ?? to };
  });
  if (errors.length > 0) throw new AppError('invalid-request', errors[0]!.message, { errors });
  return checked;
}
