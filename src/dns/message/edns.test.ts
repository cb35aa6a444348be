import { describe, expect, test } from 'vitest';
import { rcodeName } from '../wire/codes.ts';
import { decodeEdns, encodeEdns } from './edns.ts';
import * as options from './edns-options.ts';
import { FormErr } from '../wire/form-error.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

test('the fields of OPT (RFC 6891 §6.1)', () => {
  const edns = { udpSize: 1232, version: 1, do: true, options: [options.nsid('ns1')] };
  const fields = encodeEdns(edns, 0xfab);
  expect(fields).toMatchObject({ class: 1232, ttl: 0xfa018000 });
  expect(Buffer.from(fields.rdata).toString('hex')).toBe('000300036e7331');
  expect(decodeEdns(fields)).toMatchObject({
    edns: { udpSize: 1232, version: 1, do: true },
    extendedRcode: 0xfa,
  });
});

describe('options', () => {
  test('extended error (RFC 8914 §2)', () => {
    const option = options.extendedError(options.ExtendedError.NOT_READY, 'später');
    expect(options.readExtendedError(option)).toEqual({ code: 14, text: 'später' });
    expect(options.readExtendedError({ code: 15, data: bytes('00126e6f00') })).toEqual({
      code: 18,
      text: 'no',
    });
    expect(() => options.readExtendedError({ code: 15, data: bytes('00') })).toThrow(FormErr);
  });

  test('cookie (RFC 7873)', () => {
    const client = bytes('0102030405060708');
    const server = bytes('1112131415161718');
    expect(options.cookie({ client }).data).toHaveLength(8);
    const { client: readClient, server: readServer } = options.readCookie(options.cookie({ client, server }));
    expect(Buffer.concat([readClient, readServer!])).toEqual(Buffer.concat([client, server]));
    expect(options.readCookie(options.cookie({ client })).server).toBeUndefined();
  });

  test.each([0, 7, 9, 15, 41])('a cookie of %i octets is refused (RFC 7873 §5.2.2)', (length) => {
    expect(() => options.readCookie({ code: 10, data: new Uint8Array(length) })).toThrow(FormErr);
  });

  test('TCP keepalive (RFC 7828 §3.1)', () => {
    expect(options.readTcpKeepalive(options.tcpKeepalive(600))).toBe(600);
    expect(options.readTcpKeepalive({ code: 11, data: new Uint8Array(0) })).toBeUndefined();
    expect(() => options.readTcpKeepalive({ code: 11, data: new Uint8Array(1) })).toThrow(FormErr);
  });

  test('padding and look-up by code', () => {
    const list = [options.nsid(''), options.padding(5)];
    expect(options.findOption(list, options.EdnsOptionCode.PADDING)?.data).toEqual(new Uint8Array(5));
    expect(options.findOption(list, 99)).toBeUndefined();
  });
});

test.each([
  [rcodeName(0), 'NOERROR'],
  [rcodeName(16), 'BADVERS'],
  [rcodeName(23), 'BADCOOKIE'],
  [rcodeName(99), 'RCODE99'],
])('codes have names: %s', (name, expected) => {
  expect(name).toBe(expected);
});
