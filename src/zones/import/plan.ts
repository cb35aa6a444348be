import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { hosts } from '../box-names.ts';
import type { GrowingContext } from '../custom/growing-context.ts';
import { type NewRecord, type RecordRequest, validateRecord } from '../custom/validate.ts';
import type { CustomRecord, ZoneInput } from '../model.ts';
import { importContext } from './context.ts';
import { reasonToSkip } from './decide.ts';
import { derivedAt } from './derived.ts';
import type { ImportResult } from './request.ts';
import type { SourceRecord } from './source.ts';

export interface ImportPlan {
  /** Records that become the person's own, but are not yet. */
  add: NewRecord[];
  /** The person's records that others of the same owner and type take the place of. */
  remove: CustomRecord[];
  imported: RecordRequest[];
  skipped: ImportResult['skipped'];
}

/**
 * What an import would do to a zone. Every RRset of the import replaces the person's at the same owner and type; what cannot
 * stand in the zone is left out, with the reason.
 */
export function* planImport(
  imported: Name,
  records: readonly SourceRecord[],
  input: ZoneInput,
): Steps<ImportPlan> {
  const results = yield* decide(imported, records, input);
  const before = new Map<string, CustomRecord[]>();
  const same = new Map<string, CustomRecord>();
  yield* eachStep(input.custom, (record) => {
    const key = rrsetKey(record);
    const rrset = before.get(key);
    if (rrset) rrset.push(record);
    else before.set(key, [record]);
    same.set(recordKey(record), record);
  });
  const plan: ImportPlan = { add: [], remove: [], imported: [], skipped: [] };
  const kept = new Set<CustomRecord>();
  const touched = new Set<string>();
  for (const record of records) {
    yield;
    const result = results.get(record)!;
    const request = requestOf(record);
    if (typeof result === 'string') {
      plan.skipped.push({ ...request, reason: atLine(record, result) });
      continue;
    }
    touched.add(rrsetKey(record));
    const there = same.get(recordKey(result));
    if (there) kept.add(there);
    else plan.add.push(result);
    plan.imported.push(request);
  }
  yield* eachStep(touched, (key) => {
    for (const record of before.get(key) ?? []) if (!kept.has(record)) plan.remove.push(record);
  });
  return plan;
}

/** For each record of an import how it is taken, or why it is left out. */
function* decide(
  imported: Name,
  records: readonly SourceRecord[],
  input: ZoneInput,
): Steps<Map<SourceRecord, string | NewRecord>> {
  const keys = new Set<string>();
  yield* eachStep(records, (record) => keys.add(rrsetKey(record)));
  const others: CustomRecord[] = [];
  yield* eachStep(input.custom, (record) => {
    if (!keys.has(rrsetKey(record))) others.push(record);
  });
  const context = yield* importContext(input, others);
  const mailDomains = input.domains.filter(({ mail }) => mail).map(({ name }) => name.key);
  const mailNames = new Set([...hosts(input.box).map(({ hostname }) => hostname.key), ...mailDomains]);
  const around = {
    imported,
    zone: context.zone,
    domains: context.domains,
    derivedAt: (owner: Name) => derivedAt(owner, context, mailNames),
  };
  const results = new Map<SourceRecord, string | NewRecord>();
  for (const record of yield* sorted(records, byNeed)) {
    results.set(record, reasonToSkip(record, around) ?? accept(record, context));
    yield;
  }
  return results;
}

/** The record as it is taken, or why it cannot be. */
function accept(record: SourceRecord, context: GrowingContext): string | NewRecord {
  const result = validateRecord(requestOf(record), context);
  if (!result.ok) return result.problems.map(({ message }) => `${message}.`).join(' ');
  if (result.existing) return 'It is there twice.';
  context.take({ ...result.record, id: '' });
  return result.record;
}

/**
 * Addresses before what leads to them, delegations and aliases before what could not stand beside or below them; MX before SPF, which
 * the box derives where there is no MX.
 */
function byNeed(a: SourceRecord, b: SourceRecord): number {
  return needRank(a) - needRank(b);
}

function needRank({ type }: SourceRecord): number {
  if (type === Type.A || type === Type.AAAA) return 0;
  if (type === Type.NS) return 1;
  if (type === Type.CNAME || type === Type.DNAME) return 2;
  return type === Type.TXT ? 4 : 3;
}

function rrsetKey({ owner, type }: { owner: Name; type: number }): string {
  return `${type} ${owner.key}`;
}

function recordKey({ owner, type, ttl, value }: NewRecord): string {
  return `${type} ${ttl ?? ''} ${owner.key} ${value}`;
}

function requestOf({ owner, type, ttl, rdata }: SourceRecord): RecordRequest {
  return { owner: owner.toText(), type: typeName(type), ttl, value: printRdata(type, rdata) };
}

function atLine({ line }: SourceRecord, reason: string): string {
  return line === undefined ? reason : `Line ${line}: ${reason}`;
}
