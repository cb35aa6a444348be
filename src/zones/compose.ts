import { atOnce, eachStep, type Steps } from '../core/slices.ts';
import { Type } from '../dns/type-codes.ts';
import { Name } from '../dns/wire/name.ts';
import { hostedDomains } from './custom/hosted-domains.ts';
import { isCut, type Place, placementProblem } from './custom/placement.ts';
import { resolveCustom } from './custom/resolve.ts';
import { findCuts, standing } from './cuts.ts';
import { acmeChallenges } from './derive/acme-challenges.ts';
import { noMail, noMailDmarc } from './derive/no-mail.ts';
import { below, type RuleInput, type Subject } from './derive/rule.ts';
import { deriveDomain, deriveZone, sourced, subjects } from './derive/rules.ts';
import { isAddress, mergeOwner, oneTtl } from './merge.ts';
import type { CustomRecord, Domain, SourcedRecord, ZoneInput } from './model.ts';
import { ancestry, dmarcSubject } from './owner-keys.ts';
import { textKind } from './text.ts';

/**
 * The records of a zone without its signatures and denial of existence: what is derived, with the person's records in their place.
 * With `owners` (of `Name.key`), only what stands at those: the same as the whole filtered by them, at the cost of those owners alone.
 * Then `input.custom` may hold just the person's records at `customNeeded(owners)`.
 */
export function compose(input: ZoneInput, owners?: ReadonlySet<string>): SourcedRecord[] {
  return atOnce(composing(input, owners));
}

/** The same in steps, for zones that may be large. */
export function* composing(input: ZoneInput, owners?: ReadonlySet<string>): Steps<SourcedRecord[]> {
  const wanted = owners && withDmarcSubjects(owners);
  const custom = yield* byOwner(input.custom);
  const rules: RuleInput = { ...input, customAt: (owner) => custom.get(owner.key) ?? [] };
  const domains = subjects(input);
  const derived = yield* byOwner(yield* derive(rules, domains, wanted));
  const place = { zone: input.zone.name, box: input.box, domains: hostedDomains(domains) };
  const cuts = findCuts(input.custom, place);

  const merge = (key: string): SourcedRecord[] =>
    mergeOwner(
      derived.get(key) ?? [],
      (custom.get(key) ?? []).flatMap((record) => customRecords(record, input, place)),
      standing(key, cuts),
    );

  const mailNames = new Set(domains.filter((domain) => domain.mail).map((domain) => domain.name.key));
  const nodes = new Map<string, SourcedRecord[]>();
  for (const key of new Set([...derived.keys(), ...custom.keys()])) {
    if ((wanted && !wanted.has(key)) || dmarcSubject(key) !== undefined) continue;
    const records = merge(key);
    const owner = records.find(isAddress)?.owner;
    if (owner && standing(key, cuts) === 'inside' && !mailNames.has(key) && !hasMail(records)) {
      nodes.set(key, oneTtl([...records, ...withoutMail(input, owner, records)]));
      for (const record of sourced(input, noMailDmarc, noMailDmarc.derive(owner)))
        derived.set(record.owner.key, [record]);
    } else nodes.set(key, records);
    yield;
  }
  for (const key of new Set([...derived.keys(), ...custom.keys()])) {
    if (dmarcSubject(key) === undefined) continue;
    nodes.set(key, merge(key));
    yield;
  }
  const composed: SourcedRecord[] = [];
  yield* eachStep(nodes, ([key, records]) => {
    if (!owners || owners.has(key)) composed.push(...records);
  });
  return composed;
}

/** What can be set at an external provider for a domain that the box does not serve: its table without SOA and NS. */
export function advice(input: ZoneInput, domain: Domain): SourcedRecord[] {
  const alone: ZoneInput = {
    ...input,
    zone: { name: domain.name, ttl: domain.ttl, denial: 'nsec', serial: undefined },
    domains: [domain],
    holdsHostname: false,
    dnskeys: [],
    cds: [],
    cdnskey: [],
    custom: [],
  };
  return compose(alone).filter((record) => record.type !== Type.SOA && record.type !== Type.NS);
}

