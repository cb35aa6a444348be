import { type Random, randomInteger } from '../../src/core/random.ts';
import { signRequest, type TsigKey } from '../../src/dns/message/tsig.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Opcode } from '../../src/dns/wire/codes.ts';
import { Name } from '../../src/dns/wire/name.ts';

/*
 * Messages as clients send them, and as nobody should: each is built from its parts (questions, records with rdata of their types, OPT with
 * options, TSIG), any of which may be of a wrong kind, in a wrong place or twice; then it may be signed; then octets of it are changed.
 */

export interface FuzzedMessage {
  octets: Uint8Array;
  /** Seconds since the epoch at which it is read. */
  now: number;
}

/** What messages are about: names of the zones that are served, and the keys. */
export interface FuzzWorld {
  zones: readonly string[];
  labels: readonly string[];
  /** The first ones are known to the server. */
  keys: readonly TsigKey[];
}

const NOW = 1_800_000_000;
const opcodes = [
  ...Array<number>(20).fill(Opcode.QUERY),
  ...Array<number>(5).fill(Opcode.UPDATE),
  Opcode.NOTIFY,
  Opcode.IQUERY,
  Opcode.STATUS,
  6,
  15,
];
const questionTypes = [
  1, 1, 28, 15, 16, 2, 6, 43, 48, 46, 47, 50, 5, 39, 255, 251, 252, 252, 251, 41, 250, 128, 0, 65_280,
];
const recordTypes = [1, 28, 15, 16, 2, 6, 43, 5, 39, 33, 46, 47, 65, 257, 41, 250, 255, 0, 65_280];
const classes = [1, 1, 1, 1, 1, 1, 254, 255, 3, 0];

