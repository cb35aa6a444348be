import { canonicalRdata } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { CustomRecord, RecordProblem } from '../model.ts';
import { parseOwner } from '../names.ts';
import { conflict } from './conflicts.ts';
import { hasAddress, leadingTo, type RecordContext } from './context.ts';
import { placementProblem } from './placement.ts';
import { resolveCustom } from './resolve.ts';
import { rrsetProblem } from './rrset-check.ts';
import { targetProblem } from './target-check.ts';
import { customType } from './types.ts';
import { readValue } from './value.ts';

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

/** Everything that can be said about a record before it is taken into a zone. */
export function validateRecord(input: RecordRequest, context: RecordContext): RecordResult {
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
  if ('message' in type) return { ok: false, problems };

  const value = readValue(type.type, input.value, context.box);
  if (!value.ok) problems.push({ code: 'invalid-record', field: 'value', message: value.message });
  const placement = owner.ok ? placementProblem(type.type, owner.name, context) : undefined;
  if (placement) problems.push(placement);
  if (problems.length > 0 || !owner.ok || !value.ok) return { ok: false, problems };

  const record = { owner: owner.name, type: type.type, ttl: input.ttl, value: value.value };
  return among(record, value.rdata, context);
}

function isTtl(ttl: number | undefined): boolean {
  return ttl === undefined || (Number.isInteger(ttl) && ttl >= 0 && ttl <= MAX_TTL);
}

/** A record that is right by itself, among the others. */
function among(record: NewRecord, rdata: Uint8Array | undefined, context: RecordContext): RecordResult {
  const existing = context.customAt(record.owner).find((other) => isSame(other, record, rdata, context));
  if (existing) return { ok: true, record, existing };
  const { owner, type } = record;
  const problems: RecordProblem[] = [];
  const beside = conflict(type, owner, context);
  if (beside !== undefined) problems.push({ code: 'record-conflict', field: 'owner', message: beside });
  const wrong =
    rdata && (targetProblem(type, owner, rdata, context) ?? rrsetProblem(type, owner, rdata, context));
  if (wrong !== undefined) problems.push({ code: 'record-conflict', field: 'value', message: wrong });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, record, existing: undefined };
}

function isSame(
  other: CustomRecord,
  record: NewRecord,
  rdata: Uint8Array | undefined,
  { box }: RecordContext,
): boolean {
  if (other.type !== record.type) return false;
  if (!rdata || other.value === record.value) return other.value === record.value;
  const wanted = canonicalRdata(record.type, rdata);
  return resolveCustom(other, box).some(
    (one) => Buffer.compare(canonicalRdata(other.type, one), wanted) === 0,
  );
}

/**
 * Why the person's record cannot be taken out: other records or the box's NS lead to its owner, which would have no address left.
 */
export function removalProblem(record: CustomRecord, context: RecordContext): RecordProblem | undefined {
  const without: RecordContext = {
    ...context,
    customAt: (owner) => context.customAt(owner).filter((other) => other.id !== record.id),
  };
  const { owner } = record;
  if (!hasAddress(context, owner) || hasAddress(without, owner)) return undefined;
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
