import { generateKeyPairSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { dnsAnswer } from '../acme/jws.ts';
import { AcmeError } from '../acme/problem.ts';
import type { AcmeAuthorization, AcmeClient, AcmeOrder } from '../acme/protocol.ts';
import { type OrderRun, runOrder } from './run-order.ts';

const SECOND = 1000;
const account = {
  url: 'https://ca.example/account/1',
  key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};

let clock: FakeClock;
/** What was done, in order, with the seconds that had gone by. */
let done: string[];
/** What the order, and each authorization by its URL, says when it is asked for: the last one stays. */
let order: Partial<AcmeOrder>[];
let authorizations: Record<string, Partial<AcmeAuthorization>[]>;
/** What the CA says to the next orders instead of taking them. */
let refusals: string[];

beforeEach(() => {
  clock = new FakeClock();
  done = [];
  refusals = [];
  // The one that was asked for last comes first.
  order = [{ authorizations: ['b', 'a'] }, { status: 'ready' }];
  const named = (name: string) => [{ name }, { name, status: 'valid' as const }];
  authorizations = { a: named('a.example'), b: named('b.example') };
});

const next = <T>(list: T[]): T => (list.length > 1 ? list.shift()! : list[0]!);

function run(more: Partial<OrderRun> = {}): Promise<string> {
  const began = clock.now();
  const note = (what: string): Promise<void> => {
    done.push(`${(clock.now() - began) / SECOND} ${what}`);
    return Promise.resolve();
  };
  let state: AcmeOrder = {
    ...{ url: 'order', status: 'pending', authorizations: [], finalize: 'finalize' },
    ...{ certificate: undefined, error: undefined, retryAfter: undefined },
  };
  const read = (): AcmeOrder => (state = { ...state, retryAfter: undefined, ...next(order) });
  const client: Partial<AcmeClient> = {
    async newOrder(_, { replaces }) {
      await note(replaces === undefined ? 'ordered' : `ordered in place of ${replaces}`);
      const type = refusals.shift();
      if (type !== undefined) throw new AcmeError({ type, detail: '', retryAt: undefined });
      return read();
    },
    order: () => note('order').then(read),
    async authorization(_, url) {
      const challenge = { url: `challenge ${url}`, token: url, status: 'pending', error: undefined };
      await note(`authorization ${url}`);
      return { name: '', status: 'pending', challenge, retryAfter: undefined, ...next(authorizations[url]!) };
    },
    accept: (_, url) => note(url),
    finalize: () => note('finalize').then(read),
    certificate: (_, url) => note(`certificate ${url}`).then(() => 'chain'),
  };
  return runOrder({
    client: client as AcmeClient,
    records: {
      async present(host, value) {
        const token = ['a', 'b'].find((one) => dnsAnswer(one, account.key) === value)!;
        await note(`record of ${token} at ${host.toText()}`);
        return { owner: host, zone: host };
      },
    },
    everywhere: () => note('everywhere'),
    csr: () => Promise.resolve(new Uint8Array()),
    ...{ account, clock, names: ['a.example', 'b.example'], profile: undefined, replaces: undefined },
    ...{ url: undefined, step: () => Promise.resolve(), creating: () => Promise.resolve() },
    ...{ created: () => Promise.resolve(), failed: (name) => note(`failed ${name}`) },
    ...more,
  });
}

/** Runs it to its end, in the test's time. */
async function live(more?: Partial<OrderRun>): Promise<string> {
  const state = { over: false };
  const end = run(more).finally(() => (state.over = true));
  end.catch(() => undefined);
  for (let turns = 0; !state.over; turns++) {
    await setImmediate();
    if (turns % 5 === 4) await clock.advance(250);
  }
  return end;
}

const valid = { status: 'valid', certificate: 'url' } as const;
const what = (): string[] => done.map((one) => one.slice(one.indexOf(' ') + 1));

it('RFC 8555 §7.4: takes authorizations in whatever order they come, each by the name in it', async () => {
  order = [order[0]!, { status: 'ready' }, valid];
  expect(await live()).toBe('chain');
  const records = what().filter((one) => one.startsWith('record'));
  expect(records).toEqual(['record of b at b.example', 'record of a at a.example']);
});

it('RFC 8555 §8.2: answers a challenge when every nameserver has what the CA looks for, and not before', async () => {
  order = [order[0]!, { status: 'ready' }, valid];
  await live();
  const at = what().indexOf('everywhere');
  expect(what().slice(0, at).join()).not.toContain('challenge');
  expect(what().slice(at + 1, at + 3)).toEqual(['challenge b', 'challenge a']);

  done = [];
  order = [{ status: 'pending', authorizations: ['b', 'a'] }];
  authorizations = { a: [{ name: 'a.example' }], b: [{ name: 'b.example' }] };
  await expect(live({ everywhere: () => Promise.reject(new Error('behind')) })).rejects.toThrow('behind');
  expect(what().join()).not.toContain('challenge');
});

it('RFC 8555 §7.1.4, §7.5.1: leaves an authorization alone that is valid, and a challenge that was answered', async () => {
  order = [order[0]!, { status: 'ready' }, valid];
  const challenge = { url: 'challenge b', token: 'b', status: 'processing', error: undefined };
  const name = 'b.example';
  authorizations = {
    a: [{ status: 'valid' }],
    b: [
      { name, challenge },
      { name, status: 'valid' },
    ],
  };
  await live();
  expect(what().filter((one) => /^(record|challenge)/.test(one))).toEqual(['record of b at b.example']);
});

it.each<[string, Partial<AcmeOrder>[], string[]]>([
  ['finalizes one that is ready, and waits while it is processed as long as the CA says', [{ status: 'ready' }, { status: 'processing', retryAfter: 7 * SECOND }, valid], ['order', 'finalize', 'order', 'certificate url']],
  ['only waits for one that is processed already', [{ status: 'processing', retryAfter: 7 * SECOND }, valid], ['order', 'order', 'certificate url']],
  ['only fetches what one that is valid has', [valid], ['order', 'certificate url']],
])('RFC 8555 §7.1.3, §7.1.6, §7.4: does what the status of an order asks for: %s', async (_, answers, steps) => {
  order = [...answers];
  expect(await live({ url: 'order' })).toBe('chain');
  expect(what()).toEqual(steps);
  const times = done.map((one) => Number.parseFloat(one));
  const waited = answers.some(({ retryAfter }) => retryAfter !== undefined);
  expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(waited ? 7 : 0);
  expect(times.at(-1)! - times[0]!).toBeLessThan(waited ? 9 : 2);
}); // prettier-ignore

it('RFC 8555 §7.5.1: polls an authorization as seldom as the CA asks, until it is at its end', async () => {
  order = [order[0]!, { status: 'ready' }, valid];
  const retryAfter = 20 * SECOND;
  const name = 'b.example';
  authorizations['b'] = [{ name }, { name, retryAfter }, { name, retryAfter }, { name, status: 'valid' }];
  await live();
  const polls = done.filter((one) => one.endsWith('authorization b')).map((one) => Number.parseFloat(one));
  expect(polls).toHaveLength(4);
  expect(polls[3]! - polls[1]!).toBeGreaterThanOrEqual(40);
});

it.each<[string, Partial<AcmeAuthorization>, string]>([
  ['RFC 8555 §8: its challenge says why', { status: 'invalid', challenge: { url: 'b', token: 'b', status: 'invalid', error: { type: 'urn:ietf:params:acme:error:dns', detail: 'no such name' } } }, 'dns: b.example: no such name'],
  ['RFC 8555 §7.1.6: it was deactivated', { status: 'deactivated' }, 'unauthorized: b.example: deactivated'],
  ['RFC 8555 §8: the CA has no challenge that the box knows', { challenge: undefined }, 'malformedAnswer: the CA offers no dns-01 challenge for b.example'],
])('%s: an authorization comes to nothing', async (_, end, problem) => {
  const name = 'b.example';
  authorizations['b'] = end.status === 'invalid' ? [{ name }, { name, ...end }] : [{ name, ...end }];
  await expect(live()).rejects.toThrow(problem);
  expect(what()).not.toContain('finalize');
}); // prettier-ignore

it('RFC 8555 §7.1.6: says why an order is invalid', async () => {
  order = [{ status: 'invalid', error: { type: 'urn:ietf:params:acme:error:caa', detail: 'forbidden' } }];
  await expect(live()).rejects.toThrow('caa: forbidden');
});

it('RFC 9773 §5: orders without saying what is replaced where the CA does not take that', async () => {
  order = [order[0]!, { status: 'ready' }, valid];
  refusals = ['alreadyReplaced'];
  await live({ replaces: 'id' });
  expect(what().slice(0, 2)).toEqual(['ordered in place of id', 'ordered']);
  expect(what().at(-1)).toBe('certificate url');

  done = [];
  refusals = ['rejectedIdentifier'];
  await expect(live({ replaces: 'id' })).rejects.toThrow('rejectedIdentifier');
  expect(what()).toEqual(['ordered in place of id']);
});
