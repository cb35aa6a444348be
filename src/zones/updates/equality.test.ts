import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUpdatesBox, type UpdatesBox } from '../../../test/kit/updates-box.ts';

let updates: UpdatesBox;
beforeAll(async () => {
  updates = await startUpdatesBox();
  // "a" and "A", and a name of a type that RFC 1035 knows.
  await updates.send({
    then: [
      'new 60 IN TYPE65280 \\# 2 0161',
      'new 60 IN TYPE65280 \\# 2 0141',
      'old 60 IN NS Ns.example.net.',
    ],
  });
});
afterAll(() => updates.box.close());

test.each([
  ['the same octets are', ['new 0 IN TYPE65280 \\# 2 0161', 'new 0 IN TYPE65280 \\# 2 0141'], 'NOERROR'],
  ['other letters are not, though names would be', ['new 0 IN TYPE65280 \\# 2 0161'], 'NXRRSET'],
  ['names of a type that was known then are in any case', ['old 0 IN NS ns.EXAMPLE.net.'], 'NOERROR'],
])('RFC 3597 §6: equal: %s', async (_what, when, rcode) => {
  expect(await updates.send({ when })).toBe(rcode);
});
