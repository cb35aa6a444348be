import { AppError } from '../../core/errors.ts';
import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import { ns1, ns2 } from '../box-names.ts';
import { above } from '../custom/context.ts';
import { hostedDomains } from '../custom/hosted-domains.ts';
import { isCut, placementProblem } from '../custom/placement.ts';
import { below } from '../derive/rule.ts';
import type { Box } from '../model.ts';
import type { Publisher, ZoneChange } from '../publisher/publisher.ts';
import type { StaleZones } from '../stale/service.ts';
import type { Store, Transaction } from '../store.ts';
import { topmostHomes, zoneOf } from '../topology.ts';
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
}

export function createBoxService({ store, publisher, stale }: BoxServiceOptions): BoxService {
  return {
    get: () => store.read.box(),
    detectAddresses,
    preview(request) {
      const { read } = store;
      const [before, after] = [read.box(), checkedBox(request)];
      const holder = before && zoneOf(read, before.hostname);
      return previewOf({
        before,
        after,
        zones: read.activeZoneCount(),
        changesZones: !before || !sameInZones(before, after),
        // Its own zone goes with the hostname.
        holder: before && holder?.equals(before.hostname) && !read.domain(holder) ? undefined : holder,
      });
    },
    async put(actor, request) {
      const box = checkedBox(request);
      const { value } = await publisher.change({ actor, cause: 'box settings changed' }, (change) => {
        const before = change.tx.box();
        change.tx.putBox(box);
        const publication = before && sameInZones(before, box) ? undefined : stale.publishAll(change.unit);
        if (publication) moveHostname(change, before?.hostname, box.hostname);
        if (!before?.hostname.equals(box.hostname)) checkHostname(change, box);
        change.audit('box.put', box.hostname.toText(), plainBox(box));
        change.event('box.changed', { hostname: box.hostname.toText() });
        return publication;
      });
      return { box, job: value?.job };
    },
  };
}

/** Whether zones are the same with both. */
function sameInZones(a: Box, b: Box): boolean {
  const inZones = (box: Box): string => {
    const { retention: _retention, ...rest } = plainBox(box);
    return JSON.stringify(rest, Object.keys(rest).sort());
  };
  return inZones(a) === inZones(b);
}

/** H is a home like the domains: where it goes, what it held falls apart, and where it comes, zones join. */
function moveHostname(change: ZoneChange, from: Name | undefined, to: Name): void {
  const { tx } = change;
  if (from && !from.equals(to)) splitZone(change, tx, from);
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
  const names = [box.hostname, ns1(box), ns2(box), ...above(box.hostname, zone)];
  const record = names
    .flatMap((name) => tx.recordsAt(name))
    .filter(({ type }) => type === Type.CNAME || isCut(type))
    .find(({ type, owner }) => placementProblem(type, owner, place));
  if (!record) return;
  const message = `Your ${typeName(record.type)} record at ${record.owner.toText()} leaves the box no place at ${box.hostname.toText()}; remove that record first.`;
  throw new AppError('record-conflict', message, { errors: [{ path: 'hostname', message }] });
}

function splitZone(change: ZoneChange, tx: Transaction, from: Name): void {
  const old = tx.zone(from);
  const holder = zoneOf(tx, from);
  if (holder) change.touchBeside(holder, { owners: 'all' });
  else if (old?.active) {
    change.deactivate(old);
    for (const home of topmostHomes(tx, from)) if (!tx.zone(home)?.active) change.activate(home);
  }
}

function plainBox(box: Box): Record<string, unknown> {
  return {
    ...box,
    hostname: box.hostname.toText(),
    secondaries: box.secondaries.map((name) => name.toText()),
  };
}
