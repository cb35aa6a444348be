import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUpdatesBox, type UpdatesBox } from '../../../test/kit/updates-box.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';

/* RFC 6672 §5.2: what an update does where a name has a DNAME, or is to have one. */

let updates: UpdatesBox;
beforeAll(async () => {
  updates = await startUpdatesBox();
});
afterAll(() => updates.box.close());

const send = (...then: string[]): Promise<string> => updates.send({ then });
const aliases = (owner: string): string[] =>
  (updates.node(owner)?.rrsets ?? [])
    .map(({ type, rdatas }) => [typeName(type), ...rdatas.map((rdata) => printRdata(type, rdata))].join(' '))
    .filter((text) => /^[CD]NAME/.test(text));

test('RFC 6672 §5.2: a DNAME takes the place of the one that is there', async () => {
  expect(await send('moved 60 IN DNAME one.example.net.')).toBe('NOERROR');
  expect(aliases('moved')).toEqual(['DNAME one.example.net.']);
  expect(await send('moved 60 IN DNAME two.example.net.')).toBe('NOERROR');
  expect(aliases('moved')).toEqual(['DNAME two.example.net.']);
});

test('RFC 6672 §5.2: a DNAME beside a CNAME is ignored, and a CNAME beside a DNAME', async () => {
  await send('alias 60 IN CNAME one.example.net.', 'tree 60 IN DNAME one.example.net.');
  expect(await send('alias 60 IN DNAME two.example.net.')).toBe('NOERROR');
  expect(aliases('alias')).toEqual(['CNAME one.example.net.']);
  expect(await send('tree 60 IN CNAME two.example.net.')).toBe('NOERROR');
  expect(aliases('tree')).toEqual(['DNAME one.example.net.']);
});
