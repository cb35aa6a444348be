import { AppError } from '../../core/errors.ts';
import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Clock } from '../../core/clock.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import { namesOf } from '../box-names.ts';
import { above } from '../custom/context.ts';
import { hostedDomains } from '../custom/hosted-domains.ts';
import { isCut, placementProblem } from '../custom/placement.ts';
import { below } from '../derive/rule.ts';
import type { DomainPart } from '../domains/parts.ts';
import type { Box, FormerHostname } from '../model.ts';
import type { Publisher, ZoneChange } from '../publisher/publisher.ts';
import type { StaleZones } from '../stale/service.ts';
import type { Store } from '../store.ts';
import { zoneOf } from '../topology.ts';
import { detectAddresses } from './addresses.ts';
import { checkedBox } from './check.ts';
import { type BoxPreview, previewOf } from './preview.ts';

export interface BoxService {
  /** undefined while the box has no hostname. */
  get(): Box | undefined;
  /** Resolves when the box is as it is wanted and its own names are live; the zones are published by a job. */
  put(actor: Actor, box: Box): Promise<BoxChanged>;
  /** What `put` would change, and what a person has to do about it. @throws AppError as `put` does for settings that are wrong */
  preview(box: Box): BoxPreview;
  /** Public addresses found on this machine's interfaces, offered for confirmation. */
  detectAddresses(): { ipv4: string[]; ipv6: string[] };
}

export interface BoxChanged {
  box: Box;
  /** The id of the job that publishes the other zones; undefined: none of them changes. */
  job: string | undefined;
}

export interface BoxServiceOptions {
  store: Store;
  publisher: Publisher;
  stale: Pick<StaleZones, 'publishAll'>;
  clock: Clock;
  parts?: readonly DomainPart[];
}

export function createBoxService({
  store,
  publisher,
  stale,
  clock,
  parts = [],
}: BoxServiceOptions): BoxService {
  return {
    get: () => store.read.box(),
    detectAddresses,
    preview(request) {
      const { read } = store;
      const [before, after] = [read.box(), checkedBox(request)];
      return previewOf({
        before,
        after,
        zones: read.activeZoneCount(),
        changesZones: !before || !sameInZones(before, after),
        alone: before !== undefined && isAlone(read, before.hostname),
      });
    },
    async put(actor, request) {
      const checked = checkedBox(request);
      const { value } = await publisher.change({ actor, cause: 'box settings changed' }, (change) => {
        const before = change.tx.box();
        const box = { ...checked, formerHostnames: formerAfter(before, checked.hostname, clock.now()) };
        change.tx.putBox(box);
        const publication = before && sameInZones(before, box) ? undefined : stale.publishAll(change.unit);
        if (publication) moveHostname(change, before?.hostname, box.hostname);
        if (!before?.hostname.equals(box.hostname)) checkHostname(change, box);
        for (const part of parts) part.boxChanged?.(change.unit, before, box);
        change.audit('box.put', box.hostname.toText(), plainBox(box));
        change.event('box.changed', { hostname: box.hostname.toText() });
        return { box, publication };
      });
      return { box: value.box, job: value.publication?.job };
    },
  };
}

/** Whether zones are the same with both. */
function sameInZones(a: Box, b: Box): boolean {
  const inZones = (box: Box): string => {
    const { retention: _, ...rest } = plainBox(box);
    return JSON.stringify(rest, Object.keys(rest).sort());
  };
  return inZones(a) === inZones(b);
}

function isAlone(read: Store['read'], hostname: Name): boolean {
  return zoneOf(read, hostname)?.equals(hostname) === true && !read.domain(hostname);
}

/** The hostname of before answers on, until parents have the new one. */
function formerAfter(before: Box | undefined, hostname: Name, now: number): FormerHostname[] {
  const former = before?.formerHostnames ?? [];
  if (!before || before.hostname.equals(hostname)) return [...former];
  const others = former.filter((one) => !one.hostname.equals(hostname));
  // Caches have NS records of the zones themselves, too.
  const last = { hostname: before.hostname, since: now, leftAt: undefined, longestTtl: before.ttl };
  return [...others, last];
}

/** H is a home like the domains: where it comes, zones join. Where it was stays a home: what it held is as it was, but for the job. */
function moveHostname(change: ZoneChange, from: Name | undefined, to: Name): void {
  const { tx } = change;
  if (from && !from.equals(to))
    change.touchBeside(zoneOf(tx, from)!, { owners: namesOf({ hostname: from }) });
  const zone = zoneOf(tx, to)!;
  if (!zone.equals(to) || tx.zone(to)?.active) {
    // Where H stays, a zone in trouble must not keep all others from a new address; where it moves to, it must be found.
    // What hangs on each domain in it is the job's: it may be as long as there are domains.
    if (from?.equals(to))
      change.touchBeside(zone, {
        owners: [to, ...['ns1', 'ns2'].flatMap((label) => below(label, to) ?? [])],
      });
    else change.touch(zone, { owners: 'all' });
    return;
  }
  for (const below of tx.activeZonesBelow(to)) change.deactivate(below);
  change.activate(to);
}

/** @throws AppError record-conflict when a record of the person's would leave the box, or its nameservers, no name */
function checkHostname({ tx }: ZoneChange, box: Box): void {
  const zone = zoneOf(tx, box.hostname)!;
  const place = { zone, box, domains: hostedDomains([]) };
  const names = [...namesOf(box), ...above(box.hostname, zone)];
  const record = names
    .flatMap((name) => tx.recordsAt(name))
    .filter(({ type }) => type === Type.CNAME || isCut(type))
    .find(({ type, owner }) => placementProblem(type, owner, place));
  if (!record) return;
  const message = `Your ${typeName(record.type)} record at ${record.owner.toText()} leaves the box no place at ${box.hostname.toText()}; remove that record first.`;
  throw new AppError('record-conflict', message, { errors: [{ path: 'hostname', message }] });
}

function plainBox({ formerHostnames: _, ...box }: Box): Record<string, unknown> {
  return {
    ...box,
    hostname: box.hostname.toText(),
    secondaries: box.secondaries.map((name) => name.toText()),
  };
}
