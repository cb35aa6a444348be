import { AppError } from '../../core/errors.ts';
import type { Network } from '../../core/network.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { eachStep, inSlices, type Steps } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import { interfaceAddresses } from '../box/addresses.ts';
import { addDomain, type DomainTools } from '../domains/service.ts';
import { parseDomainName } from '../names.ts';
import { configuredBox, type Publisher, type ZoneChange } from '../publisher/publisher.ts';
import { wholeInput } from '../publisher/zone-input.ts';
import { touchRecords } from '../records/touch.ts';
import type { Store, ZoneRow } from '../store.ts';
import { zoneOf } from '../topology.ts';
import type { OutboundRules } from './outbound.ts';
import { type ImportPlan, planImport } from './plan.ts';
import type { ImportRequest, ImportResult } from './request.ts';
import { readSource, type SourceRecord, type SourceTools } from './source.ts';

export type ZoneImport = (actor: Actor, request: ImportRequest) => Promise<ImportResult>;

export interface ImportOptions extends Omit<SourceTools, 'outbound'>, DomainTools {
  store: Store;
  publisher: Publisher;
  /** Networks to import from although they are not public or the box's own; none when left out. */
  networks?: readonly Network[] | undefined;
}

/** Octets of a record's id; it is shown in hex. */
const ID_SIZE = 9;
/** When more than this part of a zone changes, all of it is derived anew: that costs less than naming so many owners. */
const MUCH = 0.25;

/** Ends the transaction of a dry run, which so is the same as that of the real one until its last step. */
class DryRun extends Error {
  readonly result: ImportResult;

  constructor(result: ImportResult) {
    super('nothing was changed');
    this.result = result;
  }
}

/**
 * Takes over a zone from a file or another server: adds its domain if need be, and makes its records the person's own,
 * but for those that the box derives. All in one transaction.
 */
export function createImport(options: ImportOptions): ZoneImport {
  const { store, publisher, networks = [] } = options;
  const outbound = (): OutboundRules => {
    const { ipv4, ipv6 } = configuredBox(store.read);
    return { allowed: networks, own: [...interfaceAddresses(), ...ipv4, ...ipv6] };
  };
  return async (actor, request) => {
    const tools = { ...options, outbound };
    const records = await readSource(request, actor, configuredBox(store.read).ttl, tools);
    const name = request.zone.toText();
    const origin = request.from.kind === 'axfr' ? request.from.server : 'a zone file';
    const cause = `${name} imported from ${origin}`;
    try {
      const { value, published } = await publisher.change({ actor, cause }, (change) =>
        apply(change, options, request, records),
      );
      return { ...value, published: published.find(({ zone }) => zone.equals(value.zone)) };
    } catch (error) {
      if (error instanceof DryRun) return error.result;
      throw error;
    }
  };
}

async function apply(
  change: ZoneChange,
  options: ImportOptions,
  request: ImportRequest,
  records: readonly SourceRecord[],
): Promise<ImportResult> {
  const { tx } = change;
  const { clock } = options;
  ensureDomain(change, options, request);
  const zone = tx.zone(zoneOf(tx, request.zone)!)!;
  const input = await inSlices(wholeInput(tx, options.sources, change.box(), zone, 0), clock);
  const plan = await inSlices(planImport(request.zone, records, input), clock);
  const { imported, skipped } = plan;
  const result = { zone: zone.name, imported, skipped, published: undefined };
  if (request.dryRun) throw new DryRun(result);
  await inSlices(carryOut(change, options, zone, plan), clock);
  const detail = { from: request.from.kind, imported: imported.length, skipped: skipped.length };
  change.audit('zone.import', request.zone.toText(), detail);
  return result;
}

/** @throws AppError when the domain cannot be one, or is served elsewhere. */
function ensureDomain(change: ZoneChange, options: ImportOptions, request: ImportRequest): void {
  const known = change.tx.domain(request.zone);
  const text = request.zone.toText();
  if (known?.dns === 'external') {
    const message = `${text} has its DNS elsewhere; change its dns to "local" first, then import its records.`;
    throw new AppError('invalid-request', message);
  }
  if (known) return;
  const { mail, web } = request;
  const name = checkedName(request.zone);
  addDomain(change, options, {
    name,
    dns: 'local',
    mail,
    web,
    ttl: undefined,
    createdAt: toRfc3339(options.clock.now()),
  });
  change.audit('domain.add', text, { dns: 'local', mail, web });
  change.event('domain.added', { domain: text });
}

/** @throws AppError invalid-name */
function checkedName(zone: Name): Name {
  const checked = parseDomainName(zone.toText());
  if (checked.ok) return checked.name.canonical();
  throw new AppError('invalid-name', checked.message, {
    errors: [{ path: 'zone', message: checked.message }],
  });
}

function* carryOut(
  change: ZoneChange,
  { random, sources }: ImportOptions,
  zone: ZoneRow,
  { add, remove }: ImportPlan,
): Steps<void> {
  yield* eachStep(remove, (record) => change.tx.deleteRecord(zone.id, record));
  const changed = [...remove];
  yield* eachStep(add, (record) => {
    const added = { ...record, id: Buffer.from(random.bytes(ID_SIZE)).toString('hex') };
    change.tx.insertRecord(zone.id, added);
    changed.push(added);
  });
  const isMuch = changed.length > MUCH * zone.records;
  change.touch(zone.name, { owners: isMuch ? 'all' : [] });
  if (!isMuch) yield* touchRecords(change, sources, zone, changed);
}
