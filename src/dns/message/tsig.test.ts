import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyName, octets } from '../../../test/kit/arbitraries.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { decodeMessage, encodeMessage, newMessage } from './message.ts';
import {
  checkRequest,
  createTsigSession,
  putUnsignedError,
  readTsig,
  signRequest,
  tsigAlgorithms,
  type TsigKey,
  tsigSize,
  withoutTsig,
} from './tsig.ts';

const now = 1_700_000_000;
const key: TsigKey = {
  name: Name.parse('xfr.example'),
  algorithm: 'hmac-sha256',
  secret: Buffer.from('12345678901234567890123456789012'),
};
const question = (id = 7): Uint8Array =>
  encodeMessage(
    newMessage({ id, questions: [{ name: Name.parse('example.com'), type: Type.SOA, class: 1 }] }),
  );

const check = (message: Uint8Array, with_: TsigKey | undefined = key, at = now) =>
  checkRequest(message, readTsig(message)!, with_, at);

/** Room for a signature behind a message. */
function room(message: Uint8Array, more = 300): Uint8Array {
  const out = new Uint8Array(message.length + more);
  out.set(message);
  return out;
}

/** Requests that BIND's dig 9.18 signed at the times that stand in them: the key Xfr.Example, `question` with EDNS. */
const digs: [TsigKey['algorithm'], string][] = [
  [
    'hmac-sha256',
    '495e01200001000000000002076578616d706c6503636f6d000006000100002904d000000000000003786672076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006b0bb1ae012c00206dee37d2c34dcfd5d8454e0c908dd3e1b25f5bbc8a3d88a977b2caea1f906f48495e00000000',
  ],
  [
    'hmac-sha384',
    '059601200001000000000002076578616d706c6503636f6d000006000100002904d000000000000003786672076578616d706c650000fa00ff00000000004d0b686d61632d7368613338340000006b0bb1af012c0030add4a8a5bb3a41ac7d92b4306cb258aa5730cf1758a7c2f7a9d3b78c590af15b628f111d316c369772c69ffa41f4cab7059600000000',
  ],
  [
    'hmac-sha512',
    'f69101200001000000000002076578616d706c6503636f6d000006000100002904d000000000000003786672076578616d706c650000fa00ff00000000005d0b686d61632d7368613531320000006b0bb1b0012c0040842def1c91db02da7a9ec6b18fa3e2a606eae03085631f99c87570ed2d8bed5797a42f1049edf4457425ebeb3fc23dd5f729d6a5446817929b5dfaa279a1a421f69100000000',
  ],
];

describe('requests', () => {
  test.each(digs)('RFC 8945 §4.3.3, §6: of dig -y %s', (algorithm, hex) => {
    const message = Buffer.from(hex, 'hex');
    const signed = readTsig(message)!;
    expect(check(message, { ...key, algorithm }, signed.timeSigned + 300).kind).toBe('valid');
    expect(check(message, { ...key, algorithm }, signed.timeSigned + 301)).toMatchObject({
      error: Rcode.BADTIME,
    });
    expect(decodeMessage(withoutTsig(message, signed)).additionals).toEqual([]);
  });

  test('a key that is not there, has another algorithm or another secret', () => {
    const { message } = signRequest(question(), key, now);
    expect(check(message).kind).toBe('valid');
    expect(checkRequest(message, readTsig(message)!, undefined, now)).toMatchObject({ error: Rcode.BADKEY });
    expect(check(message, { ...key, algorithm: 'hmac-sha512' })).toMatchObject({ error: Rcode.BADKEY });
    expect(check(message, { ...key, secret: Buffer.from('another') })).toMatchObject({
      error: Rcode.BADSIG,
      session: undefined,
    });
  });

  test('the signature is looked at before the time (RFC 8945 §5.2)', () => {
    const { message } = signRequest(question(), key, now - 1000);
    expect(check(message)).toMatchObject({ error: Rcode.BADTIME });
    expect(check(message, { ...key, secret: Buffer.from('another') })).toMatchObject({ error: Rcode.BADSIG });
  });

  test('the id may change on the way (RFC 8945 §5.3)', () => {
    const { message } = signRequest(question(), key, now);
    message[0] = 0xff;
    expect(check(message).kind).toBe('valid');
    expect(decodeMessage(withoutTsig(message, readTsig(message)!)).id).toBe(7);
  });

  test('RFC 8945 §5.2.2: any change of an octet is noticed', () => {
    const { message } = signRequest(question(), key, now);
    // The id is not signed, nor the case of names in the TSIG record.
    for (let at = 2; at < message.length; at++) {
      const changed = message.slice();
      changed[at]! ^= 0x80;
      let kind = 'none';
      try {
        const signed = readTsig(changed);
        kind = signed ? checkRequest(changed, signed, key, now).kind : 'none';
      } catch (error) {
        expect(error).toBeInstanceOf(FormErr);
      }
      expect(kind, `octet ${at}`).not.toBe('valid');
    }
  });

  test('a signature that is cut (RFC 8945 §5.2.2.1, §5.2.4)', () => {
    const { message } = signRequest(question(), key, now);
    const cutTo = (length: number): Uint8Array => {
      const whole = decodeMessage(message);
      const tsig = whole.additionals[0]!;
      const at = tsig.rdata.length - 32 - 6;
      const { rdata } = tsig;
      const cut = Buffer.concat([
        rdata.slice(0, at - 2),
        Buffer.from([0, length]),
        rdata.slice(at, at + length),
        rdata.slice(-6),
      ]);
      return encodeMessage({ ...whole, additionals: [{ ...tsig, rdata: cut }] });
    };
    expect(check(cutTo(32)).kind).toBe('valid');
    expect(check(cutTo(16))).toMatchObject({ error: Rcode.BADTRUNC, session: { key } });
    expect(() => check(cutTo(15))).toThrow(FormErr);
  });

  test('a TSIG that is not the last record, or has a class or a TTL, is an error of form (RFC 8945 §4.2, §5.1)', () => {
    const { message } = signRequest(question(), key, now);
    const whole = decodeMessage(message);
    const [tsig] = whole.additionals;
    const text = { owner: Name.root, type: Type.A, class: 1, ttl: 0, rdata: Uint8Array.of(1, 2, 3, 4) };
    const joined = encodeMessage({ ...whole, additionals: [text, tsig!] });
    expect(readTsig(joined)?.key.toText()).toBe('xfr.example');
    expect(() => readTsig(encodeMessage({ ...whole, answers: [tsig!], additionals: [] }))).toThrow(FormErr);
    expect(() => readTsig(encodeMessage({ ...whole, additionals: [{ ...tsig!, ttl: 1 }] }))).toThrow(FormErr);
    expect(() => readTsig(encodeMessage({ ...whole, additionals: [{ ...tsig!, class: 1 }] }))).toThrow(
      FormErr,
    );
    expect(() => readTsig(message.slice(0, -1))).toThrow(FormErr);
    expect(() => readTsig(Buffer.concat([message, Uint8Array.of(0)]))).toThrow(FormErr);
    expect(readTsig(question())).toBeUndefined();
  });

  test('RFC 8945 §4.2, §5.1: every name, secret and algorithm, and times of 48 bits', () => {
    const keys = fc.record({
      name: anyName,
      algorithm: fc.constantFrom(...tsigAlgorithms),
      secret: octets(1, 100),
    });
    fc.assert(
      fc.property(keys, fc.integer({ min: 0, max: 2 ** 48 - 1 }), (any, time) => {
        const { message } = signRequest(question(), any, time);
        expect(check(message, any, time).kind).toBe('valid');
        expect(message.length).toBe(question().length + tsigSize(any));
      }),
    );
  });
});

