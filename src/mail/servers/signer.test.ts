import { afterEach, beforeEach, expect, test } from 'vitest';
import { name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { AppError } from '../../core/errors.ts';
import type { AgentAnswer } from '../agent/protocol.ts';
import { dkimRows, type KeyMark } from '../dkim/store.ts';
import { createSigner, type Signer } from './signer.ts';

let zones: ZonesBox;
let signer: Signer;
/** What the agent says; undefined: it does not answer. */
let agent: { managed: boolean; at: KeyMark | null } | undefined;

beforeEach(async () => {
  zones = await startZones();
  agent = undefined;
  signer = createSigner({
    work: zones.work,
    ask({ do: what }) {
      if (!agent) return Promise.reject(new AppError('mail-agent-unavailable', 'The agent does not answer.'));
      const { managed, at } = agent;
      const rspamd = { name: 'rspamd', detected: { kind: 'installed', version: '3.4' } } as const;
      const answer: AgentAnswer & { ok: true } =
        what === 'keys'
          ? { ok: true, keys: at }
          : { ok: true, status: [{ ...rspamd, managed, running: managed }] };
      return Promise.resolve(answer);
    },
  });
  for (const domain of ['example.com', 'example.net'])
    await zones.work.change({ actor: person, cause: 'test' }, (change) =>
      change.rows(dkimRows).addChange(name(domain), `at ${domain}`),
    );
});
afterEach(() => zones.close());

test('nobody signs where no mail server was configured; who was given keys once is waited for', async () => {
  expect(await signer.has(2)).toEqual({ kind: 'nobody' });
  agent = { managed: false, at: null };
  expect(await signer.has(2)).toEqual({ kind: 'nobody' });
  await signer.given();
  agent = undefined;
  expect(await signer.has(2)).toEqual({
    kind: 'waiting',
    why: 'Nobody knows which keys Rspamd has: The agent does not answer.',
  });
});

test('Rspamd has the keys of a change when it was brought to that one, or a later one, of the same course of events', async () => {
  const at = async (sequence: number, mark: string) => {
    agent = { managed: true, at: { sequence, mark } };
    return (await signer.has(2)).kind;
  };
  expect(await at(1, 'at example.com')).toBe('waiting');
  expect(await at(2, 'at example.net')).toBe('has');
  // As after a backup that was put back.
  expect(await at(2, 'at another')).toBe('waiting');
  agent = { managed: true, at: null };
  expect((await signer.has(2)).kind).toBe('waiting');
});
