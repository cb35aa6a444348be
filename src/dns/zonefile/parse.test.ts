import { describe, expect, test } from 'vitest';
import { Name } from '../wire/name.ts';
import { parseZoneFile, parsing, type ZoneFileOptions } from './parse.ts';
import { printRecord } from './print.ts';

const origin = Name.parse('example.com');

/** The records in one line each, or the errors. */
function read(text: string, options: ZoneFileOptions = { origin }): unknown {
  const result = parseZoneFile(text, options);
  return result.ok ? result.records.map(printRecord) : result.errors;
}

/** The forms that entries have (RFC 1034 §3.6.1, RFC 1035 §5.1), and what later RFCs and BIND add. */
const cases: [what: string, text: string, records: string[]][] = [
  ['nothing', '', []],
  ['comments and blank lines', '; a comment\n\n  \t\n   ; another', []],
  ['ttl, then class', 'www 300 IN A 192.0.2.1\n', ['www.example.com. 300 IN A 192.0.2.1']],
  ['class, then ttl', 'www IN 300 A 192.0.2.1\n', ['www.example.com. 300 IN A 192.0.2.1']],
  ['no class', 'www 300 A 192.0.2.1\n', ['www.example.com. 300 IN A 192.0.2.1']],
  ['lower case', 'www 300 in a 192.0.2.1\n', ['www.example.com. 300 IN A 192.0.2.1']],
  [
    'RFC 3597 §5: class and type by number',
    'www 300 CLASS1 TYPE1 192.0.2.1\n',
    ['www.example.com. 300 IN A 192.0.2.1'],
  ],
  ['no newline at the end', 'www 300 A 192.0.2.1', ['www.example.com. 300 IN A 192.0.2.1']],
  ['a comment without a newline', 'www 300 A 192.0.2.1;end', ['www.example.com. 300 IN A 192.0.2.1']],
  ['CRLF', '$TTL 300\r\nwww A 192.0.2.1\r\n\r\n', ['www.example.com. 300 IN A 192.0.2.1']],
  ['a byte order mark', '\ufeffwww 300 A 192.0.2.1', ['www.example.com. 300 IN A 192.0.2.1']],
  ['tabs', 'www\t300\tIN\tA\t192.0.2.1', ['www.example.com. 300 IN A 192.0.2.1']],
  ['@', '@ 300 MX 10 @', ['example.com. 300 IN MX 10 example.com.']],
  [
    'absolute names',
    'a.example.net. 300 MX 10 b.example.net.',
    ['a.example.net. 300 IN MX 10 b.example.net.'],
  ],
  ['case of names kept', 'WWW.Sub 300 A 192.0.2.1', ['WWW.Sub.example.com. 300 IN A 192.0.2.1']],
  [
    'blank owners',
    'www 300 A 192.0.2.1\n\t300 A 192.0.2.2\n\n 300 A 192.0.2.3',
    [1, 2, 3].map((n) => `www.example.com. 300 IN A 192.0.2.${n}`),
  ],
  ['escapes in owners', 'a\\.b\\032\\; 300 A 192.0.2.1', ['a\\.b\\032\\;.example.com. 300 IN A 192.0.2.1']],
  [
    'owners like a class, a type, a TTL',
    'IN 300 A 192.0.2.1\nA 300 A 192.0.2.1\n300 300 A 192.0.2.1',
    [
      'IN.example.com. 300 IN A 192.0.2.1',
      'A.example.com. 300 IN A 192.0.2.1',
      '300.example.com. 300 IN A 192.0.2.1',
    ],
  ],
  ['a wildcard', '* 300 A 192.0.2.1', ['*.example.com. 300 IN A 192.0.2.1']],
  ['quoted strings', 'a 300 TXT "x y" "a;b(" z', ['a.example.com. 300 IN TXT "x y" "a;b(" "z"']],
  ['quotes side by side', 'a 300 TXT "x""y"z"w"', ['a.example.com. 300 IN TXT "x" "y" "z" "w"']],
  ['an empty string', 'a 300 TXT ""', ['a.example.com. 300 IN TXT ""']],
  [
    'escapes in strings',
    'a 300 TXT "\\"\\\\\\065" b\\ c\\;',
    ['a.example.com. 300 IN TXT "\\"\\\\A" "b c;"'],
  ],
  [
    'rdata over several lines',
    'a 300 MX ( ; why\n 10 ; high\n\n\tmx )',
    ['a.example.com. 300 IN MX 10 mx.example.com.'],
  ],
  [
    'parentheses in parentheses',
    'a ( 300 ( MX 10\n ) mx\n)',
    ['a.example.com. 300 IN MX 10 mx.example.com.'],
  ],
  ['parentheses without blanks', 'a 300 MX(10\nmx)', ['a.example.com. 300 IN MX 10 mx.example.com.']],
  ['an owner on a continued line', '(\nwww 300 A 192.0.2.1\n)', ['www.example.com. 300 IN A 192.0.2.1']],
  [
    'a blank owner before a parenthesis',
    'w 300 A 192.0.2.1\n (\nA 192.0.2.2)',
    ['w.example.com. 300 IN A 192.0.2.1', 'w.example.com. 300 IN A 192.0.2.2'],
  ],
  ['a line that closes and goes on', 'a 300 MX (\n10 ) mx', ['a.example.com. 300 IN MX 10 mx.example.com.']],
  [
    'RFC 3597 §5: an unknown type',
    'a 300 TYPE65280 \\# 3 0102 03',
    ['a.example.com. 300 IN TYPE65280 \\# 3 010203'],
  ],
  [
    'RFC 3597 §5: a known type in generic form',
    'a 300 A \\# 4 C0000201',
    ['a.example.com. 300 IN A 192.0.2.1'],
  ],
  ['RFC 3597 §5: empty generic rdata', 'a 300 TYPE65280 \\# 0', ['a.example.com. 300 IN TYPE65280 \\# 0']],
  [
    '$ORIGIN',
    '$ORIGIN sub\na 300 A 192.0.2.1\n$origin x.\na 300 A 192.0.2.1',
    ['a.sub.example.com. 300 IN A 192.0.2.1', 'a.x. 300 IN A 192.0.2.1'],
  ],
  [
    '$ORIGIN keeps the owner',
    'a 300 A 192.0.2.1\n$ORIGIN sub\n 300 A 192.0.2.2',
    ['a.example.com. 300 IN A 192.0.2.1', 'a.example.com. 300 IN A 192.0.2.2'],
  ],
  [
    'RFC 2308 §4: $TTL, and another',
    '$TTL 1h30m\na A 192.0.2.1\n$TTL 1W2d3h4M5s\na A 192.0.2.2',
    ['a.example.com. 5400 IN A 192.0.2.1', 'a.example.com. 788645 IN A 192.0.2.2'],
  ],
  [
    'RFC 2308 §4: $TTL before the last TTL',
    '$TTL 60\na 300 A 192.0.2.1\na A 192.0.2.2',
    ['a.example.com. 300 IN A 192.0.2.1', 'a.example.com. 60 IN A 192.0.2.2'],
  ],
  [
    'RFC 2308 §4: the original TTL for a signature',
    '$TTL 60\na RRSIG A 13 3 300 20300102030405 20291211100908 1 @ AAAA',
    ['a.example.com. 300 IN RRSIG A 13 3 300 20300102030405 20291211100908 1 example.com. AAAA'],
  ],
  [
    'the last TTL without $TTL',
    'a 300 A 192.0.2.1\na A 192.0.2.2',
    ['a.example.com. 300 IN A 192.0.2.1', 'a.example.com. 300 IN A 192.0.2.2'],
  ],
  [
    'the SOA minimum without any TTL',
    '@ SOA ns hostmaster 1 2 3 4 600\n@ NS ns',
    [
      'example.com. 600 IN SOA ns.example.com. hostmaster.example.com. 1 2 3 4 600',
      'example.com. 600 IN NS ns.example.com.',
    ],
  ],
  ['RFC 2181 §8: the largest TTL', 'a 2147483647 A 192.0.2.1', ['a.example.com. 2147483647 IN A 192.0.2.1']],
];