describe('answers', () => {
  const exchange = (time = now) => {
    const { message, session } = signRequest(question(), key, time);
    const signed = readTsig(message)!;
    return { signed, client: session, server: createTsigSession(key, signed.mac) };
  };
  const send = (server: ReturnType<typeof exchange>['server'], message: Uint8Array): Uint8Array => {
    const out = room(message);
    return out.slice(0, server.sign(out, message.length, now));
  };

  test('many messages, each signed after the one before (RFC 8945 §5.3.1)', () => {
    const { client, server } = exchange();
    for (let i = 0; i < 5; i++) expect(client.verify(send(server, question()), now, i === 4)).toBeUndefined();
    const lost = send(server, question());
    expect(lost.length).toBeGreaterThan(0);
    expect(client.verify(send(server, question()), now, true)).toBe('the signature is wrong');
  });

  test('up to 99 of them without a signature, but not the first and the last (RFC 8945 §5.3.1)', () => {
    const { client, server } = exchange();
    expect(exchange().client.verify(question(), now, false)).toBe('a message is not signed');
    expect(client.verify(send(server, question()), now, false)).toBeUndefined();
    for (let i = 0; i < 99; i++) expect(client.verify(question(), now, false)).toBeUndefined();
    expect(client.verify(question(), now, false)).toBe('a message is not signed');
    expect(client.verify(question(), now, true)).toBe('a message is not signed');
  });

  test('BADTIME tells our time, signed, and repeats that of the request (RFC 8945 §5.2.3)', () => {
    const { signed, client, server } = exchange(now - 1000);
    const out = room(question());
    const length = server.signError(out, question().length, signed, Rcode.BADTIME, now);
    const error = readTsig(out.slice(0, length))!;
    expect(error).toMatchObject({ timeSigned: now - 1000, error: Rcode.BADTIME });
    expect(Buffer.from(error.otherData).readUIntBE(0, 6)).toBe(now);
    expect(client.verify(out.slice(0, length), now, true)).toContain('BADTIME');
  });

  test('BADKEY and BADSIG have no signature (RFC 8945 §5.2.1, §5.2.2)', () => {
    const { signed, client } = exchange();
    const out = room(question());
    const length = putUnsignedError(out, question().length, signed, Rcode.BADKEY, now);
    expect(readTsig(out.slice(0, length))).toMatchObject({ error: Rcode.BADKEY, mac: new Uint8Array(0) });
    expect(client.verify(out.slice(0, length), now, true)).toContain('BADKEY');
  });

  test('a time that is wrong, another key, a signature of somebody else', () => {
    const { client, server, signed } = exchange();
    const answer = send(server, question());
    expect(
      exchange().client.verify(send(createTsigSession(key, new Uint8Array(32)), question()), now, true),
    ).toBe('the signature is wrong');
    expect(client.verify(answer, now + 301, true)).toBe('the clocks are too far apart');
    const other = { ...key, name: Name.parse('other.example') };
    expect(client.verify(send(createTsigSession(other, signed.mac), question()), now, true)).toBe(
      'it is signed with another key',
    );
    expect(client.verify(answer, now, true)).toBeUndefined();
  });
});
