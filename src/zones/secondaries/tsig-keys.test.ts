import { afterEach, beforeEach, expect, test } from 'vitest';
import { name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemRandom } from '../../core/random.ts';
import { createSealer } from '../../core/seal.ts';
import { tsigAlgorithms } from '../../dns/message/tsig.ts';
import { secondaryRows } from './store.ts';
import { createTsigKeys, openTsigKey, type TsigKeyService } from './tsig-keys.ts';

let box: ZonesBox;
let keys: TsigKeyService;
const sealer = createSealer(Buffer.alloc(32, 9), systemRandom);

beforeEach(async () => {
  box = await startZones();
  keys = createTsigKeys({
    ...{ work: box.work, sealer, clock: box.clock, random: systemRandom },
    ...{ changed: () => undefined, zoneWith: () => undefined },
  });
});
afterEach(() => box.close());

const make = (text: string, algorithm: (typeof tsigAlgorithms)[number] = 'hmac-sha256') =>
  keys.create(person, { name: name(text), algorithm, secret: undefined, transfer: 'all', update: [] });

test.each([
  ['hmac-sha256', 32],
  ['hmac-sha384', 48],
  ['hmac-sha512', 64],
] as const)('RFC 8945 §8: a secret that is made for %s is as long as its hash', async (algorithm, octets) => {
  const { secret } = await make('xfr.example', algorithm);
  expect(secret).toHaveLength(octets);
  expect((await make('another.example', algorithm)).secret).not.toEqual(secret);
});

test('RFC 8945 §10: a secret is kept sealed, and shown no more', async () => {
  const { secret } = await make('xfr.example');
  const row = box.work.committed.rows(secondaryRows).key(name('xfr.example'))!;
  expect(Buffer.from(row.sealedSecret).includes(secret)).toBe(false);
  expect(openTsigKey(sealer, row).secret).toEqual(secret);
  expect(JSON.stringify([keys.list(), keys.get(name('xfr.example'))])).not.toContain('ecret');
});

test('RFC 8945 §10: a name has one algorithm; §4.2: there may be several keys', async () => {
  await make('xfr.example');
  await expect(make('XFR.example', 'hmac-sha512')).rejects.toMatchObject({ code: 'already-exists' });
  await make('next.example', 'hmac-sha512');
  expect(
    keys
      .list()
      .map(({ name: key }) => key.toText())
      .sort(),
  ).toEqual(['next.example', 'xfr.example']);
});