test.each(cases)('%s', (_what, text, records) => {
  expect(read(text)).toEqual(records);
});

describe('options', () => {
  test('the default TTL stands for $TTL until there is one', () => {
    const text = 'a 9 A 192.0.2.1\na A 192.0.2.2\n$TTL 8\na A 192.0.2.3';
    expect(read(text, { origin, defaultTtl: 7 })).toEqual([
      'a.example.com. 9 IN A 192.0.2.1',
      'a.example.com. 7 IN A 192.0.2.2',
      'a.example.com. 8 IN A 192.0.2.3',
    ]);
  });

  test('without an origin, absolute names and $ORIGIN do', () => {
    const text = 'a.example.com. 1 MX 1 b.example.com.\n$ORIGIN example.net.\nc 1 MX 1 d';
    expect(read(text, {})).toEqual([
      'a.example.com. 1 IN MX 1 b.example.com.',
      'c.example.net. 1 IN MX 1 d.example.net.',
    ]);
  });

  test.each([
    ['a 1 A 192.0.2.1', 1, 1],
    ['@ 1 A 192.0.2.1', 1, 1],
    ['a\\. 1 A 192.0.2.1', 1, 1],
    ['a. 1 MX 1 b', 1, 11],
    ['a. 1 MX 1 @', 1, 11],
    ['$ORIGIN a', 1, 9],
  ])('without an origin, %s is an error', (text, line, column) => {
    expect(read(text, {})).toMatchObject([
      { line, column, message: expect.stringContaining('there is no origin') as string },
    ]);
  });

  test('the apex is the owner of the SOA, else the last origin', () => {
    const soa = parseZoneFile('example.com. 1 SOA . . 1 2 3 4 5\n$ORIGIN example.net.');
    const none = parseZoneFile('$ORIGIN example.net.');
    expect(soa.ok && soa.origin?.toString()).toBe('example.com.');
    expect(none.ok && none.origin?.toString()).toBe('example.net.');
  });
});

