import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../test/kit/free-port.ts';
import { mailModel, web } from '../../../../test/kit/mail-model.ts';
import { missing } from '../../../../test/kit/requires.ts';
import { until } from '../../../../test/kit/until.ts';
import { isProxyTarget, isRedirectTarget, proxyTarget, redirectTarget, RULE_PATH } from '../../web/rules.ts';
import type { WebRule } from '../../web/store.ts';
import type { WebSite } from '../model.ts';
import { nginxConf } from './config.ts';
import { siteServer } from './sites.ts';

const reason = missing({ root: true, commands: ['nginx'] });

/** Words and signs of nginx's own grammar: what stands in quotes is one word, whatever is in it. */
function tokens(text: string): string[] {
  const token = /"(?:[^"\\]|\\[^])*"|#[^\n]*|[;{}]|[^\s;{}"]+/g;
  return [...text.matchAll(token)].map(([found]) => found).filter((found) => !found.startsWith('#'));
}

const render = (rules: readonly WebRule[]): string =>
  siteServer({ domain: 'example.com', hsts: undefined, rules }, '127.0.0.1:8090', '');

const nasty = fc
  .array(
    fc.constantFrom(
      ...[
        ...';{}$"\'\\ \n\t#/.=?&%@:~-_'.split(''),
        'a',
        '8',
        'é',
        '\0',
        '${',
        'http://',
        'https://a.example/',
      ],
    ),
    {
      maxLength: 24,
    },
  )
  .map((parts) => parts.join(''));
