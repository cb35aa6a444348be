import type { Name } from '../../dns/wire/name.ts';
import type { Box, CustomRecord, RecordProblem } from '../model.ts';
import { parseOwner } from '../names.ts';
import { conflict } from './conflicts.ts';
import { hasAddress, leadingTo, type RecordContext } from './context.ts';
import { RR_OVERHEAD } from './limits.ts';
import { placementProblem } from './placement.ts';
import { resolveCustom } from './resolve.ts';
import { limitProblem, rrsetProblem } from './rrset-check.ts';
import { selfProblem } from './self-check.ts';
import { targetProblem } from './target-check.ts';
import { customType } from './types.ts';
import { readValue, type ValueResult } from './value.ts';

/** RFC 2181 §8. */
const MAX_TTL = 2 ** 31 - 1;

/** A record as a person writes it. */
export interface RecordRequest {
  /** Absolute, the final dot left out or not; U-labels are welcome. */
  owner: string;
  type: string;
  /** Seconds. */
  ttl?: number | undefined;
  value: string;
}

/** A record that is right, but has no id yet. Its value is in canonical zone-file form, or `local`. */
export type NewRecord = Omit<CustomRecord, 'id'>;

export type RecordResult =
  | {
      ok: true;
      record: NewRecord;
      /** The same record that is there already, if so: adding it again changes at most its TTL. */
      existing: CustomRecord | undefined;
    }
  | { ok: false; problems: RecordProblem[] };

/** A record as it was written, read as far as that goes without knowing the others. */
export interface ReadRecord {
  owner: Name | undefined;
  type: number | undefined;
  ttl: number | undefined;
  value: Extract<ValueResult, { ok: true }> | undefined;
  /** What is wrong with what could not be read. */
  problems: RecordProblem[];
}

/** Everything that can be said about a record before it is taken into a zone. */
export function validateRecord(input: RecordRequest, context: RecordContext): RecordResult {
  return placeRecord(readRecord(input, context.box), context);
}

/** Reads what was written. */
export function readRecord(input: RecordRequest, box: Box): ReadRecord {
  const owner = parseOwner(input.owner);
  const type = customType(input.type);
  const problems: RecordProblem[] = [];
  if (!owner.ok) problems.push({ code: 'invalid-name', field: 'owner', message: owner.message });
  if ('message' in type) problems.push({ code: 'invalid-record', field: 'type', message: type.message });
  if (!isTtl(input.ttl))
    problems.push({
      code: 'invalid-record',
      field: 'ttl',
      message: 'The TTL is seconds, from 0 to 2147483647',
    });
  const value = 'message' in type ? undefined : readValue(type.type, input.value, box);
  if (value?.ok === false) problems.push({ code: 'invalid-record', field: 'value', message: value.message });
  return {
    owner: owner.ok ? owner.name : undefined,
    type: 'message' in type ? undefined : type.type,
    ttl: input.ttl,
    value: value?.ok ? value : undefined,
    problems,
  };
}

/** What becomes of a record that was read, where it is to stand. */
export function placeRecord(
  { owner, type, ttl, value, problems }: ReadRecord,
  context: RecordContext,
): RecordResult {
  const placement = owner && type !== undefined ? placementProblem(type, owner, context) : undefined;
  if (placement || problems.length > 0 || !owner || type === undefined || !value)
    return { ok: false, problems: placement ? [...problems, placement] : problems };
  return among({ owner, type, ttl, value: value.value }, value.rdata, context);
}

function isTtl(ttl: number | undefined): boolean {
  return ttl === undefined || (Number.isInteger(ttl) && ttl >= 0 && ttl <= MAX_TTL);
}

/** A record that is right by itself, among the others. */
function among(record: NewRecord, rdata: Uint8Array | undefined, context: RecordContext): RecordResult {
  const { owner, type, value } = record;
  const there = context.customAt(owner);
  const rrset = there.rrset(type);
  const existing = rrset?.same(value, rdata);
  if (existing) return { ok: true, record, existing };
  const problems: RecordProblem[] = [];
  const beside = conflict(type, owner, context);
  if (beside !== undefined) problems.push({ code: 'record-conflict', field: 'owner', message: beside });
  const wrong =
    (rdata &&
      (targetProblem(type, owner, rdata, context) ??
        selfProblem(type, owner, rdata) ??
        rrsetProblem(type, owner, rdata, rrset))) ??
    limitProblem(type, owner, octetsOf(record, rdata, context), there);
  if (wrong !== undefined) problems.push({ code: 'record-conflict', field: 'value', message: wrong });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, record, existing: undefined };
}

/** Octets of its rdata, with the overhead of an RR between several. */
function octetsOf(record: NewRecord, rdata: Uint8Array | undefined, { box }: RecordContext): number {
  if (rdata) return rdata.length;
  const addresses = resolveCustom(record, box);
  return addresses.reduce((sum, address) => sum + address.length + RR_OVERHEAD, -RR_OVERHEAD);
}

/** Why the person's addresses at a name cannot all be gone, as they are in this context. */
export function lossProblem(owner: Name, context: RecordContext): RecordProblem | undefined {
  if (hasAddress(context, owner)) return undefined;
  const user = whatLeadsTo(owner, context);
  if (user === undefined) return undefined;
  const message = `${user} to ${owner.toText()}, which would have no address left; change that first`;
  return { code: 'record-conflict', field: 'owner', message };
}

function whatLeadsTo(owner: Name, context: RecordContext): string | undefined {
  const [record] = leadingTo(context, owner);
  if (record) return `A record of ${record.owner.toText()} leads`;
  const secondary = context.box.secondaries.some((name) => name.equals(owner));
  return secondary ? 'The NS records of every zone lead' : undefined;
}
