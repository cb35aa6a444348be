import { expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { caa } from './caa.ts';
import { hinfo } from './hinfo.ts';
import { printRdata, rdataFromText } from './registry.ts';
import { txt } from './txt.ts';
import { uri } from './uri.ts';

checkRdata(txt, 'RFC 1035 §3.3.14', {
  good: [
    [
      '"v=spf1 mx -all" "a\\"b\\\\c\\255" plain ""',
      '0e763d73706631206d78202d616c6c066122625c63ff05706c61696e00',
      '"v=spf1 mx -all" "a\\"b\\\\c\\255" "plain" ""',
    ],
  ],
  bad: [
    ['', 'text is missing'],
    ['"a\\256"', 'an escape that is not'],
    ['"a\\12"', 'an escape that is not'],
    ['"a', 'left open'],
    ['a\\', 'left open'],
    // RFC 1035 §3.3.
    [`"${'x'.repeat(256)}"`, 'text is 256 octets long; 255 is the limit'],
  ],
  malformed: [
    ['', 'empty'],
    ['0361', 'past the end'],
  ],
});

test('text outside ASCII is taken as UTF-8', () => {
  expect(Buffer.from(rdataFromText(16, '"é"')).toString('hex')).toBe('02c3a9');
});

test('rdata beyond 65535 octets is refused', () => {
  const strings = new Array<string>(256).fill(`"${'x'.repeat(255)}"`);
  expect(() => rdataFromText(16, strings.join(' '))).toThrow('65535 is the limit');
});

checkRdata(hinfo, 'RFC 1035 §3.3.2', {
  good: [['"PDP-11" UNIX', '065044502d313104554e4958', '"PDP-11" "UNIX"']],
  bad: [['PDP-11', 'operating system is missing']],
  malformed: [['0161', 'past the end']],
});

checkRdata(caa, 'RFC 8659 §4.1, §4.1.1', {
  good: [
    ['0 issue ";"', '000569737375653b'],
    [
      '128 issue "letsencrypt.org; validationmethods=dns-01"',
      '800569737375656c657473656e63727970742e6f72673b2076616c69646174696f6e6d6574686f64733d646e732d3031',
    ],
    [
      '0 iodef mailto:a@example.com',
      '0005696f6465666d61696c746f3a61406578616d706c652e636f6d',
      '0 iodef "mailto:a@example.com"',
    ],
  ],
  bad: [
    ['256 issue "x"', 'flags must be a number from 0 to 255'],
    ['0 is-sue "x"', 'tag must be made of letters and digits'],
    ['0 issue', 'value is missing'],
    ['0 issue a b', 'nothing more is expected'],
  ],
  malformed: [
    ['0000', 'letters and digits'],
    ['00012d61', 'letters and digits'],
    ['0005697373', 'past the end'],
  ],
});

checkRdata(uri, 'RFC 7553 §4.2, §4.3, §4.4, §4.5', {
  good: [
    [
      '10 1 "ftp://ftp1.example.com/public"',
      '000a00016674703a2f2f667470312e6578616d706c652e636f6d2f7075626c6963',
    ],
  ],
  bad: [
    ['65536 1 "a:"', 'priority must be a number from 0 to 65535'],
    ['1 65536 "a:"', 'weight must be a number from 0 to 65535'],
    ['1 1 ""', 'target must not be empty'],
  ],
  malformed: [['00010001', 'empty']],
});

test.each([
  ['RFC 7553 §4.4', 256, '10 1'],
  ['RFC 8659 §4.1.1', 257, '0 issue'],
])('%s: the text of type %i may be longer than 255 octets', (_source, type, before) => {
  const text = `${before} "${'x'.repeat(300)}"`;
  expect(printRdata(type, rdataFromText(type, text))).toBe(text);
});