/** The types that decide whether a name has addresses, and mail. */
const ADDRESSING: ReadonlySet<number> = new Set([Type.A, Type.AAAA, Type.CNAME, Type.MX]);

/**
 * The owners whose records can change when the person's records of `types` at `owner` are added or removed: itself; its DMARC policy, when it
 * gains or loses addresses or mail; MTA-STS, when mail is led elsewhere. A cut (NS, DNAME) hides names: then it is all that is at and below the
 * owner.
 */
export function affectedOwners(owner: Name, types: readonly number[]): Name[] | 'all' {
  if (types.some(isCut)) return 'all';
  const labels = [
    ...(types.some((type) => ADDRESSING.has(type)) ? ['_dmarc'] : []),
    ...(types.includes(Type.MX) ? ['_mta-sts', 'mta-sts', '_dmarc.mta-sts'] : []),
  ];
  return [owner, ...labels.flatMap((front) => below(front, owner) ?? [])];
}

/**
 * The owners whose custom records `compose(input, owners)` reads: themselves and all names above them, up to the zone's apex, where
 * a cut may stand.
 */
export function customNeeded(owners: Iterable<Name>, zone: Name): Name[] {
  const needed = new Map<string, Name>();
  for (const owner of owners)
    for (let at = owner; at.isAtOrBelow(zone) && !needed.has(at.key) && !at.isRoot; at = at.parent())
      needed.set(at.key, at);
  return [...needed.values()];
}

/** What stands at `_dmarc.X` hangs on what stands at X. */
function withDmarcSubjects(owners: ReadonlySet<string>): Set<string> {
  const wanted = new Set(owners);
  for (const key of owners) {
    const subject = dmarcSubject(key);
    if (subject !== undefined) wanted.add(subject);
  }
  return wanted;
}

/** A domain's rules give names at and below it only, so the others need not be asked. */
function* derive(
  input: RuleInput,
  domains: readonly Subject[],
  wanted?: ReadonlySet<string>,
): Steps<SourcedRecord[]> {
  const above = wanted && new Set([...wanted].flatMap((key) => [...ancestry(key)]));
  const all = deriveZone(input);
  for (const domain of domains) {
    if (above && !above.has(domain.name.key)) continue;
    all.push(...deriveDomain(input, domain));
    yield;
  }
  all.push(...acmeChallenges(input));
  return wanted ? all.filter((record) => wanted.has(record.owner.key)) : all;
}

function customRecords(record: CustomRecord, { zone, box }: ZoneInput, place: Place): SourcedRecord[] {
  if (placementProblem(record.type, record.owner, place)) return [];
  return resolveCustom(record, box).map((rdata) => ({
    owner: record.owner,
    type: record.type,
    ttl: record.ttl ?? zone.ttl ?? box.ttl,
    rdata,
    source: 'custom',
    why: 'You added this record.',
    level: 'optional',
    rfc: undefined,
  }));
}

function withoutMail(
  input: ZoneInput,
  owner: Name,
  records: readonly SourcedRecord[],
): readonly SourcedRecord[] {
  const hasMx = records.some((record) => record.type === Type.MX);
  const hasSpf = records.some((record) => record.type === Type.TXT && textKind(record.rdata) === 'v=spf1');
  return sourced(input, noMail, noMail.derive(owner)).filter((record) =>
    record.type === Type.MX ? !hasMx : !hasSpf,
  );
}

/** Whether a mail exchange other than the null MX (RFC 7505 §3: preference 0, the root) is named. */
function hasMail(records: readonly SourcedRecord[]): boolean {
  return records.some((record) => record.type === Type.MX && record.rdata.length > 3);
}

function* byOwner<T extends { owner: Name }>(records: readonly T[]): Steps<Map<string, T[]>> {
  const groups = new Map<string, T[]>();
  yield* eachStep(records, (record) => {
    const group = groups.get(record.owner.key);
    if (group) group.push(record);
    else groups.set(record.owner.key, [record]);
  });
  return groups;
}
