import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { fullOwner, shortOwner } from '../../panel/src/pages/domain/owner.ts';
import { seriesOf } from '../../panel/src/pages/nameserver/statistics-series.ts';
import { aliasesIn } from '../../panel/src/pages/mail/aliases-in.ts';
import { mailboxesIn } from '../../panel/src/pages/mail/mailboxes-in.ts';
import { mailByHour, mailKinds } from '../../panel/src/pages/overview/mail-by-hour.ts';
import { zoneNameIn } from '../../panel/src/pages/domains/zone-name-in.ts';
import { namesIn } from '../../panel/src/pages/domains/names-in.ts';
import { deviceOf } from '../../panel/src/session/device.ts';
import { isPlace, places } from '../../src/api/panel/places.ts';

describe('names that somebody pastes', () => {
  it.each([
    ['example.com', ['example.com']],
    ['example.com, example.org;example.net', ['example.com', 'example.org', 'example.net']],
    ['example.com example.org', ['example.com', 'example.org']],
    ['example.com\r\nexample.org\r\n\r\n', ['example.com', 'example.org']],
    ['Domain,Owner\n"example.com",Anna\nexample.org,Otto, jun.', ['example.com', 'example.org']],
    ['example.com\nexample.com\n', ['example.com']],
    ['bücher.example\n', ['bücher.example']],
    // What is no name is for the box to say.
    ['not a name\nexample.com', ['not a name', 'example.com']],
    ['', []],
  ])('are read from %j', (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

describe('mailboxes that somebody pasted', () => {
  it.each([
    [
      'email;name;quota\nanna@example.com;Anna "A" Example;1,5 GB\n\notto@example.com;"Otto; jun.";none\n',
      [
        { line: 2, address: 'anna@example.com', displayName: 'Anna "A" Example', quota: 1_610_612_736 },
        { line: 4, address: 'otto@example.com', displayName: 'Otto; jun.', quota: 0 },
      ],
      [],
    ],
    [
      'anna@example.com,"four ""words"" of\nnobody",Anna\r\notto@example.com,{ARGON2ID}$argon2id$x,,5G,"a@example.net b@example.net"',
      [
        { line: 1, address: 'anna@example.com', password: 'four "words" of\nnobody', displayName: 'Anna' },
        {
          line: 3,
          address: 'otto@example.com',
          passwordHash: '{ARGON2ID}$argon2id$x',
          quota: 5 * 1024 ** 3,
          forwardTo: ['a@example.net', 'b@example.net'],
        },
      ],
      [],
    ],
    ['a@example.com,,,much', [{ line: 1, address: 'a@example.com', quota: NaN }], [1]],
    ['', [], []],
    ['address,password\n', [], []],
  ])('are read from %j', (text, mailboxes, wrong) => {
    expect(mailboxesIn(text)).toEqual({ mailboxes, wrong });
  });
});

describe('aliases that somebody pasted', () => {
  it.each([
    [
      'alias;destination\ninfo@example.com;anna@example.com, otto@example.org\n',
      [{ line: 2, address: 'info@example.com', targets: ['anna@example.com', 'otto@example.org'] }],
    ],
    [
      'info@example.com,"a@example.com b@example.com"\n@example.com,c@example.com\nnobody@example.com\n',
      [
        { line: 1, address: 'info@example.com', targets: ['a@example.com', 'b@example.com'] },
        { line: 2, address: '@example.com', targets: ['c@example.com'] },
        { line: 3, address: 'nobody@example.com', targets: [] },
      ],
    ],
    ['', []],
  ])('are read from %j', (text, aliases) => {
    expect(aliasesIn(text)).toEqual(aliases);
  });
});

test('a zone file says which zone it is of', () => {
  expect(zoneNameIn('; exported\n$ORIGIN Example.com.\n@ 3600 IN SOA a. b. 1 2 3 4 5\n')).toBe('example.com');
  expect(zoneNameIn('example.org.\t3600\tIN\tSOA\tns.example.net. h.example.net. 1 2 3 4 5')).toBe(
    'example.org',
  );
  expect(zoneNameIn('example.org. IN 1h SOA ns h 1 2 3 4 5')).toBe('example.org');
  expect(zoneNameIn('@ IN SOA ns h 1 2 3 4 5\nwww A 192.0.2.1\n')).toBeUndefined();
});

describe('owners', () => {
  it.each([
    ['', 'example.com'],
    ['@', 'example.com'],
    ['www', 'www.example.com'],
    ['_dmarc.Sub', '_dmarc.sub.example.com'],
    ['*', '*.example.com'],
    ['www.example.com', 'www.example.com'],
    ['www.example.com.', 'www.example.com'],
    // A dot at the end says that nothing follows (RFC 1035 §5.1): the box says that it is outside of the zone.
    ['www.example.net.', 'www.example.net'],
    ['www.', 'www'],
    ['example.com', 'example.com'],
    ['notexample.com', 'notexample.com.example.com'],
  ])('%j is %s', (typed, owner) => {
    expect(fullOwner(typed, 'example.com')).toBe(owner);
  });

  it('are shown without the domain, and come back as they were', () => {
    for (const owner of ['example.com', 'www.example.com', '*.a.example.com'])
      expect(fullOwner(shortOwner(owner, 'example.com', '@'), 'example.com')).toBe(owner);
  });
});

describe('what a browser calls itself', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0 Safari/537.36`, 'Chrome', 'Windows'],
    [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`, 'Edge', 'Windows'],
    [`Mozilla/5.0 (Linux; Android 15) ${webkit} Chrome/140.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Firefox/140.0', 'Firefox', 'macOS'],
    ['curl/8.14.1', 'curl', undefined],
    ['', undefined, undefined],
  ])('%s', (agent, program, system) => {
    expect(deviceOf(agent)).toEqual({ program, system });
  });
});

test('a chart has the most frequent by name and the rest as one, in counts for each second', () => {
  const sample = (at: string, ...types: [string, number][]) => ({
    at,
    seconds: 10,
    types: types.map(([name, count]) => ({ name, count })),
  });
  const many = 'ABCDEFG'.split('').map((name, index): [string, number] => [name, 100 - index]);
  const { names, points } = seriesOf(
    [sample('1', ['A', 5]), sample('2', ...many)],
    ({ types }) => types,
    'others',
  );
  expect(names).toEqual(['A', 'B', 'C', 'D', 'E', 'others']);
  expect(points[0]).toEqual({ at: '1', A: 0.5, B: 0, C: 0, D: 0, E: 0, others: 0 });
  expect(points[1]).toMatchObject({ A: 10, others: 18.9 });
});

test('mail of a day is counted by the hour and by what became of it', () => {
  const now = Date.parse('2027-01-31T12:20:00Z');
  const passed = (at: string, action: string, user: string | null = null) => ({ at, action, user });
  const hours = mailByHour(
    [
      passed('2027-01-31T12:19:00Z', 'no action'),
      passed('2027-01-31T12:01:00Z', 'no action', 'anna@example.com'),
      passed('2027-01-31T11:59:00Z', 'add header'),
      passed('2027-01-31T11:10:00Z', 'soft reject'),
      passed('2027-01-30T13:00:00Z', 'reject', 'anna@example.com'),
      // Longer ago than a day, and of a clock that is wrong.
      passed('2027-01-30T12:59:00Z', 'no action'),
      passed('2027-02-01T00:00:00Z', 'no action'),
    ],
    now,
  );
  const none = { delivered: 0, sent: 0, junk: 0, again: 0, refused: 0 };
  expect(hours).toHaveLength(24);
  expect(hours[0]).toEqual({ ...none, at: '2027-01-30T13:00:00.000Z', refused: 1 });
  expect(hours.at(-2)).toEqual({ ...none, at: '2027-01-31T11:00:00.000Z', junk: 1, again: 1 });
  expect(hours.at(-1)).toEqual({ ...none, at: '2027-01-31T12:00:00.000Z', delivered: 1, sent: 1 });
  expect(hours.slice(1, -2).every((hour) => mailKinds.every((kind) => hour[kind] === 0))).toBe(true);
});

test('the box answers with the panel at exactly the addresses that the panel has', () => {
  const router = readFileSync(join(import.meta.dirname, '../../panel/src/router.tsx'), 'utf8');
  const routes = [...router.matchAll(/getParentRoute: \(\) => (?:root|inside),\s+path: '([^']+)'/g)];
  const first = routes.map(([, path]) => path!.split('/')[1]!).filter((part) => part !== '');
  expect([...new Set(first)].sort()).toEqual([...places].sort());
  expect(isPlace('/')).toBe(true);
  for (const path of ['/api', '/api/v1', '/domainsx', '//domains', '/health', '/mail/'])
    expect(isPlace(path), path).toBe(false);
});