const anything = fc.oneof(
  nasty,
  fc.string({ unit: 'binary' }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);
const url = fc.oneof(
  anything,
  anything.map((text) => `https://a.example/${text}`),
  anything.map((text) => `http://10.0.0.1:80${text}`),
);

test('whatever is taken is one word of one directive', () => {
  const property = fc.property(url, fc.constantFrom('/', '/a'), (text, path) => {
    const to = redirectTarget(text);
    if (to === undefined) return;
    expect(isRedirectTarget(to)).toBe(true);
    const found = tokens(render([{ path, kind: 'redirect', to }]));
    const returns = found.flatMap((word, at) => (word === 'return' ? [found.slice(at, at + 4)] : []));
    expect(returns).toHaveLength(path === '/' ? 1 : 2);
    for (const [, status, target, end] of returns) {
      expect([status, end]).toEqual(['302', ';']);
      expect([`"${to}"`, `"${to}$request_uri"`]).toContain(target);
    }
    expect(to.includes('$')).toBe(false);
    expect(found.filter((word) => word === '{')).toHaveLength(path === '/' ? 2 : 3);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('whatever is taken of a proxy is an address and a port, inside', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        url,
        nasty.map((text) => `http://127.0.0.1:3000${text}`),
      ),
      (text) => {
        const to = proxyTarget(text);
        if (to !== undefined) expect(to).toMatch(/^http:\/\/[0-9a-f.:[\]]+:\d{1,5}$/);
      },
    ),
    { numRuns: 2000 },
  );
  for (const to of ['http://localhost:3000/', 'http://[FD00::1]:80', 'http://192.168.1.9:8080'])
    expect(proxyTarget(to), to).toBeDefined();
  for (const to of [
    ...['http://127.0.0.1', 'http://192.0.2.1:80', 'http://example.com:80', 'https://127.0.0.1:80'],
    ...[
      'http://127.0.0.1:80/a',
      'http://127.0.0.1:0',
      'http://127.0.0.1:65536',
      'http://[::ffff:8.8.8.8]:80',
    ],
  ])
    expect(isProxyTarget(to), to).toBe(false);
});

test.each(['', 'a', '/a/', '//', '/../a', '/.git', '/a b', '/a;', '/a{', '/$a', '/a"', '/é', '/a\n'])(
  'a path %j is none',
  (path) => expect(RULE_PATH.test(path)).toBe(false),
);

describe.skipIf(reason)(`with nginx ${reason ?? ''}`, () => {
  let folder: string;
  let port: number;
  let program: Server;
  let nginx: ChildProcess;

  /** As it is rendered, for other ports and another folder. */
  async function configuration(sites: WebSite[]): Promise<string> {
    const model = mailModel('box.example.net', { web: { ...web, sites } });
    const path = join(folder, `${sites.length}.conf`);
    const text = nginxConf(model, '')
      .replaceAll('127.0.0.1:8090', `127.0.0.1:${port}`)
      .replaceAll(/listen (\[::\]:)?80\b/g, `listen $1${await freePort()}`)
      .replace('/run/nginx.pid', join(folder, 'pid'))
      .replaceAll('/var/log/nginx/', `${folder}/`)
      .replaceAll('/var/www', `${folder}/www`);
    writeFileSync(path, text);
    return path;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signpost-nginx-'));
    execFileSync('chmod', ['755', folder]);
    port = await freePort();
    program = createServer((request, response) => {
      const { host, 'x-forwarded-proto': scheme } = request.headers;
      response.end(`${request.method!} ${request.url!} ${host!} ${scheme as string}`);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => program.once('listening', resolve));
    const { port: behind } = program.address() as { port: number };
    mkdirSync(join(folder, 'www', 'example.com'), { recursive: true });
    writeFileSync(join(folder, 'www', 'example.com', 'index.html'), 'a file');
    const sites: WebSite[] = [
      {
        domain: 'example.com',
        hsts: { seconds: 60, subdomains: true },
        rules: [
          { path: '/app', kind: 'proxy', to: `http://127.0.0.1:${behind}` },
          { path: '/app/old', kind: 'permanent-redirect', to: 'https://example.org/new?a=b' },
        ],
      },
      { domain: 'example.org', rules: [{ path: '/', kind: 'redirect', to: 'https://example.net' }] },
    ];
    nginx = spawn('nginx', ['-g', 'daemon off;', '-c', await configuration(sites)], { stdio: 'ignore' });
    await until(20, () => ask('/', 'box.example.net').catch(() => undefined));
  }, 60_000);
  afterAll(async () => {
    nginx.kill('SIGTERM');
    await new Promise((resolve) => nginx.once('exit', resolve));
    program.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (
    path: string,
    host: string,
  ): Promise<{ status: number; head: IncomingMessage['headers']; text: string }> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode!, head: answer.headers, text }));
      }).on('error', reject);
    });

  test('a proxy has its path and what is below it, and the rest is files', async () => {
    for (const path of ['/app', '/app/', '/app/a?b=c'])
      expect((await ask(path, 'example.com')).text).toBe(`GET ${path} example.com https`);
    expect(await ask('/', 'example.com')).toMatchObject({ status: 200, text: 'a file' });
    expect((await ask('/application', 'example.com')).status).toBe(404);
    expect((await ask('/.git/config', 'example.com')).status).toBe(404);
  });

  test('a redirect is as it was said, and the longest path counts', async () => {
    const old = await ask('/app/old/x', 'example.com');
    expect([old.status, old.head.location]).toEqual([301, 'https://example.org/new?a=b']);
    const whole = await ask('/a/b?c=d', 'example.org');
    expect([whole.status, whole.head.location]).toEqual([302, 'https://example.net/a/b?c=d']);
  });

  test('HSTS is told by all of the site, and by no other', async () => {
    for (const path of ['/', '/app', '/app/old', '/nothing'])
      expect((await ask(path, 'example.com')).head['strict-transport-security'], path).toBe(
        'max-age=60; includeSubDomains',
      );
    expect((await ask('/', 'example.org')).head['strict-transport-security']).toBeUndefined();
  });

  test('nginx takes whatever is taken', async () => {
    const targets = fc.sample(url, 3000).flatMap((text) => redirectTarget(text) ?? []);
    expect(targets.length).toBeGreaterThan(100);
    const sites = targets.map((to, at): WebSite => {
      return { domain: `d${at}.example`, rules: [{ path: '/a', kind: 'redirect', to }] };
    });
    const { status, stderr } = spawnSync('nginx', ['-t', '-q', '-c', await configuration(sites)], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
