import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../test/kit/record-context.ts';
import { custom, domain, zoneInput } from '../../../test/zones/input.ts';
import { validateRecord } from './validate.ts';

const existing = [
  custom('alias.example.com', 'CNAME', 'example.net.'),
  custom('text.example.com', 'TXT', '"x"'),
  custom('cut.example.com', 'NS', 'ns.example.net.'),
  custom('old.example.com', 'DNAME', 'example.net.'),
  custom('a.deep.example.com', 'TXT', '"x"'),
];

/** Why a person may not write a record beside those; undefined when they may. */
function problem(owner: string, type: string, value: string): string | undefined {
  const context = contextOf(zoneInput({ domains: [domain('example.com')], custom: existing }));
  const result = validateRecord({ owner, type, value }, context);
  return result.ok ? undefined : result.problems.map(({ message }) => message).join(' ');
}

describe('what may not stand together', () => {
  test.each([
    ['2181 §10.1: a CNAME stands alone', 'text', 'CNAME', 'example.net.', 'a CNAME cannot stand beside'],
    ['2181 §10.1: nothing beside a CNAME', 'alias', 'TXT', 'x', 'no other record can stand beside it'],
    ['2181 §10.1: one CNAME for a name', 'alias', 'CNAME', 'example.org.', 'there can be only one'],
    ['2181 §10.3: NS leads to no alias', 'x', 'NS', 'alias.example.com.', 'is a CNAME, and NS must lead'],
    ['2181 §10.3: MX leads to no alias', 'x', 'MX', '10 alias.example.com.', 'is a CNAME, and MX must lead'],
    ['2181 §10.3: and to addresses', 'x', 'MX', '10 text.example.com.', 'has no address yet'],
    ['6672 §2.3: a DNAME at a cut', 'cut', 'DNAME', 'example.org.', 'is delegated by NS records'],
    ['6672 §2.3: a cut at a DNAME', 'old', 'NS', 'ns.example.net.', 'has DNAME records'],
    ['6672 §2.4: a CNAME at a DNAME', 'old', 'CNAME', 'example.org.', 'a CNAME cannot stand beside'],
    ['6672 §2.4: a DNAME at a CNAME', 'alias', 'DNAME', 'example.org.', 'no other record can stand beside'],
    ['6672 §2.4: one DNAME for a name', 'old', 'DNAME', 'example.org.', 'there can be only one'],
    ['6672 §2.4: what is below a DNAME', 'x.old', 'A', '192.0.2.7', 'has a DNAME record, so nothing below'],
    ['6672 §2.4: a DNAME above others', 'deep', 'DNAME', 'example.org.', 'would no longer be answered'],
    [
      '6672 §3.3: a DNAME of a wildcard',
      '*',
      'DNAME',
      'example.org.',
      'A wildcard cannot have DNAME records',
    ],
    [
      '6672 §5.1: MX leads to nothing below a DNAME',
      'x',
      'MX',
      '10 x.old.example.com.',
      'has no address yet',
    ],
    ['6672 §5.1: nor does NS', 'x', 'NS', 'x.old.example.com.', 'has no address yet'],
    ['6672 §5.1: nor does SRV', 'x', 'SRV', '0 0 1 x.old.example.com.', 'has no address yet'],
  ])('RFC %s', (_why, owner, type, value, message) => {
    expect(problem(`${owner}.example.com`, type, value)).toContain(message);
  });

  test('RFC 6672 §2.3: a DNAME may stand beside other types', () => {
    expect(problem('text.example.com', 'DNAME', 'example.org.')).toBeUndefined();
    expect(problem('old.example.com', 'TXT', 'x')).toBeUndefined();
  });
});

describe('RFC 2181 §11: a label is any octets', () => {
  test.each(['\\000\\255', 'a\\.b', '\\032', '-_-', 'x'.repeat(63)])('%s', (label) => {
    expect(problem(`${label}.example.com`, 'TXT', 'x')).toBeUndefined();
    expect(problem('x.example.com', 'CNAME', `${label}.example.net.`)).toBeUndefined();
  });
});