/** Makes messages without end. */
export function createMessages(random: Random, world: FuzzWorld): () => FuzzedMessage {
  const chance = (probability: number): boolean => random.float() < probability;
  const below = (bound: number): number => randomInteger(random, bound);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;

  /** Mostly a name of a zone; now and then with a pointer, a label of a wrong kind, or without its end. */
  const name = (into: number[]): void => {
    if (into.length > 12 && chance(0.4)) {
      into.push(0xc0, chance(0.9) ? 12 : below(256));
      return;
    }
    for (let labels = below(4); labels > 0; labels--) label(into, pick(world.labels));
    if (chance(0.02)) into.push(pick([0x40, 0x80, 0xc0, 0xff]), below(256));
    for (const each of (chance(0.95) ? pick(world.zones) : 'other.test').split('.')) label(into, each);
    if (chance(0.99)) into.push(0);
  };
  const label = (into: number[], text: string): void => {
    into.push(text.length);
    for (let i = 0; i < text.length; i++)
      into.push(chance(0.1) ? text.charCodeAt(i) ^ 0x20 : text.charCodeAt(i));
  };
  const put16 = (into: number[], value: number): void => void into.push((value >>> 8) & 0xff, value & 0xff);
  const put32 = (into: number[], value: number): void => {
    put16(into, value >>> 16);
    put16(into, value);
  };
  const some = (into: number[], most: number): void => void into.push(...random.bytes(below(most + 1)));

  const rdata = (into: number[], type: number): void => {
    switch (type) {
      case 1:
        return void into.push(...random.bytes(4));
      case 28:
        return void into.push(...random.bytes(16));
      case 2:
      case 5:
      case 39: {
        name(into);
        return;
      }
      case 15:
        put16(into, below(100));
        {
          name(into);
          return;
        }
      case 6:
        name(into);
        name(into);
        for (let i = 0; i < 5; i++) put32(into, below(2 ** 32));
        return;
      case 16: {
        const text = random.bytes(below(40));
        return void into.push(text.length, ...text);
      }
      default: {
        some(into, 60);
        return;
      }
    }
  };
  const record = (into: number[], type: number, rrClass: number): void => {
    name(into);
    put16(into, type);
    put16(into, rrClass);
    put32(into, chance(0.5) ? 0 : below(2 ** 32));
    sized(into, () => {
      if (rrClass === 1 || chance(0.2)) rdata(into, type);
    });
  };
  /** What `write` writes, behind its length; now and then behind another one. */
  const sized = (into: number[], write: () => void): void => {
    const at = into.length;
    put16(into, 0);
    write();
    const length = into.length - at - 2 + (chance(0.02) ? below(9) - 4 : 0);
    into[at] = (length >>> 8) & 0xff;
    into[at + 1] = length & 0xff;
  };
  const opt = (into: number[]): void => {
    if (chance(0.98)) into.push(0);
    else name(into);
    put16(into, Type.OPT);
    put16(into, pick([0, 512, 1232, 4096, 65_535, below(65_536)]));
    put32(into, (chance(0.9) ? 0 : below(2 ** 32)) | (chance(0.5) ? 0x8000 : 0));
    sized(into, () => {
      for (let options = below(4); options > 0; options--) {
        // Cookie, NSID, keepalive, padding, client subnet, error, zone version.
        put16(into, pick([10, 10, 3, 11, 12, 8, 15, 19, below(65_536)]));
        sized(into, () => void into.push(...random.bytes(pick([0, 2, 8, 16, 24, 40, 41, below(60)]))));
      }
    });
  };

  const build = (): number[] => {
    const message: number[] = [below(256), below(256)];
    const opcode = pick(opcodes);
    message.push((opcode << 3) | (chance(0.3) ? 1 : 0) | (chance(0.03) ? 0x80 : 0) | (chance(0.05) ? 6 : 0));
    message.push(chance(0.8) ? 0 : below(256));
    const isUpdate = opcode === Opcode.UPDATE;
    const questions = chance(0.97) ? 1 : below(4);
    const answers = isUpdate ? below(3) : chance(0.95) ? 0 : below(3);
    const authorities = isUpdate ? below(4) : chance(0.8) ? 0 : below(3);
    const withOpt = chance(0.7) ? 1 : chance(0.05) ? 2 : 0;
    const additionals = chance(0.95) ? 0 : below(3);
    for (const count of [questions, answers, authorities, additionals + withOpt]) put16(message, count);
    for (let i = 0; i < questions; i++) {
      name(message);
      put16(message, isUpdate && chance(0.9) ? Type.SOA : pick(questionTypes));
      put16(message, chance(0.95) ? 1 : pick(classes));
    }
    for (let i = answers + authorities + additionals; i > 0; i--)
      // IXFR has the SOA that the client has (RFC 1995 §3).
      record(message, chance(0.3) ? Type.SOA : pick(recordTypes), pick(classes));
    for (let i = 0; i < withOpt; i++) opt(message);
    return message;
  };
  /** Octets changed, put in, taken out, cut or added; counts of sections changed. */
  const damage = (octets: Uint8Array): Uint8Array => {
    const at = below(octets.length + 1);
    switch (below(7)) {
      case 0:
        return octets.subarray(0, at);
      case 1:
        return Buffer.concat([octets, random.bytes(below(40))]);
      case 2:
        return Buffer.concat([
          octets.subarray(0, at),
          octets.subarray(Math.min(octets.length, at + 1 + below(4))),
        ]);
      case 3:
        return Buffer.concat([octets.subarray(0, at), random.bytes(1 + below(4)), octets.subarray(at)]);
      case 4:
        return octets.with(Math.min(octets.length - 1, 4 + below(8)), below(4));
      default:
        return octets.with(
          Math.min(octets.length - 1, at),
          pick([octets[at] ?? 0, 0, 0xff, 0xc0, below(256)]) ^ (chance(0.5) ? 1 << below(8) : 0),
        );
    }
  };
  return () => {
    let octets: Uint8Array = Uint8Array.from(build());
    if (chance(0.05)) octets = damage(octets);
    if (chance(0.3) && octets.length >= 12)
      octets = signRequest(octets, pick(world.keys), NOW + (chance(0.1) ? below(2000) - 1000 : 0)).message;
    if (chance(0.4))
      for (let changes = 1 + below(3); changes > 0 && octets.length > 0; changes--) octets = damage(octets);
    return { octets: new Uint8Array(octets), now: NOW };
  };
}

/** Keys that the server has, one of the same name with another secret, and one that it has not. */
export function fuzzKeys(): { known: TsigKey[]; keys: TsigKey[] } {
  const secret = new Uint8Array(32).fill(1);
  const key = (text: string, algorithm: TsigKey['algorithm'], octets = secret): TsigKey => ({
    name: Name.parse(text),
    algorithm,
    secret: octets,
  });
  const known = [key('all.key', 'hmac-sha256'), key('some.key', 'hmac-sha512')];
  return {
    known,
    keys: [
      ...known,
      ...known,
      key('all.key', 'hmac-sha256', new Uint8Array(32).fill(2)),
      key('other.key', 'hmac-sha384'),
    ],
  };
}
