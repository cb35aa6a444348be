import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { domain as local, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { createSealer } from '../../core/seal.ts';
import type { AgentAnswer, PutKeys } from '../agent/protocol.ts';
import { createDkim, type Dkim } from '../dkim/dkim.ts';
import { dkimRows, type KeyMark } from '../dkim/store.ts';
import { createKeySync } from './keys.ts';

const sealer = createSealer(Buffer.alloc(32, 7), systemRandom);
let zones: ZonesBox;
let dkim: Dkim;
let sync: () => Promise<void>;
/** What the agent was told, and what it is brought to. */
let requests: PutKeys[];
let at: KeyMark | null;

beforeEach(async () => {
  zones = await startZones({ parts: [{ domainChanged: (...change) => dkim.domainChanged(...change) }] });
  const { work, publisher, clock } = zones;
  dkim = createDkim({
    work,
    publisher,
    sealer,
    clock,
    random: systemRandom,
    log: createLog({ level: 'silent' }),
  });
  [requests, at] = [[], null];
  sync = createKeySync({
    committed: work.committed,
    sealer,
    clock,
    ask(request) {
      if (request.do === 'put-keys') {
        requests.push(request);
        if (request.at) at = request.at;
      }
      return Promise.resolve({ ok: true, keys: at } satisfies AgentAnswer);
    },
  });
});
afterEach(async () => {
  await dkim.stop();
  await zones.close();
});

/** What was sent since the last time. */
function sent(): unknown[] {
  const told = requests.map(({ part, domains }) => [
    part,
    ...domains.map(({ domain, keys }) => `${domain} ${keys.length}`),
  ]);
  requests = [];
  return told;
}

test('an agent that knows nothing gets all keys, and then what changed of them', async () => {
  await zones.domains.add(person, local('example.com'));
  await zones.domains.add(person, local('example.net', { mail: false }));
  await sync();
  expect(sent()).toEqual([['first', 'example.com 1'], ['last']]);
  await sync();
  expect(sent()).toEqual([]);

  await zones.domains.add(person, local('example.org'));
  await zones.domains.update(person, name('example.com'), { mail: false });
  await sync();
  expect(sent()).toEqual([['changed', 'example.org 1', 'example.com 0']]);
  await zones.domains.update(person, name('example.com'), { mail: true });
  await zones.domains.remove(person, name('example.org'));
  await sync();
  expect(sent()).toEqual([['changed', 'example.com 1', 'example.org 0']]);
});

test('the keys that are sent are those of the DNS', async () => {
  await zones.domains.add(person, local('example.com'));
  await sync();
  const { privateKey, selector } = requests[0]!.domains[0]!.keys[0]!;
  const [row] = zones.work.committed.rows(dkimRows).keys(name('example.com'));
  expect(selector).toBe(row!.selector);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  expect(Buffer.from(x!, 'base64url').toString('base64')).toBe(row!.publicKey);
});

test('an agent of another course of events, and one too far behind, get all keys anew', async () => {
  await zones.domains.add(person, local('example.com'));
  await sync();
  const known = at!;
  // As after a backup that was put back: a change of that number, but at another time.
  at = { ...known, mark: 'another' };
  sent();
  await sync();
  expect(sent()).toEqual([['first', 'example.com 1'], ['last']]);
  expect(at).toEqual(known);

  await zones.domains.add(person, local('example.org'));
  await zones.domains.add(person, local('example.net'));
  await zones.work.change({ actor: person, cause: 'test' }, (change) =>
    change.rows(dkimRows).dropChanges(known.sequence + 1, 10),
  );
  await sync();
  expect(sent()).toEqual([['first', 'example.com 1', 'example.net 1', 'example.org 1'], ['last']]);
});
