import { expect, test } from 'vitest';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { opt } from './opt.ts';
import { fromWire, printRdata, toWire } from './registry.ts';
import { tsig } from './tsig.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const hmacSha256 = '0b686d61632d73686132353600';

test.each([
  ['a signed request', `${hmacSha256}00006553f100012c0004deadbeef04d200000000`, 0, ''],
  [
    'BADTIME with the time',
    `${hmacSha256}00006553f100012c0004deadbeef04d20012000600006553f200`,
    18,
    '00006553f200',
  ],
])('TSIG: %s (RFC 8945 §4.2)', (_, wire, error, otherData) => {
  const value = {
    algorithm: Name.parse('hmac-sha256.'),
    timeSigned: 1_700_000_000,
    fudge: 300,
    mac: hex('deadbeef'),
    originalId: 1234,
    error,
    otherData: hex(otherData),
  };
  expect(Buffer.from(toWire(tsig, value)).toString('hex')).toBe(wire);
  expect(fromWire(tsig, hex(wire))).toMatchObject({ ...value, algorithm: expect.anything() as unknown });
});

test('TSIG is printed as dig does', () => {
  const print = (wire: string): string => printRdata(250, hex(`${hmacSha256}${wire}`));
  expect(print('00006553f100012c0004deadbeef04d200000000')).toBe(
    'hmac-sha256. 1700000000 300 4 3q2+7w== 1234 NOERROR 0',
  );
  expect(print('ffffffffffff012c000004d200100000')).toBe('hmac-sha256. 281474976710655 300 0 1234 BADSIG 0');
});

test.each([
  ['c00c00006553f100012c000004d200000000', 'must not be compressed'],
  [`${hmacSha256}00006553f100012c0005deadbeef`, 'past the end'],
  [`${hmacSha256}00006553f100012c000004d20000000000`, 'longer than its content'],
])('TSIG %s is refused (RFC 8945 §4.2)', (wire, message) => {
  expect(() => fromWire(tsig, hex(wire))).toThrow(FormErr);
  expect(() => fromWire(tsig, hex(wire))).toThrow(message);
});

test('OPT is a list of options', () => {
  expect(fromWire(opt, hex('0003000000080002abcd'))).toEqual({
    options: [
      { code: 3, data: new Uint8Array(0) },
      { code: 8, data: hex('abcd') },
    ],
  });
  expect(printRdata(41, hex('00030000'))).toBe('\\# 4 00030000');
});

test.each(['0003', '00030001', '000300'])('OPT %s is refused', (wire) => {
  expect(() => fromWire(opt, hex(wire))).toThrow(FormErr);
});
