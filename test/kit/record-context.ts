import { compose } from '../../src/zones/compose.ts';
import { isAddress, type RecordContext } from '../../src/zones/custom/context.ts';
import { hostedDomains } from '../../src/zones/custom/hosted-domains.ts';
import { OwnerRecords, withoutRecord } from '../../src/zones/custom/owner-records.ts';
import { pointsToHost } from '../../src/zones/custom/targets.ts';
import { lossProblem } from '../../src/zones/custom/validate.ts';
import type { CustomRecord, RecordProblem, ZoneInput } from '../../src/zones/model.ts';

/** The context of a whole zone's input, for zones that are at hand anyway. */
export function contextOf(input: ZoneInput): RecordContext {
  const pointers = input.custom.filter((record) => pointsToHost(record.type));
  const byOwner = Map.groupBy(input.custom, (record) => record.owner.key);
  return {
    zone: input.zone.name,
    box: input.box,
    domains: hostedDomains(input.domains),
    customAt: (owner) => new OwnerRecords(input.box, byOwner.get(owner.key)),
    customBelow: (owner) =>
      input.custom.filter((record) => record.owner.isAtOrBelow(owner) && !record.owner.equals(owner)),
    derivedAt: (owner) => compose({ ...input, custom: [] }, new Set([owner.key])),
    pointingAt: () => pointers,
  };
}

/** Why a record of the zone cannot be taken out. */
export function removalProblem(record: CustomRecord, context: RecordContext): RecordProblem | undefined {
  if (!isAddress(record.type)) return undefined;
  const { owner } = record;
  const left = withoutRecord(context.customAt(owner), record);
  return lossProblem(owner, {
    ...context,
    customAt: (name) => (name.equals(owner) ? left : context.customAt(name)),
  });
}
