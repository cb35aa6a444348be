import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { AgentRequest } from '../agent/protocol.ts';
import type { AskAgent } from '../servers/agent-client.ts';
import { createMailboxUsages, FRESH, MOST_WAITING } from './service.ts';

const [anna, bob, carol] = ['anna@example.com', 'bob@example.com', 'carol@example.com'];
const held = (address: string) => ({ address, octets: 1024, messages: 1 });

/** An agent whose Dovecot knows all but Carol. */
function agent() {
  const asked: (readonly string[])[] = [];
  const ask: AskAgent = (request: AgentRequest) => {
    const addresses = request.do === 'usage' ? request.addresses : [];
    asked.push(addresses);
    return Promise.resolve({
      ok: true,
      usage: addresses.filter((address) => address !== carol).map(held),
    });
  };
  return { ask, asked };
}

test('asks for what it was not told a moment ago, and for nothing twice at once', async () => {
  const { ask, asked } = agent();
  const clock = new FakeClock();
  const usages = createMailboxUsages({ ask, clock });
  const [first, second] = await Promise.all([usages.known([anna, carol]), usages.known([anna, bob])]);
  expect([first.of(anna), first.of(carol), first.problem]).toEqual([held(anna), undefined, undefined]);
  expect([second.of(bob), second.of(carol)]).toEqual([held(bob), undefined]);
  await usages.known([anna, bob, carol]);
  expect(asked).toEqual([[anna, carol], [bob]]);
  await clock.advance(FRESH);
  await usages.known([anna]);
  expect(asked.at(-1)).toEqual([anna]);
  expect(await usages.known([])).toMatchObject({ problem: undefined });
  expect(asked).toHaveLength(3);
});

test('says why nothing is known, and does not try again at once', async () => {
  const clock = new FakeClock();
  let tries = 0;
  const ask: AskAgent = (request) => {
    if (++tries === 2) return agent().ask(request);
    return Promise.reject(new AppError('mail-refused', 'Dovecot does not run.'));
  };
  const usages = createMailboxUsages({ ask, clock });
  const [one, two] = [await usages.known([anna]), await usages.known([bob])];
  expect([one.of(anna), one.problem, two.problem]).toEqual([
    undefined,
    'Dovecot does not run.',
    'Dovecot does not run.',
  ]);
  expect(tries).toBe(1);
  await clock.advance(FRESH);
  expect(await usages.known([anna]).then(({ problem }) => problem)).toBeUndefined();
  expect(tries).toBe(2);
});

test('what is wrong here is not hidden', async () => {
  const usages = createMailboxUsages({
    ask: () => Promise.reject(new TypeError('x')),
    clock: new FakeClock(),
  });
  await expect(usages.known([anna])).rejects.toThrow(TypeError);
});

test('a line that is long gets no longer, and one that has ended begins anew', async () => {
  const { ask, asked } = agent();
  const usages = createMailboxUsages({ ask, clock: new FakeClock() });
  const line = Array.from({ length: MOST_WAITING }, (_, i) => usages.known([`d${i}@example.com`]));
  expect((await usages.known([anna])).problem).toMatch(/^Too many ask/);
  await Promise.all(line);
  expect(asked).toHaveLength(MOST_WAITING);
  expect((await usages.known([anna])).of(anna)).toEqual(held(anna));
});
