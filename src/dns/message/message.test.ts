import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyMessage } from '../../../test/kit/message-arbitraries.ts';
import { rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Class, Opcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { decodeMessage, encodeMessage, newMessage, type Message, type MessageRecord } from './message.ts';
import { Name } from '../wire/name.ts';

const example = Name.parse('example.com');
const record = (type: number, text: string, owner = example): MessageRecord => ({
  owner,
  type,
  class: Class.IN,
  ttl: 300,
  rdata: rdataFromText(type, text),
});
const question = { name: example, type: Type.MX, class: Class.IN };
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replace(/\s/g, ''), 'hex');

/** Names cache their keys, so messages are compared by their octets. */
const plain = (message: Message): unknown =>
  JSON.parse(
    JSON.stringify(message, (_, value: unknown) =>
      value instanceof Name
        ? Buffer.from(value.wire).toString('hex')
        : value instanceof Uint8Array
          ? Buffer.from(value).toString('hex')
          : value,
    ),
  );

// RFC 1035 §2.3.2 (the order of octets), §4.1.1, §4.1.3; RFC 1035 §4.1.4: RDLENGTH is that of the compressed name.
test('a response is written as expected', () => {
  const message = newMessage({
    id: 0x1234,
    flags: { qr: true, aa: true, rd: true },
    questions: [question],
    answers: [record(Type.MX, '10 mail.example.com.')],
    additionals: [record(Type.A, '192.0.2.1', Name.parse('mail.example.com'))],
    edns: { udpSize: 1232, version: 0, do: true, options: [] },
  });
  const bytes = encodeMessage(message);
  expect(Buffer.from(bytes).toString('hex')).toBe(
    '123485000001000100000002' +
      '076578616d706c6503636f6d00000f0001' +
      'c00c000f00010000012c0009000a046d61696cc00c' +
      'c02b000100010000012c0004c0000201' +
      '00002904d0000080000000',
  );
  expect(plain(decodeMessage(bytes))).toEqual(plain(message));
});

describe('properties', () => {
  test('decode(encode(x)) = x, compressed or not', () => {
    fc.assert(
      fc.property(anyMessage, fc.boolean(), (message, compress) => {
        expect(plain(decodeMessage(encodeMessage(message, { compress })))).toEqual(plain(message));
      }),
      { numRuns: 500 },
    );
  });

  test('compression never makes a message longer', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const whole = encodeMessage(message, { compress: false }).length;
        expect(encodeMessage(message).length).toBeLessThanOrEqual(whole);
      }),
    );
  });

  test('a size is kept, and what is left decodes', () => {
    fc.assert(
      fc.property(anyMessage, fc.integer({ min: 512, max: 1500 }), (message, maxSize) => {
        const fixed = encodeMessage({ ...message, answers: [], authorities: [], additionals: [] }).length;
        fc.pre(fixed + 400 <= maxSize);
        const bytes = encodeMessage(message, { maxSize });
        expect(bytes.length).toBeLessThanOrEqual(maxSize);
        const decoded = decodeMessage(bytes);
        expect(decoded.answers.length).toBeLessThanOrEqual(message.answers.length);
        expect(decoded.flags.tc || decoded.answers.length === message.answers.length).toBe(true);
        expect(decoded.edns).toEqual(message.edns);
      }),
    );
  });
});

describe('truncation', () => {
  const many = (count: number): MessageRecord[] =>
    Array.from({ length: count }, (_, i) => record(Type.A, `192.0.2.${i}`));

  test('leaves out whole RRsets and sets TC', () => {
    const answers = [record(Type.MX, '10 mail.example.com.'), ...many(60)];
    const message = newMessage({ id: 1, flags: { qr: true, aa: true }, questions: [question], answers });
    const decoded = decodeMessage(encodeMessage(message, { maxSize: 512 }));
    expect(decoded.answers.map(({ type }) => type)).toEqual([Type.MX]);
    expect(decoded.flags.tc).toBe(true);
  });

  test('leaves out additional data silently (RFC 2181 §9), but not glue (RFC 9471)', () => {
    const parts = { id: 1, questions: [question], additionals: many(60) };
    const authoritative = newMessage({ ...parts, flags: { qr: true, aa: true } });
    expect(decodeMessage(encodeMessage(authoritative, { maxSize: 512 })).flags.tc).toBe(false);
    const referral = newMessage({
      ...parts,
      flags: { qr: true },
      authorities: [record(Type.NS, 'ns1.example.com.')],
    });
    expect(decodeMessage(encodeMessage(referral, { maxSize: 512 })).flags.tc).toBe(true);
  });

  test('OPT and TSIG are always there', () => {
    const tsig = { ...record(Type.A, '192.0.2.1'), type: Type.TSIG, class: Class.ANY, ttl: 0 };
    tsig.rdata = new Uint8Array(17);
    const message = newMessage({
      id: 1,
      flags: { qr: true },
      questions: [question],
      answers: many(60),
      additionals: [...many(60), tsig],
      edns: { udpSize: 512, version: 0, do: false, options: [] },
    });
    const bytes = encodeMessage(message, { maxSize: 512 });
    const decoded = decodeMessage(bytes);
    expect(bytes.length).toBeLessThanOrEqual(512);
    expect(decoded.edns).toEqual(message.edns);
    expect(decoded.additionals.map(({ type }) => type)).toEqual([Type.TSIG]);
  });
});

