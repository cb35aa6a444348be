import type { Name } from '../../dns/wire/name.ts';
import { compose } from '../compose.ts';
import { above, type RecordContext } from '../custom/context.ts';
import { resolveCustom } from '../custom/resolve.ts';
import { pointsToHost, targetOf } from '../custom/targets.ts';
import type { CustomRecord, ZoneInput } from '../model.ts';

/** Of the records below a name, as many as the checks want to see. */
const BELOW = 100;

/** A context that grows with every record accepted: all look-ups are by key, so that large imports stay linear. */
export interface GrowingContext extends RecordContext {
  take(record: CustomRecord): void;
}

/** The context of a whole zone's input, in which `records` are the person's. */
export function growingContext(input: ZoneInput, records: readonly CustomRecord[]): GrowingContext {
  const zone = input.zone.name;
  const at = new Map<string, CustomRecord[]>();
  const below = new Map<string, CustomRecord[]>();
  const pointing = new Map<string, CustomRecord[]>();
  const derived = Map.groupBy(compose({ ...input, custom: [] }), (record) => record.owner.key);

  function take(record: CustomRecord): void {
    push(at, record.owner, record);
    for (const name of above(record.owner, zone)) {
      if ((below.get(name.key)?.length ?? 0) < BELOW) push(below, name, record);
    }
    if (!pointsToHost(record.type)) return;
    for (const rdata of resolveCustom(record, input.box)) {
      const target = targetOf(record.type, rdata);
      if (target) push(pointing, target, record);
    }
  }

  for (const record of records) take(record);
  return {
    zone,
    box: input.box,
    domains: input.domains,
    customAt: (owner) => at.get(owner.key) ?? [],
    customBelow: (owner) => below.get(owner.key) ?? [],
    derivedAt: (owner) => derived.get(owner.key) ?? [],
    pointingAt: (name) => pointing.get(name.key) ?? [],
    take,
  };
}

function push(map: Map<string, CustomRecord[]>, name: Name, record: CustomRecord): void {
  const list = map.get(name.key);
  if (list) list.push(record);
  else map.set(name.key, [record]);
}
