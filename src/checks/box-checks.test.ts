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
  mailDirectory: () => [],
  dkim: () => [],
  certificate: () => ({ kind: 'acme', notAfter: '2026-02-01T00:00:00Z' }),
  hooks: () => [],
  database: () => [],
  copies: () => [],
};

const look = async (id: string, changed: Partial<CheckSources> = {}) =>
  boxChecks({ ...sources, ...changed }, () => NOW)
    .find((check) => check.id === id)!
    .look();

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
