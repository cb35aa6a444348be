import { rdataFromText } from '../../dns/rdata/registry.ts';
import { Name, NameError } from '../../dns/wire/name.ts';
import type { CustomRecord, Domain, RecordLevel, ZoneInput } from '../model.ts';

/** What rules read: the zone's input, and the person's own records by owner. */
export interface RuleInput extends ZoneInput {
  customAt(owner: Name): readonly CustomRecord[];
}

/** A hosted domain as the rules see it; H is always one, for reports and bounces are sent to and from it. */
export interface Subject extends Domain {
  /** Whether people have mailboxes at it: H alone only receives reports. */
  mailboxes: boolean;
}

/** A record as a rule gives it; why, level and RFC are the rule's. */
export interface Derived {
  owner: Name;
  type: number;
  rdata: Uint8Array;
  /** Seconds; undefined: the domain's, the zone's, the box's. */
  ttl?: number;
}

interface RuleText {
  /** The name of its file and of its golden. */
  id: string;
  rfc: string;
  level: RecordLevel;
  /** One sentence for a person who does not know DNS. */
  why: string;
}

/** Gives what a zone holds once. */
export interface ZoneRule extends RuleText {
  derive(input: RuleInput): Derived[];
}

/** Gives what one domain needs; every owner is at or below the domain's name. */
export interface DomainRule extends RuleText {
  derive(input: RuleInput, domain: Subject): Derived[];
}

/** A record of presentation form that this program wrote itself. */
export function derived(owner: Name, type: number, text: string): Derived {
  return { owner, type, rdata: rdataFromText(type, text) };
}

/**
 * `labels` put before `name`; undefined when that is longer than a name may be: a domain of 250 octets has no room for
 * `_mta-sts.`, and its other records are worth publishing all the same.
 */
export function below(labels: string, name: Name): Name | undefined {
  return joined(labels, name);
}

/** The labels of `front`, then those of `back`; undefined when too long. */
export function joined(front: Name | string, back: Name): Name | undefined {
  try {
    return typeof front === 'string'
      ? Name.parse(front, back)
      : Name.fromLabels([...front.labels(), ...back.labels()]);
  } catch (error) {
    if (error instanceof NameError) return undefined;
    throw error;
  }
}

/** One record below a name, or none when the owner would be too long. */
export function derivedBelow(labels: string, name: Name, type: number, text: string): Derived[] {
  const owner = below(labels, name);
  return owner ? [derived(owner, type, text)] : [];
}
