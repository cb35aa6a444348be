import { describe, expect, test } from 'vitest';
import { typeCode, typeName } from '../rdata/registry.ts';
import { Name } from '../wire/name.ts';
import { parseZoneFile } from './parse.ts';
import { printRecord } from './print.ts';

const origin = Name.parse('ISI.EDU');
const mailboxes = `
    MOE     MB      A.ISI.EDU.
    LARRY   MB      A.ISI.EDU.
    CURLEY  MB      A.ISI.EDU.
    STOOGES MG      MOE
            MG      LARRY
            MG      CURLEY
`.replaceAll('\n    ', '\n');

function read(text: string): unknown {
  const include = (file: string) => (file === '<SUBSYS>ISI-MAILBOXES.TXT' ? mailboxes : undefined);
  const result = parseZoneFile(text, { origin, include, defaultTtl: 60 });
  return result.ok ? result.records.map(printRecord) : result.errors;
}

test('RFC 1035 §5.3: the example', () => {
  const text = `
@   IN  SOA     VENERA      Action\\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        NS      VAXA
        MX      10      VENERA
        MX      20      VAXA

A       A       26.3.0.103

VENERA  A       10.1.0.52
        A       128.9.0.32

VAXA    A       10.2.0.27
        A       128.9.0.33


$INCLUDE <SUBSYS>ISI-MAILBOXES.TXT
`;
  expect(read(text)).toEqual([
    // RFC 1035 §8: the dots of a mailbox are in one label.
    'ISI.EDU. 60 IN SOA VENERA.ISI.EDU. Action\\.domains.ISI.EDU. 20 7200 600 3600000 60',
    'ISI.EDU. 60 IN NS A.ISI.EDU.',
    'ISI.EDU. 60 IN NS VENERA.ISI.EDU.',
    'ISI.EDU. 60 IN NS VAXA.ISI.EDU.',
    'ISI.EDU. 60 IN MX 10 VENERA.ISI.EDU.',
    'ISI.EDU. 60 IN MX 20 VAXA.ISI.EDU.',
    'A.ISI.EDU. 60 IN A 26.3.0.103',
    'VENERA.ISI.EDU. 60 IN A 10.1.0.52',
    'VENERA.ISI.EDU. 60 IN A 128.9.0.32',
    'VAXA.ISI.EDU. 60 IN A 10.2.0.27',
    'VAXA.ISI.EDU. 60 IN A 128.9.0.33',
    'MOE.ISI.EDU. 60 IN MB A.ISI.EDU.',
    'LARRY.ISI.EDU. 60 IN MB A.ISI.EDU.',
    'CURLEY.ISI.EDU. 60 IN MB A.ISI.EDU.',
    'STOOGES.ISI.EDU. 60 IN MG MOE.ISI.EDU.',
    'STOOGES.ISI.EDU. 60 IN MG LARRY.ISI.EDU.',
    'STOOGES.ISI.EDU. 60 IN MG CURLEY.ISI.EDU.',
  ]);
});

describe('RFC 1035 §5.1', () => {
  test.each([
    [
      'every control entry may have a comment',
      '$ORIGIN sub ; here\na A 192.0.2.1',
      ['a.sub.ISI.EDU. 60 IN A 192.0.2.1'],
    ],
    ['a quoted dot is of its label', 'a\\.b A 192.0.2.1', ['a\\.b.ISI.EDU. 60 IN A 192.0.2.1']],
    [
      'an octet in decimal has no special meaning',
      'a\\046b A 192.0.2.1',
      ['a\\.b.ISI.EDU. 60 IN A 192.0.2.1'],
    ],
    ['an @ that is quoted is a label', '\\@ A 192.0.2.1', ['\\@.ISI.EDU. 60 IN A 192.0.2.1']],
    ['an @ within a label is of it', 'a@b A 192.0.2.1', ['a\\@b.ISI.EDU. 60 IN A 192.0.2.1']],
    ['the dot alone is the root', '. NS .', ['. 60 IN NS .']],
    ['tabs and spaces in any mixture', 'a \t \tA\t 192.0.2.1 \t', ['a.ISI.EDU. 60 IN A 192.0.2.1']],
    ['semicolons in quotes are text', 'a TXT "b;c" ; "d"', ['a.ISI.EDU. 60 IN TXT "b;c"']],
    ['so are parentheses', 'a TXT "(" ")"', ['a.ISI.EDU. 60 IN TXT "(" ")"']],
    [
      'what begins with a blank is of the last owner, whatever is between',
      'a A 192.0.2.1\n; a comment\n\n\n TXT x',
      ['a.ISI.EDU. 60 IN A 192.0.2.1', 'a.ISI.EDU. 60 IN TXT "x"'],
    ],
  ])('%s', (_what, text, records) => {
    expect(read(text)).toEqual(records);
  });

  test('the origin of an included file may have a comment behind it', () => {
    const [first] = read('$INCLUDE <SUBSYS>ISI-MAILBOXES.TXT sub ; the mailboxes') as string[];
    expect(first).toBe('MOE.sub.ISI.EDU. 60 IN MB A.ISI.EDU.');
  });
});

test('RFC 1035 §3.2.2: the types have their numbers', () => {
  const names = ['A', 'NS', 'MD', 'MF', 'CNAME', 'SOA', 'MB', 'MG', 'MR', 'NULL', 'WKS', 'PTR', 'HINFO'];
  names.push('MINFO', 'MX', 'TXT');
  expect(names.map(typeCode)).toEqual(names.map((_, index) => index + 1));
  expect(names.map((_, index) => typeName(index + 1))).toEqual(names);
});
