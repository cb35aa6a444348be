import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../test/kit/free-port.ts';
import { missing } from '../../../test/kit/requires.ts';
import { until } from '../../../test/kit/until.ts';
import { systemClock } from '../../core/clock.ts';
import { HISTORY, historyPassword, historyUser } from '../drivers/redis/history.ts';
import { createMailHistory } from './service.ts';
import { listIn, redisList } from './redis-list.ts';

const reason = missing({ commands: ['redis-server', 'redis-cli'] });
const secret = 'a-password-of-redis';

describe.skipIf(reason)(`the history in a real Redis ${reason ?? ''}`, () => {
  let folder: string;
  let port: number;
  let server: ReturnType<typeof execFile>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-redis-'));
    port = await freePort();
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${secret}`,
      historyUser(secret),
      `dir ${folder}`,
    ];
    writeFileSync(join(folder, 'redis.conf'), `${lines.join('\n')}\n`);
    server = execFile('redis-server', [join(folder, 'redis.conf')]);
    await until(20, () => Promise.resolve(tried(() => cli('PING')) === 'PONG' || undefined));
  });
  afterAll(() => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const cli = (...args: string[]): string =>
    execFileSync('redis-cli', ['-p', String(port), '-a', secret, '--no-auth-warning', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const tried = (what: () => string): string | undefined => {
    try {
      return what();
    } catch {
      return undefined;
    }
  };
  const access = () => ({ host: '127.0.0.1', port, user: HISTORY.user, password: historyPassword(secret) });

  test('reads lists of many octets in parts, and an empty one', async () => {
    const read = redisList(access(), systemClock);
    expect(await read(HISTORY.key, 0, 9)).toEqual([]);
    const long = `ä\r\n$3\r\n${'x'.repeat(100_000)}`;
    for (const item of ['last', long, 'first']) cli('LPUSH', `${HISTORY.key}box`, item);
    expect(await read(`${HISTORY.key}box`, 0, 9)).toEqual(['first', long, 'last']);
    expect(await read(`${HISTORY.key}box`, 2, 9)).toEqual(['last']);
  });

  test('the user of the box reads the history, and can do nothing else', async () => {
    await expect(redisList(access(), systemClock)('other', 0, 9)).rejects.toThrow(/NOPERM/);
    for (const command of [
      ['SET', `${HISTORY.key}x`, '1'],
      ['KEYS', '*'],
      ['DEL', `${HISTORY.key}box`],
    ])
      expect(
        execFileSync(
          'redis-cli',
          ['-p', String(port), '--user', HISTORY.user, '--pass', historyPassword(secret), ...command],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
        ),
      ).toMatch(/NOPERM/);
    const wrong = redisList({ ...access(), password: 'wrong' }, systemClock);
    await expect(wrong(HISTORY.key, 0, 9)).rejects.toThrow(/WRONGPASS/);
  });

  test('where Redis is away the answer says so', async () => {
    const read = redisList({ ...access(), port: await freePort() }, systemClock);
    const history = createMailHistory({ read, clock: systemClock });
    expect(await history.list({ limit: 10, cursor: undefined }, {})).toEqual({
      items: [],
      next: undefined,
      problem: expect.stringMatching(/does not answer .*ECONNREFUSED.*signpost mail status/) as string,
    });
  });
});

test.each(['HTTP/1.1 400 Bad Request\r\n', '+OK\r\n+OK\r\n', '+OK\r\n*1\r\n:5\r\n', '-ERR no\r\n'])(
  'what is no list is no endless wait: %j',
  (said) => {
    expect(() => listIn(Buffer.from(`${said}\r\n`))).toThrow();
  },
);
