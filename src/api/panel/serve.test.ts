import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiUnderTest, type ApiUnderTest } from '../../../test/kit/api.ts';
import { openPanel } from './files.ts';

let folder: string;
let box: ApiUnderTest;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-panel-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<meta nonce="SIGNPOST-NONCE"><script src="/assets/index-1a.js"></script>',
  );
  writeFileSync(join(folder, 'assets/index-1a.js'), 'plain');
  writeFileSync(join(folder, 'assets/index-1a.js.br'), 'brotli');
  writeFileSync(join(folder, 'assets/index-1a.js.gz'), 'gzip');
  writeFileSync(join(folder, 'secret.js'), 'not to be had');
  box = await apiUnderTest({ panel: openPanel(folder) });
});
afterAll(async () => {
  await box.services.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  box.api.request(
    `http://box.example.net${path}`,
    { method, headers },
    {
      peer: { kind: 'network', address: '203.0.113.9' },
    },
  );

describe('the panel, as it is served', () => {
  it('is the same page at every address of it, for everybody', async () => {
    for (const path of ['/', '/domains', '/domains/example.com/registrar', '/setup']) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.text()).toContain('/assets/index-1a.js');
    }
  });

  it('lets the page run its own files alone, and styles of this one answer', async () => {
    const [first, second] = [await get('/'), await get('/')];
    const policy = first.headers.get('content-security-policy')!;
    const [, nonce] = /'nonce-([\w-]{22})'/.exec(policy)!;
    expect(await first.text()).toContain(`nonce="${nonce}"`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(second.headers.get('content-security-policy')).not.toContain(nonce);
    expect(first.headers.get('x-frame-options')).toBe('DENY');
  });

  it.each([
    ['gzip, deflate, br', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'gzip'],
    ['', null, 'plain'],
  ])('sends files for ever, to who takes "%s" as %s', async (accepted, encoding, content) => {
    const response = await get('/assets/index-1a.js', { 'accept-encoding': accepted });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toBe(content);
  });

  it('answers HEAD without the content', async () => {
    const response = await get('/assets/index-1a.js', {}, 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([
    '/assets/index-0b.js',
    '/assets/../secret.js',
    '/assets/%2e%2e/secret.js',
    '/assets/..%2fsecret.js',
    '/secret.js',
  ])('has nothing at %s', async (path) => {
    const response = await get(path);
    expect([401, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('not to be had');
  });

  it.each(['/api/v1/domains', '/api/v2', '/apiary', '/metrics', '/admin', '/mail'])(
    'does not stand in the way of %s',
    async (path) => {
      expect((await get(path)).status).toBe(401);
    },
  );

  it('has a file no more that was built anew under it', async () => {
    const gone = join(folder, 'assets/gone-2c.js');
    writeFileSync(gone, 'plain');
    const later = await apiUnderTest({ panel: openPanel(folder) });
    rmSync(gone);
    const request = later.api.request(
      'http://box.example.net/assets/gone-2c.js',
      {},
      {
        peer: { kind: 'network', address: '203.0.113.9' },
      },
    );
    expect((await request).status).toBe(404);
    await later.services.close();
  });

  it('is the new one as soon as it was built anew under the running box', async () => {
    const running = mkdtempSync(join(tmpdir(), 'signpost-panel-'));
    const build = (name: string): void => {
      rmSync(running, { recursive: true });
      mkdirSync(join(running, 'assets'), { recursive: true });
      writeFileSync(join(running, 'index.html'), `<script src="/assets/${name}"></script>`);
      writeFileSync(join(running, 'assets', name), name);
    };
    build('index-1.js');
    const { api, services } = await apiUnderTest({ panel: openPanel(running) });
    const peer = { kind: 'network', address: '203.0.113.9' } as const;
    const text = async (path: string): Promise<string> =>
      (await api.request(`http://box.example.net${path}`, {}, { peer })).text();
    expect(await text('/')).toContain('index-1.js');
    build('index-2.js');
    expect(await text('/')).toContain('index-2.js');
    expect(await text('/assets/index-2.js')).toBe('index-2.js');
    expect(await text('/assets/index-1.js')).toBe('');
    rmSync(running, { recursive: true });
    // Between two builds it is that of before.
    expect(await text('/')).toContain('index-2.js');
    await services.close();
  });

  it('leaves what is sent to the API', async () => {
    expect((await get('/domains', {}, 'POST')).status).toBe(401);
  });
});

it('is undefined where nothing was built', () => {
  expect(openPanel(join(folder, 'nothing'))).toBeUndefined();
});
