import type { ResourceRecord } from '../rr.ts';
import { fromWire } from '../rdata/registry.ts';
import { rrsig } from '../rdata/rrsig.ts';
import { Type } from '../type-codes.ts';
import type { Message, MessageRecord } from '../message/message.ts';
import type { Name } from '../wire/name.ts';
import { createCutCache } from './cut-cache.ts';
import type { Server } from './exchange.ts';
import {
  type Accept,
  type IterateSettings,
  type LookupFailure,
  startWork,
  walk,
  type Work,
} from './iterate.ts';
import { type Cut, nameserversOf } from './referral.ts';
import { type Nameserver, rootHints } from './root-hints.ts';

/** What a zone's parent says about it, asked of the parent's own servers. */
export interface Delegation {
  kind: 'delegated';
  zone: Name;
  /** The parent zone and the servers that its own parent names for it. */
  parent: Cut;
  /** The NS RRset with the glue that came along. */
  nameservers: Nameserver[];
  /** Of the NS RRset, seconds. */
  ttl: number;
  /** `apex`: the parent's servers serve the zone too and so show its own NS RRset; the parent's is not visible. */
  source: 'referral' | 'apex';
  /** The DS RRset in the parent: none means insecure. */
  ds: ResourceRecord[];
  /** The parent's signatures over it. */
  dsSignatures: ResourceRecord[];
  /** Who said so. */
  server: Server;
}

export interface NoDelegation {
  kind: 'not-delegated';
  /** `nodata`: the name exists in the parent, but is no zone. `alias`: it is, or is below, a CNAME or DNAME. */
  reason: 'nxdomain' | 'nodata' | 'alias';
  zone: Name;
  /** The zone that the name is in, or would be delegated from. */
  parent: Cut;
  server: Server;
}

export type DelegationResult = Delegation | NoDelegation | LookupFailure;

export interface Iterator {
  /** Asks a zone's parent about it, finding the way from the root. Never rejects. */
  delegation(zone: Name, signal?: AbortSignal): Promise<DelegationResult>;
}

/** A thousand domains to check are no reason to ask the root a thousand times. */
const TOP_LEVEL = { size: 2000, lifetime: 3_600_000 };

/**
 * An iterative resolver, made to see a delegation as it is now: between look-ups it remembers nothing but the servers
 * of top-level domains, for an hour.
 */
export function createIterator(
  settings: Omit<IterateSettings, 'roots'> & { roots?: readonly Nameserver[] },
): Iterator {
  const complete = { roots: rootHints, ...settings };
  const topLevel = createCutCache(settings.clock, TOP_LEVEL);
  return { delegation: (zone, signal) => delegation(startWork(complete, topLevel, signal), zone) };
}

async function delegation(work: Work, zone: Name): Promise<DelegationResult> {
  if (zone.isRoot) return { kind: 'failed', detail: 'the root zone has no parent' };
  const found = await walk(work, zone, Type.NS, { stopAtCut: true });
  if ('kind' in found) return found;
  const { cut, reply } = found;
  const { reading, server } = reply;
  if (reading.kind === 'referral')
    return withDs(work, {
      zone,
      parent: cut,
      nameservers: reading.cut.nameservers,
      ttl: ttlOf(reading.message.authorities.filter((record) => isNs(record, zone))),
      source: 'referral',
      server,
      ...readDs(reading.message.authorities, zone),
    });
  if (reading.kind === 'nothing') {
    const parent = { ...cut, zone: reading.zone ?? cut.zone };
    return { kind: 'not-delegated', reason: reading.nxdomain ? 'nxdomain' : 'nodata', zone, parent, server };
  }
  const ns = reading.message.answers.filter((record) => isNs(record, zone));
  if (ns.length === 0) return { kind: 'not-delegated', reason: 'alias', zone, parent: cut, server };
  const nameservers = nameserversOf(ns, reading.message);
  const seen = { zone, parent: cut, nameservers, ttl: ttlOf(ns), source: 'apex' as const, server };
  return withDs(work, { ...seen, ds: [], dsSignatures: [] });
}

function isNs({ owner, type }: MessageRecord, zone: Name): boolean {
  return type === Type.NS && owner.equals(zone);
}

/** The records of an RRset have one TTL (RFC 2181 §5.2); where they do not, the lowest counts. */
function ttlOf(records: readonly MessageRecord[]): number {
  return Math.min(...records.map(({ ttl }) => ttl));
}

/**
 * Completes what the NS question found by asking for DS: a server of both zones answers that one from the parent
 * (RFC 4035 §3.1.4.1), and so tells which zone the parent is.
 */
async function withDs(work: Work, seen: Omit<Delegation, 'kind'>): Promise<Delegation | LookupFailure> {
  const { zone } = seen;
  const notFromChild: Accept = (reading) =>
    reading.kind === 'nothing' && reading.zone?.equals(zone)
      ? `serves ${zone.toText()}, but not its parent`
      : undefined;
  const found = await walk(work, zone, Type.DS, { stopAtCut: true, accept: notFromChild });
  if ('kind' in found) return seen.source === 'referral' ? { kind: 'delegated', ...seen } : found;
  const { cut, reply } = found;
  const { reading } = reply;
  if (reading.kind === 'nothing') {
    const parent = { ...cut, zone: reading.zone ?? cut.zone };
    return { ...seen, kind: 'delegated', parent, ds: [], dsSignatures: [] };
  }
  // A server that does not know DS refers to the child; what it sent along is all there is.
  if (reading.kind === 'referral') return { ...seen, kind: 'delegated', parent: cut };
  const ds = readDs(reading.message.answers, zone);
  const parent = { ...cut, zone: signerOf(ds.dsSignatures) ?? cut.zone };
  return { ...seen, kind: 'delegated', parent, ...ds };
}

function readDs(records: Message['answers'], zone: Name): Pick<Delegation, 'ds' | 'dsSignatures'> {
  const ofZone = records.filter(({ owner }) => owner.equals(zone));
  return {
    ds: ofZone.filter(({ type }) => type === Type.DS).map(withoutClass),
    dsSignatures: ofZone
      .filter(({ type, rdata }) => type === Type.RRSIG && fromWire(rrsig, rdata).typeCovered === Type.DS)
      .map(withoutClass),
  };
}

function withoutClass({ owner, type, ttl, rdata }: MessageRecord): ResourceRecord {
  return { owner, type, ttl, rdata };
}

/** RFC 4034 §3.1.7: the signer of a DS RRset is the zone it is in. */
function signerOf(signatures: readonly ResourceRecord[]): Name | undefined {
  return signatures[0] && fromWire(rrsig, signatures[0].rdata).signer;
}
