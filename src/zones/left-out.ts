import { compose } from './compose.ts';
import { conflict } from './custom/conflicts.ts';
import { contextOf } from './custom/context.ts';
import { placementProblem } from './custom/placement.ts';
import { resolveCustom } from './custom/resolve.ts';
import { readValue } from './custom/value.ts';
import type { CustomRecord, RecordProblem, SourcedRecord, ZoneInput } from './model.ts';

/** A person's record that is stored but not in the zone, with the reason. */
export interface LeftOut {
  record: CustomRecord;
  problem: RecordProblem;
}

/**
 * The person's records that the zone does not hold. Each was right when it came in, but a domain was added over it since, the box lost its
 * last address of a family, or a newer version knows better: the zone stays whole, and the person must be told.
 */
export function leftOut(input: ZoneInput): LeftOut[] {
  const held = new Set(
    compose(input)
      .filter((record) => record.source === 'custom')
      .map(identity),
  );
  return input.custom
    .filter((record) => !isHeld(record, input, held))
    .map((record) => ({ record, problem: reason(record, input) }));
}

function isHeld(record: CustomRecord, { box }: ZoneInput, held: ReadonlySet<string>): boolean {
  const rdatas = resolveCustom(record, box);
  return rdatas.length > 0 && rdatas.every((rdata) => held.has(identity({ ...record, rdata })));
}

function identity({ owner, type, rdata }: Pick<SourcedRecord, 'owner' | 'type' | 'rdata'>): string {
  return `${type} ${owner.key} ${Buffer.from(rdata).toString('latin1')}`;
}

function reason(record: CustomRecord, input: ZoneInput): RecordProblem {
  const others = input.custom.filter((other) => other !== record);
  const context = contextOf({ ...input, custom: others });
  const value = readValue(record.type, record.value, input.box);
  if (!value.ok) return { code: 'invalid-record', field: 'value', message: value.message };
  return (
    placementProblem(record.type, record.owner, context) ?? {
      code: 'record-conflict',
      field: 'owner',
      message:
        conflict(record.type, record.owner, context) ??
        'Another record says the same, or cannot stand beside this one',
    }
  );
}