describe('$INCLUDE', () => {
  const files: Record<string, string> = {
    plain: 'in 1 A 192.0.2.1\n$ORIGIN elsewhere\n$TTL 77',
    'a file': ' 1 A 192.0.2.9',
    self: '$INCLUDE self',
    deep1: '$INCLUDE deep2',
    deep2: '$INCLUDE deep3',
    deep3: 'x 1 A 192.0.2.1',
    wrong: 'x 1 A 192.0.2.1\nx 1 A 192.0.2',
    wide: '$INCLUDE deep3\n'.repeat(10),
  };
  const include = (file: string): string | undefined => files[file];

  test('origin and owner are as before after it, $TTL goes on (RFC 1035 §5.1)', () => {
    expect(
      read('a 1 A 192.0.2.1\n$INCLUDE plain sub\n A 192.0.2.2\nb A 192.0.2.3', { origin, include }),
    ).toEqual([
      'a.example.com. 1 IN A 192.0.2.1',
      'in.sub.example.com. 1 IN A 192.0.2.1',
      'a.example.com. 77 IN A 192.0.2.2',
      'b.example.com. 77 IN A 192.0.2.3',
    ]);
  });

  test('its first record may repeat the owner before it; names may be quoted or escaped', () => {
    expect(read('a 1 A 192.0.2.1\n$INCLUDE "a file"\n$INCLUDE a\\032file', { origin, include })).toEqual([
      'a.example.com. 1 IN A 192.0.2.1',
      'a.example.com. 1 IN A 192.0.2.9',
      'a.example.com. 1 IN A 192.0.2.9',
    ]);
  });

  test.each([
    ['$INCLUDE self', { file: 'self', line: 1, column: 1, message: 'self includes itself' }],
    ['$INCLUDE deep1', { file: 'deep2', line: 1, column: 1, message: '$INCLUDE goes deeper than 2 files' }],
    ['\n$INCLUDE other', { file: 'main', line: 2, column: 1, message: 'other cannot be included here' }],
    ['$INCLUDE wrong', { file: 'wrong', line: 2, column: 7 }],
    [
      '$INCLUDE wide',
      { file: 'wide', line: 5, column: 1, message: 'there are more than 5 $INCLUDE directives' },
    ],
    ['$INCLUDE', { file: 'main', line: 1, column: 1, message: '$INCLUDE takes a file name' }],
    ['$INCLUDE a b c', { file: 'main', line: 1, column: 14 }],
    ['$INCLUDE \\999', { file: 'main', line: 1, column: 10 }],
  ])('%j fails', (text, error) => {
    const limits = { includeDepth: 2, includes: 5 };
    const errors = read(text, { origin, include, fileName: 'main', limits }) as unknown[];
    expect(errors[0]).toMatchObject(error);
  });

  test('nothing is included without a reader', () => {
    expect(read('$INCLUDE /etc/passwd')).toMatchObject([{ message: '/etc/passwd cannot be included here' }]);
  });
});

