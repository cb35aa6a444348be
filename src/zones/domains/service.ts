import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { inSlices } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { Domain } from '../model.ts';
import { parseDomainName } from '../names.ts';
import type { Published } from '../publisher/published.ts';
import type { Publisher, ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { ListedDomain, Reads, Store } from '../store.ts';
import { zoneOf } from '../topology.ts';
import { keepingRecords } from './keep-records.ts';
import { type DomainListRequest, listed, pageOfDomains } from './list.ts';
import { joinZones, leaveZones, touchAround } from './membership.ts';
import type { DomainPart } from './parts.ts';
import { domainRecords, type RecordView } from './records.ts';

/** A domain with where it is published. */
export interface DomainView extends ListedDomain {
  /** The zone that holds it; undefined for external DNS. */
  zone: Name | undefined;
  /** The serial that is live; undefined for external DNS. */
  serial: number | undefined;
}

export interface DomainChange {
  dns?: Domain['dns'];
  mail?: boolean;
  web?: boolean;
  ttl?: number | null;
}

export interface DomainService {
  list(page: PageRequest, request: DomainListRequest): Page<DomainView>;
  get(name: Name): DomainView | undefined;
  add(
    actor: Actor,
    domain: { name: Name; dns: Domain['dns']; mail: boolean; web: boolean; ttl?: number },
  ): Promise<DomainView>;
  update(actor: Actor, name: Name, change: DomainChange): Promise<DomainView>;
  /** Its own records go too; those of other domains below it stay, in zones of their own. */
  remove(actor: Actor, name: Name): Promise<Published[]>;
  /** Every record of the domain; for external DNS the advice. */
  records(name: Name, page: PageRequest): Promise<Page<RecordView>>;
}

/** What adding and removing a domain needs. */
export interface DomainTools {
  sources: RecordSources;
  /** Parts that keep something for each domain. */
  parts: readonly DomainPart[];
}

export interface DomainServiceOptions extends DomainTools {
  store: Store;
  publisher: Publisher;
  clock: Clock;
}

export function createDomainService(options: DomainServiceOptions): DomainService {
  const { store, publisher, sources, clock } = options;
  const records = domainRecords(store.read, sources, (zone) => publisher.view(zone));

  function get(name: Name): DomainView | undefined {
    const domain = store.read.domain(name);
    return domain && viewOf(store.read, listed(store.read, domain));
  }

  return {
    get,
    list(page, request) {
      const { items, next } = pageOfDomains(store.read, page, request);
      return { items: items.map((domain) => viewOf(store.read, domain)), next };
    },

    async add(actor, request) {
      const domain: Domain = {
        ...request,
        name: checkedName(request.name),
        ttl: request.ttl,
        createdAt: toRfc3339(clock.now()),
      };
      const text = domain.name.toText();
      await publisher.change({ actor, cause: `domain ${text} added` }, (change) =>
        addNewDomain(change, options, domain),
      );
      return get(domain.name)!;
    },

    async update(actor, name, request) {
      const cause = `domain ${name.toText()} changed`;
      await publisher.change({ actor, cause }, (change) => {
        const before = existing(change.tx, name);
        const after = changedDomain(before, request);
        updateDomain(change, options, before, after);
        change.audit('domain.update', before.name.toText(), { ...request });
        change.event('domain.changed', { domain: before.name.toText() });
      });
      return get(name)!;
    },

    async remove(actor, name) {
      const cause = `domain ${name.toText()} removed`;
      const { published } = await publisher.change({ actor, cause }, (change) => {
        const domain = existing(change.tx, name);
        removeDomain(change, options, domain);
        change.audit('domain.remove', domain.name.toText(), {});
        change.event('domain.removed', { domain: domain.name.toText() });
      });
      return published;
    },

    records: async (name, page) => inSlices(records(existing(store.read, name), page), clock),
  };
}

/** Adds a domain as somebody asked for it. @throws AppError not-configured, already-exists, record-conflict */
export function addNewDomain(change: ZoneChange, tools: DomainTools, domain: Domain): void {
  change.box();
  const text = domain.name.toText();
  if (change.tx.domain(domain.name))
    throw new AppError('already-exists', `The domain ${text} is there already.`);
  addDomain(change, tools, domain);
  const { dns, mail, web, ttl } = domain;
  change.audit('domain.add', text, { dns, mail, web, ...(ttl === undefined ? {} : { ttl }) });
  change.event('domain.added', { domain: text });
}

export function addDomain(change: ZoneChange, { sources, parts }: DomainTools, domain: Domain): void {
  for (const part of parts) part.domainChanged(change.unit, undefined, domain);
  if (domain.mail) change.touchReports(domain.name);
  keepingRecords(change, sources, domain.name, () => {
    if (domain.dns === 'local') joinZones(change, sources, domain);
    else change.tx.putDomain(domain);
  });
}

function removeDomain(change: ZoneChange, { sources, parts }: DomainTools, domain: Domain): void {
  const { tx } = change;
  const remove = (): void => {
    tx.deleteDomain(domain.name);
    for (const part of parts) part.domainChanged(change.unit, domain, undefined);
  };
  if (domain.mail) change.touchReports(domain.name);
  keepingRecords(change, sources, domain.name, () => {
    if (domain.dns === 'local') leaveZones(change, sources, domain.name, remove);
    else remove();
  });
}

function updateDomain(
  change: ZoneChange,
  { sources, parts }: DomainTools,
  before: Domain,
  after: Domain,
): void {
  const { tx } = change;
  for (const part of parts) part.domainChanged(change.unit, before, after);
  if (after.mail !== before.mail) change.touchReports(after.name);
  const put = (): void => tx.putDomain(after);
  keepingRecords(change, sources, after.name, () => {
    if (before.dns === 'local' && after.dns === 'local')
      touchAround(change, sources, zoneOf(tx, after.name)!, after.name, put);
    else if (before.dns === 'local') leaveZones(change, sources, after.name, put);
    else if (after.dns === 'local') joinZones(change, sources, after);
    else put();
  });
}

function changedDomain(before: Domain, { dns, mail, web, ttl }: DomainChange): Domain {
  return {
    ...before,
    dns: dns ?? before.dns,
    mail: mail ?? before.mail,
    web: web ?? before.web,
    ttl: ttl === undefined ? before.ttl : (ttl ?? undefined),
  };
}

/** @throws AppError not-found */
function existing(reads: Pick<Reads, 'domain'>, name: Name): Domain {
  const domain = reads.domain(name);
  if (!domain) throw new AppError('not-found', `There is no domain ${name.toText()}.`);
  return domain;
}

/** In lower case, as it will be shown. @throws AppError invalid-name */
function checkedName(name: Name): Name {
  const checked = parseDomainName(name.toText());
  if (!checked.ok) {
    throw new AppError('invalid-name', checked.message, {
      errors: [{ path: 'name', message: checked.message }],
    });
  }
  return checked.name.canonical();
}

function viewOf(reads: Reads, domain: ListedDomain): DomainView {
  const zone = domain.dns === 'local' ? zoneOf(reads, domain.name) : undefined;
  return { ...domain, zone, serial: zone && reads.zone(zone)?.serial };
}
