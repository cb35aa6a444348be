import { describe, expect, test } from 'vitest';
import { NAMED, type NamedRdata, namedRdata } from '../../../test/kit/named-rdata.ts';
import { canonicalRdata, rdataFromText, typeCode } from '../rdata/registry.ts';
import { Class } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { decodeMessage, encodeMessage, newMessage } from './message.ts';

const name = Name.parse(NAMED);
const rdataOf = ({ type, text }: NamedRdata): Uint8Array => rdataFromText(typeCode(type)!, text);
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** A message whose question is for the name, and whose answer has rdata that points there. */
function withPointers(named: NamedRdata): Uint8Array {
  const type = typeCode(named.type)!;
  const rdata = Buffer.from(hex(rdataOf(named)).replaceAll(hex(name.wire), 'c00c'), 'hex');
  const message = newMessage({ id: 1, flags: { qr: true }, questions: [{ name, type, class: Class.IN }] });
  const question = encodeMessage(message).with(7, 1);
  const fixed = Uint8Array.of(0xc0, 12, type >> 8, type, 0, Class.IN, 0, 0, 0, 60, 0, rdata.length);
  return Uint8Array.from([...question, ...fixed, ...rdata]);
}

/** A message that could point from rdata to its question. */
function sent(named: NamedRdata): Uint8Array {
  const type = typeCode(named.type)!;
  const record = { owner: name, type, class: Class.IN, ttl: 60, rdata: rdataOf(named) };
  return encodeMessage(
    newMessage({ id: 1, questions: [{ name, type, class: Class.IN }], answers: [record] }),
  );
}

describe('names in rdata', () => {
  test.each(namedRdata)('RFC 3597 §4: of $type, received compressed', (named) => {
    const received = withPointers(named);
    if (named.isDecompressed) expect(decodeMessage(received).answers[0]!.rdata).toEqual(rdataOf(named));
    else expect(() => decodeMessage(received)).toThrow(FormErr);
  });

  test.each(namedRdata)('RFC 3597 §4: of $type, sent', (named) => {
    const behindQuestion = sent(named).subarray(12 + name.wire.length + 4);
    const isWhole = hex(behindQuestion).includes(hex(rdataOf(named)));
    expect(isWhole).toBe(named.isWellKnown !== true);
    expect(decodeMessage(sent(named)).answers[0]!.rdata).toEqual(rdataOf(named));
  });

  test.each(namedRdata)('RFC 3597 §7: of $type, in canonical form', (named) => {
    const lower = { ...named, text: named.text.replaceAll(NAMED, NAMED.toLowerCase()) };
    const expected = named.isDowncased ? lower : named;
    expect(canonicalRdata(typeCode(named.type)!, rdataOf(named))).toEqual(rdataOf(expected));
  });
});