/** RFC 1035 §5.1; RFC 1035 §5.2: all of one class; RFC 1035 §2.3.4: the limits of labels and of TTLs. */
const errors: [text: string, line: number, column: number, message: RegExp][] = [
  [' 300 A 192.0.2.1', 1, 1, /no owner/],
  ['a 300 FOO x', 1, 7, /"FOO" is no known type/],
  ['a 300 "A" 192.0.2.1', 1, 7, /no known type/],
  ['a 300 ANY x', 1, 7, /no known type|no place/],
  // RFC 6891 §6.1.1: OPT is not loaded from a file.
  ['a 300 TYPE41 \\# 0', 1, 7, /no place in a zone/],
  ['a 300 TYPE255 \\# 0', 1, 7, /no place in a zone/],
  ['a 300 TYPE0 \\# 0', 1, 7, /no place in a zone/],
  ['a 300 TYPE65536 \\# 0', 1, 7, /no known type/],
  ['a 300', 1, 3, /has no type/],
  ['a', 1, 1, /has no type/],
  ['a 300 IN CH A 192.0.2.1', 1, 10, /"CH" is no known type/],
  ['a CH A 192.0.2.1', 1, 3, /class CH is not supported/],
  ['a 300 CLASS3 A 192.0.2.1', 1, 7, /class CLASS3 is not supported/],
  ['a A 192.0.2.1', 1, 1, /no TTL/],
  // RFC 2181 §8: one more than there can be.
  ['a 2147483648 A 192.0.2.1', 1, 3, /a TTL is a number/],
  ['a 99999w A 192.0.2.1', 1, 3, /a TTL is a number/],
  ['$TTL 1x', 1, 6, /a TTL is a number/],
  ['$TTL', 1, 1, /takes a TTL/],
  ['$TTL 1 2', 1, 8, /nothing more is expected/],
  ['$ORIGIN', 1, 1, /takes the new origin/],
  ['$ORIGIN a..b', 1, 9, /label is empty/],
  ['$FOO', 1, 1, /no directive/],
  ['a..b 300 A 192.0.2.1', 1, 1, /label is empty/],
  [`${'a'.repeat(64)} 300 A 192.0.2.1`, 1, 1, /63 is the limit/],
  ['\n\na 300 A 192.0.2.256', 3, 9, /./],
  ['a 300 A', 1, 7, /missing/],
  ['a 300 A 192.0.2.1 x', 1, 19, /nothing more is expected/],
  ['a 300 MX (\n  10\n  b..c )', 3, 3, /label is empty/],
  ['a 300 MX ( 10\nb', 1, 10, /never closed/],
  ['a 300 MX 10 b )', 1, 15, /never opened/],
  ['a 300 TXT "x', 1, 11, /quote is not closed/],
  ['a 300 TXT "x\ny"', 1, 11, /quote is not closed/],
  ['a 300 TXT "x\\', 1, 11, /quote is not closed/],
  ['a 300 TXT "x\\\ny"', 1, 11, /quote is not closed/],
  ['a 300 TXT x\\', 1, 12, /backslash/],
  ['a 300 TXT x\\\ny', 1, 12, /backslash/],
  ['a 300 TXT x\\\r\ny', 1, 12, /backslash/],
  ['a 300 TXT \\256', 1, 11, /escape/],
  ['a 300 TYPE65280 x', 1, 17, /RFC 3597/],
  ['a 300 TYPE65280 \\# 2 00', 1, 22, /1 octets long/],
  ['\tb 300 A 192.0.2.1', 1, 1, /no owner/],
];

