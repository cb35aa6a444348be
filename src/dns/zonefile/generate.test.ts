import { describe, expect, test } from 'vitest';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from './parse.ts';
import { printRecord } from './print.ts';

function read(text: string): unknown {
  const result = parseZoneFile(`$TTL 60\n${text}`, {
    origin: Name.parse('example.com'),
    limits: { generated: 1000, generatedText: 100_000 },
  });
  return result.ok ? result.records.map(printRecord) : result.errors;
}

// What BIND 9.18 makes of the same lines (the interop tests run it).
test.each([
  ['1-2 h$ A 192.0.2.$', ['h1.example.com. 60 IN A 192.0.2.1', 'h2.example.com. 60 IN A 192.0.2.2']],
  ['0-20/10 h$ A 192.0.2.1', [0, 10, 20].map((n) => `h${n}.example.com. 60 IN A 192.0.2.1`)],
  ['0-5/4 h$ A 192.0.2.1', [0, 4].map((n) => `h${n}.example.com. 60 IN A 192.0.2.1`)],
  ['5-5 h 5 IN A 192.0.2.$', ['h.example.com. 5 IN A 192.0.2.5']],
  ['5-5 h${-5}${5,4}${0,3,x}${0,0,X} A 192.0.2.1', ['h000100055.example.com. 60 IN A 192.0.2.1']],
  ['254-254 h${0,4,x}${0,4,X}${0,4,o} A 192.0.2.1', ['h00fe00FE0376.example.com. 60 IN A 192.0.2.1']],
  ['17-17 ${0,3,n} A 192.0.2.1', ['1.1.example.com. 60 IN A 192.0.2.1']],
  ['17-17 ${0,4,n}x A 192.0.2.1', ['1.1.x.example.com. 60 IN A 192.0.2.1']],
  ['17-17 ${0,1,n} A 192.0.2.1', ['1.1.example.com. 60 IN A 192.0.2.1']],
  ['28-28 ${0,5,N} A 192.0.2.1', ['C.1.0.example.com. 60 IN A 192.0.2.1']],
  ['1-1 \\$x$$y A 192.0.2.1', ['\\$x\\$y.example.com. 60 IN A 192.0.2.1']],
  ['1-1 h$ MX "10 mx$"', ['h1.example.com. 60 IN MX 10 mx1.example.com.']],
  ['1-1 h$ MX 10 mx$', ['h1.example.com. 60 IN MX 10 mx1.example.com.']],
  ['1-1 h$ TXT "\\"a $\\""', ['h1.example.com. 60 IN TXT "a 1"']],
  ['1-1 h$ TXT "a $"', ['h1.example.com. 60 IN TXT "a" "1"']],
  ['2147483647-2147483647 h$ A 192.0.2.1', ['h2147483647.example.com. 60 IN A 192.0.2.1']],
])('$GENERATE %s', (line, records) => {
  expect(read(`$GENERATE ${line}`)).toEqual(records);
});

describe('errors', () => {
  test.each([
    ['1-2', 1, /takes a range/],
    ['2-1 a A 192.0.2.1', 11, /a range is/],
    ['1-2/0 a A 192.0.2.1', 11, /a range is/],
    ['x a A 192.0.2.1', 11, /a range is/],
    ['1-9999999999 a A 192.0.2.1', 11, /a range is/],
    ['1-1001 a A 192.0.2.1', 11, /would make 1001 records; 1000 is the limit/],
    ['1-2 a${x} A 192.0.2.1', 15, /OFFSET,WIDTH,BASE/],
    ['1-2 a${0,256} A 192.0.2.1', 15, /OFFSET,WIDTH,BASE/],
    ['1-2 a${-2} A 192.0.2.1', 15, /out of range/],
    ['1-2 a${0 A 192.0.2.1', 15, /is cut/],
    ['250-260 a$ A 192.0.2.$', 24, /./],
    ['1-2 a', 15, /no type/],
    ['1-2 a A', 17, /missing/],
  ])('$GENERATE %s', (line, column, message) => {
    expect(read(`$GENERATE ${line}`)).toEqual([
      { file: 'zone file', line: 2, column, message: expect.stringMatching(message) as string },
    ]);
  });

  test('short templates of long texts', () => {
    expect(read(`$GENERATE 1-500 a TXT ${'"${0,250}" '.repeat(40)}`)).toMatchObject([
      { column: 11, message: '$GENERATE makes more than 100000 characters' },
    ]);
  });

  test('the limit counts all of them', () => {
    const line = '$GENERATE 1-600 h$ A 192.0.2.1\n';
    expect(read(line + line)).toMatchObject([{ line: 3, column: 11 }]);
  });
});
