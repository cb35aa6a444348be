import fc from 'fast-check';
import { rdataType, toWire } from '../../src/dns/rdata/registry.ts';
import type { RdataType } from '../../src/dns/rdata/rdata-type.ts';
import { Type, typeCode } from '../../src/dns/type-codes.ts';
import { newMessage, type Message, type MessageRecord } from '../../src/dns/message/message.ts';
import { anyName, octets, u16, u8 } from './arbitraries.ts';
import { rdataArbitraries } from './rdata-arbitraries.ts';

const known: fc.Arbitrary<{ type: number; rdata: Uint8Array }> = fc
  .constantFrom(...Object.keys(rdataArbitraries).filter((name) => name !== 'OPT' && name !== 'TSIG'))
  .chain((name) => {
    const type = typeCode(name)!;
    const entry: RdataType<unknown> = rdataType(type)!;
    return rdataArbitraries[name]!.map((value) => ({ type, rdata: toWire(entry, value) }));
  });
const unknown = fc.record({ type: fc.integer({ min: 0xff00, max: 0xfffe }), rdata: octets(0, 40) });

/** A record of any type that a zone can have; few owners, so that compression has something to do. */
const anyRecord: fc.Arbitrary<MessageRecord> = fc
  .tuple(anyName, fc.oneof({ weight: 9, arbitrary: known }, unknown), fc.integer({ min: 0, max: 0x7fffffff }))
  .map(([owner, { type, rdata }, ttl]) => ({ owner, type, class: 1, ttl, rdata }));

const section = fc.array(anyRecord, { maxLength: 5 });
const flags = fc.record({
  qr: fc.boolean(),
  aa: fc.boolean(),
  tc: fc.boolean(),
  rd: fc.boolean(),
  ra: fc.boolean(),
  ad: fc.boolean(),
  cd: fc.boolean(),
});
const edns = fc.record({
  udpSize: u16,
  version: u8,
  do: fc.boolean(),
  options: fc.array(fc.record({ code: u16, data: octets(0, 20) }), { maxLength: 3 }),
});
const tsig = fc.tuple(anyName, rdataArbitraries['TSIG']!).map(([owner, value]) => ({
  owner,
  type: Type.TSIG,
  class: 255,
  ttl: 0,
  rdata: toWire(rdataType(Type.TSIG)!, value),
}));

/** Any message that can be encoded. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    id: u16,
    opcode: fc.integer({ min: 0, max: 15 }),
    rcode: fc.integer({ min: 0, max: 0xfff }),
    flags,
    questions: fc.array(fc.record({ name: anyName, type: u16, class: u16 }), { maxLength: 2 }),
    answers: section,
    authorities: section,
    additionals: section,
    edns: fc.option(edns, { nil: undefined }),
    tsig: fc.option(tsig, { nil: undefined }),
  })
  .map(({ edns: optional, tsig: last, rcode, additionals, ...fields }) =>
    newMessage({
      ...fields,
      additionals: last ? [...additionals, last] : additionals,
      rcode: optional ? rcode : rcode & 0xf,
      ...(optional && { edns: optional }),
    }),
  );