test.each(errors)('%j is wrong at %i:%i', (text, line, column, message) => {
  const found = read(text) as unknown[];
  expect(found[0]).toEqual({
    file: 'zone file',
    line,
    column,
    message: expect.stringMatching(message) as string,
  });
});

// Nothing of a stranger's file may take more than time in proportion to its length.
test.each([
  ['parentheses', '('.repeat(1e6), /never closed/],
  ['open quotes', '"\n'.repeat(1e6), /quote is not closed/],
  ['words', 'a '.repeat(1e6), /more than 140000 words/],
  ['a name', `${'a.'.repeat(1e5)} 1 A 192.0.2.1`, /longer than 255 octets/],
  ['a word', 'a'.repeat(1e6), /longer than any record/],
  ['a TTL', `$TTL ${'1w'.repeat(1e5)}`, /^a TTL is a number.{0,300}$/],
])('too much: %s', (_what, text, message) => {
  expect(read(text)).toMatchObject([
    { message: expect.stringMatching(message) as string },
    ...Array.from({ length: text.startsWith('"') ? 19 : 0 }, () => ({})),
  ]);
});

// What is read in one step is little, however the text is made.
test.each([
  ['blank lines', '\n'.repeat(1e6)],
  ['blanks in parentheses', `a 1 A ( ${'\n'.repeat(1e6)} 192.0.2.1 )\n`],
  ['comments', ';\n'.repeat(1e6)],
  ['records', 'a 1 A 192.0.2.1\n'.repeat(1000)],
  ['$GENERATE', '$GENERATE 1-1000 a$ 1 A 192.0.2.1'],
])('%s are read in steps', (_what, text) => {
  const steps = parsing(text, { origin });
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(count).toBeGreaterThanOrEqual(100);
  expect(step.value).toEqual(parseZoneFile(text, { origin }));
});

test('an entry that is read in several steps is the same', () => {
  const gap = '\n;x\n '.repeat(20_000);
  expect(read(`a 1 MX ( 10 ${gap} b )${gap}1 A 192.0.2.1\nc 1 A ( ${gap} x )\n)`)).toMatchObject([
    { line: 120_002, column: 3 },
    { line: 120_003, column: 1 },
  ]);
  expect(read(`a 1 MX ( 10 ${gap} b )${gap}1 A 192.0.2.1\nc 1 A ( ${gap} 192.0.2.2 )`)).toEqual([
    'a.example.com. 1 IN MX 10 b.example.com.',
    'a.example.com. 1 IN A 192.0.2.1',
    'c.example.com. 1 IN A 192.0.2.2',
  ]);
});

describe('errors', () => {
  test('the parser goes on with the next entry', () => {
    const text = 'a 1 A x\nb 1 MX ( 1\n c..d )\nc 1 A 192.0.2.1\nd 1 TXT ( "x\n y )\n) \ne 1 FOO';
    const found = read(text) as { line: number }[];
    expect(found.map(({ line }) => line)).toEqual([1, 3, 5, 7, 8]);
  });

  test('twenty are enough', () => {
    expect(read('a 1 A x\n'.repeat(100))).toHaveLength(20);
  });

  test('too many records end the reading', () => {
    const text = 'a 1 A 192.0.2.1\n'.repeat(5);
    expect(read(text, { origin, limits: { records: 3 } })).toEqual([
      { file: 'zone file', line: 4, column: 1, message: 'there are more than 3 records' },
    ]);
  });
});