describe('what is read leniently', () => {
  const header = '0001 0000 0000 0001 0000 0000';

  test('rdata names may be compressed where RFC 3597 §4 says so', () => {
    const message = decodeMessage(
      bytesOf(
        '0001 8000 0001 0001 0000 0000 0161 00 0021 0001 c00c 0021 0001 0000012c 0008 0001 0002 0003 c00c',
      ),
    );
    expect(message.answers[0]!.rdata).toEqual(rdataFromText(Type.SRV, '1 2 3 a.'));
  });

  test('a TTL with the top bit set counts as 0 (RFC 2181 §8)', () => {
    expect(decodeMessage(bytesOf(`${header} 00 0001 0001 ffffffff 0004 c0000201`)).answers[0]!.ttl).toBe(0);
  });

  test.each([Class.ANY, Class.NONE])('an update of class %i needs no rdata (RFC 2136 §2.4)', (rrClass) => {
    const message = newMessage({
      id: 1,
      opcode: Opcode.UPDATE,
      answers: [{ ...record(Type.MX, '0 .'), class: rrClass, ttl: 0, rdata: new Uint8Array(0) }],
    });
    expect(plain(decodeMessage(encodeMessage(message)))).toEqual(plain(message));
  });

  test('other classes have their own A', () => {
    const message = decodeMessage(bytesOf(`${header} 00 0001 0003 00000000 0003 0161 00`));
    expect(message.answers[0]!.rdata.length).toBe(3);
  });
});

// RFC 1035 §4.1.1 (counts), §4.1.3 (RDLENGTH).
describe('FormErr', () => {
  const opt = '00 0029 04d0 00000000 0000';
  const tsig = '00 00fa 00ff 00000000 0011 00 000000000000 0000 0000 0000 0000 0000';
  test.each([
    ['nothing', ''],
    ['half a header', '0001 0000 0000'],
    ['fewer records than counted', '0001 0000 0001 0000 0000 0000'],
    ['more octets than records', '0001 0000 0000 0000 0000 0000 00'],
    ['two OPT (RFC 6891 §6.1.1)', `0001 0000 0000 0000 0000 0002 ${opt} ${opt}`],
    ['OPT with an owner', '0001 0000 0000 0000 0000 0001 0161 00 0029 04d0 00000000 0000'],
    ['OPT as answer', `0001 0000 0000 0001 0000 0000 ${opt}`],
    ['OPT with half an option', '0001 0000 0000 0000 0000 0001 00 0029 04d0 00000000 0003 000a 00'],
    ['TSIG before OPT (RFC 8945 §5.1)', `0001 0000 0000 0000 0000 0002 ${tsig} ${opt}`],
    ['A of 3 octets', '0001 0000 0000 0001 0000 0000 00 0001 0001 00000000 0003 c00002'],
    ['A of no octets', '0001 0000 0000 0001 0000 0000 00 0001 0001 00000000 0000'],
    ['rdata past the end', '0001 0000 0000 0001 0000 0000 00 0001 0001 00000000 0005 c0000201'],
    ['DNAME compressed', '0001 0000 0000 0001 0000 0000 00 0027 0001 00000000 0002 c00c'],
    ['a name that points at itself', '0001 0000 0001 0000 0000 0000 c00c 0001 0001'],
  ])('%s', (_, hex) => {
    expect(() => decodeMessage(bytesOf(hex))).toThrow(FormErr);
  });

  test('a message beyond 65535 octets', () => {
    expect(() => decodeMessage(new Uint8Array(65536))).toThrow('longer than 65535 octets');
  });
});

test('an extended RCODE without EDNS is a bug of the caller', () => {
  expect(() => encodeMessage(newMessage({ id: 1, rcode: 16 }))).toThrow(RangeError);
});
