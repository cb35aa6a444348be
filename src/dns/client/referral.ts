import { printRdata } from '../rdata/registry.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode, rcodeName } from '../wire/codes.ts';
import type { Message, MessageRecord } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import type { Nameserver } from './root-hints.ts';

/** A zone and the servers its parent names for it. */
export interface Cut {
  zone: Name;
  nameservers: Nameserver[];
}

/** What a reply of a server of some zone means (RFC 1034 §5.3.3). */
export type Reading =
  | { kind: 'referral'; cut: Cut; message: Message }
  /** Authoritative data, be it only an alias. */
  | { kind: 'answer'; message: Message }
  /** The name or the type is not there; `zone` is the owner of the SOA that says so. */
  | { kind: 'nothing'; nxdomain: boolean; zone: Name | undefined; message: Message }
  /** The server is of no use for this zone. */
  | { kind: 'lame'; detail: string };

/** Reads a reply to `name` of a server that should be authoritative for `zone`. */
export function readReferral(message: Message, name: Name, zone: Name): Reading {
  const { rcode, flags, answers, authorities, additionals } = message;
  if (rcode !== Rcode.NOERROR && rcode !== Rcode.NXDOMAIN)
    return { kind: 'lame', detail: `answers ${rcodeName(rcode)}` };
  // Rdata of another class was not checked when it was decoded.
  if ([answers, authorities, additionals].some((section) => section.some(isForeign)))
    return { kind: 'lame', detail: 'sends records that are not of class IN' };
  if (answers.length > 0)
    return flags.aa ? { kind: 'answer', message } : { kind: 'lame', detail: 'answers without authority' };
  const soa = authorities.find((record) => record.type === Type.SOA && name.isAtOrBelow(record.owner));
  const ns = authorities.filter((record) => record.type === Type.NS && name.isAtOrBelow(record.owner));
  const below = ns.find((record) => !record.owner.equals(zone) && record.owner.isAtOrBelow(zone));
  if (below && !soa && rcode === Rcode.NOERROR)
    return { kind: 'referral', cut: readCut(message, below.owner, ns), message };
  if (flags.aa) return { kind: 'nothing', nxdomain: rcode === Rcode.NXDOMAIN, zone: soa?.owner, message };
  return { kind: 'lame', detail: ns.length > 0 ? 'refers back up' : 'answers without authority' };
}

function isForeign(record: MessageRecord): boolean {
  return record.class !== CLASS_IN;
}

function readCut(message: Message, zone: Name, ns: readonly MessageRecord[]): Cut {
  return {
    zone,
    nameservers: nameserversOf(
      ns.filter((record) => record.owner.equals(zone)),
      message,
    ),
  };
}

/** The root has 13, each with two addresses; a server that names thousands wants to keep us busy. */
const MAX_NAMESERVERS = 32;
const MAX_ADDRESSES = 16;

/** The servers of an NS RRset with the addresses that came along (RFC 9471). */
export function nameserversOf(ns: readonly MessageRecord[], message: Message): Nameserver[] {
  const glue = message.additionals.filter(({ type }) => type === Type.A || type === Type.AAAA);
  return ns.slice(0, MAX_NAMESERVERS).map((record) => {
    const name = Name.fromWire(record.rdata);
    const addresses = glue
      .filter(({ owner }) => owner.equals(name))
      .slice(0, MAX_ADDRESSES)
      .map(({ type, rdata }) => printRdata(type, rdata));
    return { name, addresses };
  });
}
