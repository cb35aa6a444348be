import { afterAll, beforeAll, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { writeRows } from '../../../test/kit/work.ts';
import { zoneRows } from '../store.ts';
import type { DomainListRequest } from './list.ts';

let zones: ZonesBox;

/** Each with its mail, what its parent said, and the second in which it was added. */
const kinds = [
  ['b.example', true, 'secure', 1],
  ['a.example', true, 'not-delegated', 2],
  ['d.example', false, 'bogus', 3],
  ['c.example', true, 'glue-wrong', 3],
  ['e.example', true, 'secure', 4],
  ['f.example', false, 'external', 5],
] as const;

beforeAll(async () => {
  zones = await startZones();
  for (const [text, mail, parent] of kinds)
    await zones.domains.add(person, {
      ...domain(text),
      mail,
      dns: parent === 'external' ? parent : 'local',
    });
  await writeRows(zones.work, zoneRows, (tx) => {
    for (const [text, , parent, second] of kinds) {
      tx.putDomain({ ...tx.domain(name(text))!, createdAt: `2026-01-01T00:00:0${second}Z` });
      if (parent !== 'external') tx.putParentState(name(text), parent);
    }
  });
});
afterAll(() => zones.close());

/** The first letters of all that a list has, in pages of `limit`. */
function letters(request: DomainListRequest, limit: number): string {
  let found = '';
  let cursor: string | undefined;
  do {
    const page = zones.domains.list({ limit, cursor }, request);
    found += page.items.map((one) => one.name.toText()[0]).join('');
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

const newest = { by: 'createdAt', descending: true } as const;
const among = kinds.map(([text]) => name(text)).slice(0, 5);

test.each<[string, DomainListRequest, string]>([
  ['by name', {}, 'abcdef'],
  ['by name, the other way round', { order: { by: 'name', descending: true } }, 'fedcba'],
  ['the newest first', { order: newest }, 'fedcab'],
  ['the oldest first', { order: { by: 'createdAt', descending: false } }, 'bacdef'],
  ['with mail', { mail: true }, 'abce'],
  ['without mail', { mail: false }, 'df'],
  ['DNS here', { dns: 'local' }, 'abcde'],
  ['DNS elsewhere', { dns: 'external' }, 'f'],
  ['of one state', { parent: ['secure'] }, 'be'],
  ['of several states, merged', { parent: ['secure', 'bogus', 'glue-wrong'] }, 'bcde'],
  ['the same, the newest first', { parent: ['secure', 'bogus', 'glue-wrong'], order: newest }, 'edcb'],
  ['of a state with mail', { parent: ['bogus', 'glue-wrong'], mail: true }, 'c'],
  ['of a state, found by name', { parent: ['secure'], search: 'E.ex' }, 'e'],
  ['what cannot be', { dns: 'external', parent: ['secure'] }, ''],
  ['among some', { among }, 'abcde'],
  ['among some, filtered and the newest first', { among, mail: true, order: newest }, 'ecab'],
  ['among some, by what their parents said', { among, parent: ['secure', 'bogus'] }, 'bde'],
  ['among some, found by name', { among, search: 'C.' }, 'c'],
])('%s', (_, request, expected) => {
  for (const limit of [1, 2, 100]) expect(letters(request, limit)).toBe(expected);
});

test('a cursor of another list is refused', () => {
  const { next } = zones.domains.list({ limit: 1, cursor: undefined }, {});
  const other = () => zones.domains.list({ limit: 1, cursor: next }, { order: newest });
  expect(other).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

test('a domain has the state of the zone that it lives in, and none when that comes or goes', async () => {
  const parentOf = (text: string) => zones.domains.get(name(text))?.parent;
  await zones.domains.add(person, domain('sub.e.example'));
  expect(parentOf('sub.e.example')).toBe('secure');
  await zones.domains.update(person, name('sub.e.example'), { mail: false });
  expect(parentOf('sub.e.example')).toBe('secure');
  await zones.domains.remove(person, name('e.example'));
  expect(parentOf('sub.e.example')).toBe('unknown');
  await zones.domains.update(person, name('sub.e.example'), { dns: 'external' });
  expect(parentOf('sub.e.example')).toBeUndefined();
  await zones.domains.update(person, name('sub.e.example'), { dns: 'local' });
  expect(parentOf('sub.e.example')).toBe('unknown');
});
