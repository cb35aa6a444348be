import { describe, expect, it } from 'vitest';
import { Name } from '../dns/wire/name.ts';
import type { Box } from '../zones/model.ts';
import { boxChecks, type CheckSources } from './box-checks.ts';

const NOW = Date.UTC(2026, 0, 1);
const box = {
  hostname: Name.parse('box.example.net'),
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
} as unknown as Box;
const parent = { nameservers: [], glue: [], ds: [], checkedAt: undefined };

const sources: CheckSources = {
  box: () => box,
  zones: () => [],
  workers: () => [true, true],
  secondaries: () => [],
  parent: () => Promise.resolve({ ...parent, state: 'secure', message: 'All is set.' }),
  reverse: () => Promise.resolve(['box.example.net.']),
  mail: () => Promise.resolve({ servers: [], agentProblem: undefined, accepted: true, last: undefined }),
  greeting: () => Promise.resolve('220 mx.example.org ESMTP'),
  relay: () => undefined,
  firstMail: () => Promise.resolve({ received: true, sent: true, problem: undefined }),
  mailDirectory: () => [],
  dkim: () => [],
  certificate: () => ({ kind: 'acme', notAfter: '2026-02-01T00:00:00Z' }),
  hooks: () => [],
  database: () => [],
  copies: () => [],
};

async function look(id: string, changed: Partial<CheckSources> = {}) {
  const checks = boxChecks({ ...sources, ...changed }, () => NOW);
  const { state, found } = await checks.find((check) => check.id === id)!.look();
  return { state, found: found.map((one) => (typeof one === 'string' ? one : one.sentence)) };
}

describe('checks of the box', () => {
  it('are all good on one that is in order, and each says why and how', async () => {
    for (const { id, why, mend } of boxChecks(sources, () => NOW)) {
      expect(await look(id), id).toEqual({ state: 'good', found: [] });
      expect(
        [why, mend].every((sentence) => sentence.endsWith('.')),
        id,
      ).toBe(true);
    }
  });

  it('name the worker that does not run', async () => {
    expect(await look('workers', { workers: () => [true, false] })).toEqual({
      state: 'bad',
      found: ['Worker 1 does not run.'],
    });
  });

  it('name each address that leads elsewhere, and tell silence from a wrong name', async () => {
    const reverse = (address: string) => Promise.resolve(address.includes(':') ? [] : ['host.example.org']);
    expect(await look('reverse-name', { reverse })).toEqual({
      state: 'bad',
      found: [
        '192.0.2.1 leads back to host.example.org; it should be box.example.net.',
        '2001:db8::1 has no reverse name; it should be box.example.net.',
      ],
    });
    const silent = () => Promise.reject(new Error('timeout'));
    expect(await look('reverse-name', { reverse: silent })).toMatchObject({ state: 'unknown' });
  });

  it('say what the parent lacks, and that a box without a name has none to look for', async () => {
    const insecure = { ...parent, state: 'insecure', message: 'Set the DS record.' } as const;
    expect(await look('delegation', { parent: () => Promise.resolve(insecure) })).toEqual({
      state: 'attention',
      found: ['Set the DS record.'],
    });
    expect(await look('delegation', { box: () => undefined })).toMatchObject({ state: 'bad' });
  });

  it('tell an expired certificate from one that nobody trusts', async () => {
    const at = (notAfter: string) => ({ certificate: () => ({ kind: 'own' as const, notAfter }) });
    expect(await look('certificate', at('2025-12-31T00:00:00Z'))).toMatchObject({
      found: ['It has expired.'],
    });
    expect(await look('certificate', at('2026-01-01T12:00:00Z'))).toMatchObject({ state: 'bad' });
    const selfSigned = () => ({ kind: 'self-signed' as const, notAfter: '2036-01-01T00:00:00Z' });
    expect(await look('certificate', { certificate: selfSigned })).toMatchObject({ state: 'attention' });
  });
});

const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const noMail = { received: false, sent: false, problem: undefined };

describe('port 25', () => {
  it.each([
    ['ETIMEDOUT', 'bad', 'None of gmail-smtp-in.l.google.com'],
    ['ECONNREFUSED', 'bad', 'answers at port 25.'],
    ['EAI_AGAIN', 'unknown', 'No mail server elsewhere was found'],
  ])('towards others, where all end with %s, is %s', async (code, state, sentence) => {
    const found = await look('port-25-out', { greeting: refusing(code) });
    expect(found).toMatchObject({ state, found: [expect.stringContaining(sentence)] });
  });

  it('is open towards others when one of them answers, and not asked again for an hour', async () => {
    let [asked, now] = [0, NOW];
    const greeting = (host: string) => {
      asked++;
      return host.includes('google') ? Promise.resolve('421 busy') : refusing('ETIMEDOUT')();
    };
    const { look: again } = boxChecks({ ...sources, greeting }, () => now).find(
      ({ id }) => id === 'port-25-out',
    )!;
    expect(await again()).toEqual({ state: 'good', found: [] });
    expect(await again()).toEqual({ state: 'good', found: [] });
    expect(asked).toBe(3);
    now += 3_600_001;
    await again();
    expect(asked).toBe(6);
  });

  it('towards others does not matter where a relay host takes the mail', async () => {
    const relay = () => 'smtp.example.org';
    expect(await look('port-25-out', { greeting: refusing('ETIMEDOUT'), relay })).toMatchObject({
      state: 'good',
    });
  });

  it.each([
    ['ECONNREFUSED', 'bad', 'Nothing answers at 192.0.2.1, port 25.'],
    ['ETIMEDOUT', 'unknown', 'The box cannot reach 192.0.2.1 itself, which may be so behind a router.'],
  ])('of the box, where a connection ends with %s, is %s', async (code, state, sentence) => {
    const changed = { greeting: refusing(code), firstMail: () => Promise.resolve(noMail) };
    const found = await look('port-25-in', changed);
    expect([found.state, found.found[0]]).toEqual([state, sentence]);
  });

  it('of the box is open when mail came, whatever the box sees from behind a router', async () => {
    expect(await look('port-25-in', { greeting: refusing('ETIMEDOUT') })).toMatchObject({ state: 'good' });
  });

  it('of the box is taken by what is no mail server', async () => {
    const found = await look('port-25-in', { greeting: () => Promise.resolve('SSH-2.0-x') });
    expect(found.state).toBe('bad');
  });
});

describe('first mail', () => {
  it.each([
    ['first-received', noMail, 'attention', 'No message from elsewhere arrived yet.'],
    ['first-sent', { ...noMail, received: true }, 'attention', 'Nobody sent a message yet.'],
    ['first-sent', { ...noMail, problem: 'No answer.' }, 'unknown', 'No answer.'],
  ])('%s of %j is %s', async (id, seen, state, sentence) => {
    expect(await look(id, { firstMail: () => Promise.resolve(seen) })).toEqual({ state, found: [sentence] });
  });
});
