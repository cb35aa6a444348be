import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openWork, writeRows } from '../../test/kit/work.ts';
import { answerKeeper, createIdempotency } from '../access/idempotency.ts';
import { accessRows } from '../access/store.ts';
import { createTokens, type Tokens } from '../access/tokens.ts';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { seededRandom } from '../core/random.ts';
import { createSealer } from '../core/seal.ts';
import { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import { type AuditFilter, auditRows, createAudit } from '../work/audit.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import { type Database, openDatabase } from './database.ts';
import { openRows } from './storage.ts';

const actor: Actor = { kind: 'local', id: 'cli', name: 'root', address: undefined };
const HOUR = 3_600_000;

let directory: string;
let database: Database;
let work: UnitOfWork;
let clock: FakeClock;
let tokens: Tokens;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-access-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  clock = new FakeClock();
  work = openWork(database, clock);
  tokens = createTokens({ work, clock, random: seededRandom(1), log: createLog({ level: 'silent' }) });
});

afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

describe('tokens', () => {
  test('a created token authenticates, with its scopes, and its secret is nowhere in the database', async () => {
    const scopes = [
      { scope: 'read' as const },
      {
        scope: 'dns:write' as const,
        zones: [Name.parse('Example.com')],
        names: [Name.parse('a.example.net')],
      },
    ];
    const { token, secret } = await tokens.create(actor, { name: 'lego', scopes });
    expect(secret).toMatch(/^sp_[0-9a-f]{12}_[\w-]{43}$/);
    const found = tokens.authenticate(secret, undefined);
    expect(found).toMatchObject({ id: token.id, name: 'lego' });
    expect(JSON.stringify(found?.scopes)).toBe(JSON.stringify(scopes));
    const row = JSON.stringify(database.reader.sqlite.prepare('SELECT * FROM tokens').all());
    expect(row).not.toContain(secret.slice(16));
    expect(work.committed.rows(auditRows).audit(undefined, 9, {})).toMatchObject([
      { actor, action: 'token.create', target: token.id, detail: { name: 'lego' } },
    ]);
  });

  test.each([
    ['the secret with another last character', (secret: string) => secret.slice(0, -1) + '.'],
    ['the secret cut', (secret: string) => secret.slice(0, -1)],
    ['another secret of the same id', (secret: string) => secret.slice(0, 16) + 'A'.repeat(43)],
    ['an unknown id', (secret: string) => `sp_000000000000${secret.slice(15)}`],
    ['nothing', () => ''],
  ])('refuses %s', async (_title, change) => {
    const { secret } = await tokens.create(actor, { name: 'x', scopes: [{ scope: 'read' }] });
    expect(tokens.authenticate(change(secret), undefined)).toBeUndefined();
  });

  test('ends at its expiry, and when revoked', async () => {
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const { secret } = await tokens.create(actor, { name: 'x', scopes: [{ scope: 'admin' }], expiresAt });
    expect(tokens.authenticate(secret, undefined)?.expiresAt).toBe(expiresAt);
    expect(tokens.none()).toBe(false);
    await clock.advance(HOUR);
    expect(tokens.authenticate(secret, undefined)).toBeUndefined();
    expect(tokens.none()).toBe(true);

    const other = await tokens.create(actor, { name: 'y', scopes: [{ scope: 'read' }] });
    await tokens.revoke(actor, other.token.id);
    expect(tokens.authenticate(other.secret, undefined)).toBeUndefined();
    await expect(tokens.revoke(actor, other.token.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(work.committed.rows(auditRows).audit(undefined, 1, {})).toMatchObject([
      { action: 'token.revoke', target: other.token.id },
    ]);
  });

  test.each([
    ['an empty name', { name: ' ', scopes: [{ scope: 'read' as const }] }, 'name'],
    ['no scope', { name: 'x', scopes: [] }, 'scopes'],
    [
      'a limit that does not limit',
      { name: 'x', scopes: [{ scope: 'admin' as const, zones: [Name.parse('example.com')] }] },
      'scopes[0]',
    ],
    [
      'a past expiry',
      { name: 'x', scopes: [{ scope: 'read' as const }], expiresAt: '2020-01-01T00:00:00Z' },
      'expiresAt',
    ],
    [
      'an expiry that is no time',
      { name: 'x', scopes: [{ scope: 'read' as const }], expiresAt: 'soon' },
      'expiresAt',
    ],
  ])('refuses %s', async (_title, request, path) => {
    const refused = expect(tokens.create(actor, request)).rejects;
    await refused.toMatchObject({ code: 'invalid-request', errors: [{ path }] });
  });

  test('notes its last use once a minute', async () => {
    const { token, secret } = await tokens.create(actor, { name: 'x', scopes: [{ scope: 'read' }] });
    const lastUsed = async (): Promise<string | undefined> => {
      await database.write(() => undefined);
      return work.committed.rows(accessRows).token(token.id)?.lastUsedAt;
    };
    const first = new Date(clock.now()).toISOString();
    tokens.authenticate(secret, undefined);
    expect(await lastUsed()).toBe(first);
    await clock.advance(59_000);
    tokens.authenticate(secret, undefined);
    expect(await lastUsed()).toBe(first);
    await clock.advance(1000);
    tokens.authenticate(secret, undefined);
    expect(await lastUsed()).toBe(new Date(clock.now()).toISOString());
  });

  test('lists in pages, the token of the flag first', async () => {
    tokens.ensureAdminToken('correct horse battery staple');
    for (const name of ['a', 'b', 'c']) await tokens.create(actor, { name, scopes: [{ scope: 'read' }] });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = tokens.list({ limit: 1, cursor });
      expect(page.items).toHaveLength(1);
      expect(page.items[0]).not.toHaveProperty('hash');
      seen.push(page.items[0]!.name);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen[0]).toBe('--admin-token');
    expect(seen.slice(1).sort()).toEqual(['a', 'b', 'c']);
  });

  test('the token of the flag is admin, whatever its form, and cannot be revoked', async () => {
    expect(tokens.none()).toBe(true);
    for (const secret of ['hunter2', `sp_0123456789ab_${'x'.repeat(43)}`]) {
      tokens.ensureAdminToken(secret);
      expect(tokens.authenticate(secret, undefined)?.scopes).toEqual([{ scope: 'admin' }]);
    }
    expect(tokens.authenticate('hunter2', undefined)).toBeUndefined();
    expect(tokens.none()).toBe(false);
    await expect(tokens.revoke(actor, 'admin-token')).rejects.toMatchObject({ code: 'in-use' });
  });

  test('the secret of the first start works once, and only the newest, for an hour', async () => {
    const older = tokens.createSetupSecret();
    const secret = tokens.createSetupSecret();
    expect(await tokens.redeemSetupSecret(actor, older)).toBeUndefined();
    const redeemed = await Promise.all([secret, secret].map((text) => tokens.redeemSetupSecret(actor, text)));
    expect(redeemed.map((result) => result !== undefined)).toEqual([true, false]);
    expect(tokens.authenticate(redeemed[0]!.secret, undefined)?.scopes).toEqual([{ scope: 'admin' }]);

    const late = tokens.createSetupSecret();
    await clock.advance(HOUR);
    expect(await tokens.redeemSetupSecret(actor, late)).toBeUndefined();
  });
});

describe('audit', () => {
  test('pages from the newest on, by target and action', async () => {
    await writeRows(work, auditRows, (rows) => {
      for (let index = 1; index <= 5; index++)
        rows.append(
          {
            actor,
            action: index % 2 ? 'domain.add' : 'record.add',
            target: 'example.com',
            detail: { index },
          },
          '2026-01-01T00:00:00.000Z',
        );
    });
    const audit = createAudit(work.committed.rows(auditRows));
    const first = audit.list(
      { limit: 2, cursor: undefined },
      { target: 'example.com', action: 'domain.add' },
    );
    expect(first.items.map(({ detail }) => detail['index'])).toEqual([5, 3]);
    const second = audit.list(
      { limit: 2, cursor: first.next },
      { target: 'example.com', action: 'domain.add' },
    );
    expect(second.items.map(({ detail }) => detail['index'])).toEqual([1]);
    expect(second.next).toBeUndefined();
    expect(audit.list({ limit: 9, cursor: undefined }, { target: 'example.net' }).items).toEqual([]);
    expect(() => audit.list({ limit: 2, cursor: 'x' }, {})).toThrow('cursor');
  });

  test('by who did it and when, and what came since', async () => {
    const other = { ...actor, id: 'dkim', name: 'DKIM keys' };
    const at = (index: number) => `2026-01-01T00:${String(index % 60).padStart(2, '0')}:00.000Z`;
    await writeRows(work, auditRows, (rows) => {
      for (let index = 0; index < 5000; index++)
        rows.append(
          { actor: index === 7 ? other : actor, action: 'a', target: 't', detail: { index } },
          index < 60 ? at(index) : '2026-01-01T01:00:00.000Z',
        );
    });
    const audit = createAudit(work.committed.rows(auditRows));
    const all = (filter: AuditFilter) => {
      const found: unknown[] = [];
      let pages = 0;
      for (let cursor: string | undefined; ;) {
        const page = audit.list({ limit: 100, cursor }, filter);
        found.push(...page.items.map(({ detail }) => detail['index']));
        pages++;
        if (page.next === undefined) return { found, pages };
        cursor = page.next;
      }
    };
    // An index leads to it, whatever others did since.
    expect(all({ actor: 'dkim' })).toEqual({ found: [7], pages: 1 });
    expect(all({ actor: 'DKIM keys', target: 't' }).found).toEqual([7]);
    expect(all({ since: at(10), until: at(13) }).found).toEqual([12, 11, 10]);
    expect(all({ until: at(0) }).found).toEqual([]);
    expect(all({ since: '2027-01-01T00:00:00.000Z' }).found).toEqual([]);
    const [newest] = audit.list({ limit: 1, cursor: undefined }, {}).items;
    expect(all({ after: newest!.id - 2 }).found).toEqual([4999, 4998]);
    expect(all({ after: newest!.id }).found).toEqual([]);
  });

  test('asks by an index, whatever is asked for', () => {
    const { sqlite } = database.reader;
    const asked: string[] = [];
    const prepare = sqlite.prepare.bind(sqlite);
    vi.spyOn(sqlite, 'prepare').mockImplementation((source: string) => {
      asked.push(source);
      return prepare(source);
    });
    const rows = openRows(database).committed.rows(auditRows);
    const times = { since: '2026', until: '2027' };
    for (const range of [
      {},
      times,
      { target: 't' },
      { action: 'a', ...times },
      { target: 't', action: 'a', after: 3 },
      { actor: 'dkim' },
      { actor: 'dkim', action: 'a', after: 3, ...times },
    ])
      rows.audit(9, 2, range);
    vi.restoreAllMocks();
    for (const source of asked.filter((one) => /\baudit\b/.test(one) && /^select/i.test(one))) {
      const plan = sqlite
        .prepare(`EXPLAIN QUERY PLAN ${source}`)
        .all(...source.match(/\?/g)!.map(() => 1)) as { detail: string }[];
      for (const { detail } of plan) expect(detail, source).not.toMatch(/TEMP B-TREE|SCAN audit$/);
    }
    expect(asked.length).toBeGreaterThan(4);
  });
});

describe('idempotency', () => {
  test('fresh, running, done, conflict, and fresh again after a day or when abandoned', async () => {
    const sealer = createSealer(Buffer.alloc(32), seededRandom(1));
    const idempotency = createIdempotency({ work, clock, sealer });
    expect(idempotency.begin('k', 'a')).toEqual({ kind: 'fresh' });
    expect(idempotency.begin('k', 'a')).toEqual({ kind: 'running' });
    expect(idempotency.begin('k', 'b')).toEqual({ kind: 'conflict' });
    await idempotency.finish('k', 201, '{}');
    expect(idempotency.begin('k', 'a')).toEqual({ kind: 'done', status: 201, body: '{}' });
    expect(idempotency.begin('k', 'b')).toEqual({ kind: 'conflict' });
    await clock.advance(24 * HOUR + 1);
    expect(idempotency.begin('k', 'b')).toEqual({ kind: 'fresh' });
    idempotency.abandon('k');
    expect(idempotency.begin('k', 'c')).toEqual({ kind: 'fresh' });
    await idempotency.finish('k', 200, 'new');
    expect(idempotency.begin('k', 'c')).toEqual({ kind: 'done', status: 200, body: 'new' });
  });

  test('keeps answers over a restart, forgets running requests, and prunes the old', async () => {
    const sealer = createSealer(Buffer.alloc(32), seededRandom(1));
    const before = createIdempotency({ work, clock, sealer });
    before.begin('done', 'a');
    before.begin('running', 'a');
    await before.finish('done', 200, 'body');
    const after = createIdempotency({ work, clock, sealer });
    expect(after.begin('done', 'a')).toMatchObject({ kind: 'done' });
    expect(after.begin('running', 'a')).toEqual({ kind: 'fresh' });
    await clock.advance(24 * HOUR + 1);
    await after.finish('running', 200, '');
    const forgotten = await work.change({ actor, cause: 'test' }, (change) =>
      answerKeeper(clock).forget(change),
    );
    expect(forgotten).toEqual({ dropped: 1, more: false });
    expect(database.reader.sqlite.prepare('SELECT key FROM idempotency').all()).toEqual([{ key: 'running' }]);
  });

  test('keeps nothing of a request by which a guessed password shows to be right', async () => {
    const stored = (): unknown =>
      database.reader.sqlite.prepare('SELECT fingerprint FROM idempotency').pluck().get();
    const keep = async (key: number): Promise<unknown> => {
      const sealer = createSealer(Buffer.alloc(32, key), seededRandom(1));
      const idempotency = createIdempotency({ work, clock, sealer });
      idempotency.begin('k', 'POST /api/v1/mailboxes 9f86d081');
      await idempotency.finish('k', 201, '{}');
      const fingerprint = stored();
      await clock.advance(24 * HOUR + 1);
      return fingerprint;
    };
    const kept = await keep(1);
    expect(kept).toMatch(/^[\w-]{43}$/);
    expect(await keep(2)).not.toBe(kept);
  });
});
