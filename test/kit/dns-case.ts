import { expect } from 'vitest';
import { nsec3Hash, nsec3Owner } from '../../src/dns/dnssec/nsec3.ts';
import { printRdata, typeCode, typeName } from '../../src/dns/rdata/registry.ts';
import { answer, type AnswerContext, createAnswerContext, MAX_MESSAGE } from '../../src/dns/server/answer.ts';
import type { ZoneSet } from '../../src/dns/server/zone-set.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Class, rcodeName } from '../../src/dns/wire/codes.ts';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type MessageRecord,
  newMessage,
} from '../../src/dns/message/message.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { imageView } from '../../src/dns/zone/image-view.ts';
import { signedImage, type TestDenial, zoneSet } from './test-zone.ts';

/** A question and what must come back; sections that are left out must be empty. */
export interface DnsCase {
  /** What the case shows. */
  why?: string;
  qname: string;
  qtype: string;
  qclass?: number;
  /** Ask with EDNS and DO. */
  do?: boolean;
  /** UDP size in an OPT record; without it and without `do` there is no OPT. */
  udpSize?: number;
  transport?: 'udp' | 'tcp';
  /** NOERROR by default. */
  rcode?: string;
  /** `aa` by default. */
  flags?: string;
  /**
   * Lines `owner TTL type rdata`, in order. An RRSIG is written with the type that it covers only, and the owner of an
   * NSEC3 as `H(name)`, without rdata.
   */
  answer?: string[];
  authority?: string[];
  additional?: string[];
}

/** A served zone, or some, for a table of cases. */
export interface TestZones {
  zones: ZoneSet;
  /** Owners of NSEC3 records, as `H(name)`. */
  hashed: Map<string, string>;
}

export async function testZones(texts: string[], denial: TestDenial): Promise<TestZones> {
  const images = await Promise.all(texts.map((text) => signedImage(text, denial)));
  const hashed = new Map<string, string>();
  for (const image of images) {
    const view = imageView(image);
    for (const { owner } of view.nodes())
      hashed.set(nsec3Owner(nsec3Hash(owner), view.origin).key, `H(${owner.toString()})`);
  }
  return { zones: zoneSet(images), hashed };
}

/** The octets of a case's question. */
export function questionOf(spec: DnsCase): Uint8Array {
  const edns = spec.do === true || spec.udpSize !== undefined;
  return encodeMessage(
    newMessage({
      id: 0x2a2a,
      questions: [
        { name: Name.parse(spec.qname), type: typeCode(spec.qtype) ?? 255, class: spec.qclass ?? Class.IN },
      ],
      ...(edns && {
        edns: { udpSize: spec.udpSize ?? 4096, version: 0, do: spec.do === true, options: [] },
      }),
    }),
  );
}

const out = new Uint8Array(MAX_MESSAGE);

/** Answers octets with `answer()`, which must not fail inside; undefined when there is no reply. */
export function respond(
  zones: ZoneSet,
  query: Uint8Array,
  context: Partial<AnswerContext> = {},
): Uint8Array | undefined {
  const fail = (error: unknown): never => {
    throw error;
  };
  const length = answer(query, query.length, zones, out, { ...createAnswerContext('udp', fail), ...context });
  return length === 0 ? undefined : out.slice(0, length);
}

/** Asks the question of a case. */
export function askCase(zones: ZoneSet, spec: DnsCase): Message {
  const response = respond(zones, questionOf(spec), { transport: spec.transport ?? 'udp' });
  return decodeMessage(response!);
}

/** Asks, and compares the whole response. */
export function dnsCase({ zones, hashed }: TestZones, spec: DnsCase): void {
  const message = askCase(zones, spec);
  const flags = (['aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const).filter((flag) => message.flags[flag]);
  const lines = (records: MessageRecord[]): string[] => records.map((record) => line(record, hashed));
  expect({
    rcode: rcodeName(message.rcode),
    flags: flags.join(' '),
    answer: lines(message.answers),
    authority: lines(message.authorities),
    additional: lines(message.additionals),
  }).toEqual({
    rcode: spec.rcode ?? 'NOERROR',
    flags: spec.flags ?? 'aa',
    answer: spec.answer ?? [],
    authority: spec.authority ?? [],
    additional: spec.additional ?? [],
  });
  expect(message.flags.qr && message.id === 0x2a2a).toBe(true);
  expect(message.edns?.do ?? false).toBe(spec.do === true);
}

/** What the table shows of a case. */
export function caseTitle(spec: DnsCase): string {
  return `${spec.qname} ${spec.qtype}${spec.do ? ' +do' : ''}${spec.why ? `: ${spec.why}` : ''}`;
}

function line({ owner, ttl, type, rdata }: MessageRecord, hashed: Map<string, string>): string {
  const name = hashed.get(owner.key) ?? owner.toString();
  if (type === Type.NSEC3) return `${name} ${ttl} NSEC3`;
  if (type === Type.RRSIG) return `${name} ${ttl} RRSIG ${typeName((rdata[0]! << 8) | rdata[1]!)}`;
  return `${name} ${ttl} ${typeName(type)} ${printRdata(type, rdata)}`;
}
