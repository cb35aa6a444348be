import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest({ box: null });
});
afterEach(() => box.services.close());

/** As at the first start. */
async function endTokens(): Promise<void> {
  const { json } = await box.ask('GET', '/api/v1/tokens');
  for (const { id } of json.items!) await box.ask('DELETE', `/api/v1/tokens/${String(id)}`);
}

test('the link of the first start leads to a page, without a credential and before the box has a name', async () => {
  await endTokens();
  const { status, text, headers } = await box.ask('GET', '/setup', { token: null });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(text).not.toMatch(/\son\w+=|style="|(?:src|href)="(?!\/api\/docs)/);
});

test('the policy lets its own style and script run, ask this server, and nothing else', async () => {
  await endTokens();
  const { text, headers } = await box.ask('GET', '/setup', { token: null });
  const hash = (tag: string): string => {
    const inside = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(text)![1]!;
    return `'sha256-${createHash('sha256').update(inside).digest('base64')}'`;
  };
  const policy = new Map(
    headers
      .get('content-security-policy')!
      .split('; ')
      .map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
  );
  expect(policy.get('style-src')).toBe(hash('style'));
  expect(policy.get('script-src')).toBe(hash('script'));
  expect(policy.get('connect-src')).toBe("'self'");
  for (const what of ['default-src', 'frame-ancestors', 'form-action', 'base-uri'])
    expect(policy.get(what)).toBe("'none'");
});

test('no other page runs scripts', async () => {
  const { headers } = await box.ask('GET', '/api/docs');
  expect(headers.get('content-security-policy')).not.toContain('script-src');
});

test('once there is a token, the page of the first start says so, and how to make another', async () => {
  const { status, text } = await box.ask('GET', '/setup', { token: null });
  expect(status).toBe(200);
  expect(text).toContain('has a token already');
  expect(text).toContain('signpost token create');
  expect(text).not.toContain('obody has a token');
  expect(text).not.toContain('<script>');
});

test('the root leads a person on: to the page of the first start, and from then on past it', async () => {
  const later = await box.ask('GET', '/', { token: null });
  expect([later.status, later.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  for (const link of ['/api/docs', '/api/openapi.json', '/health'])
    expect(later.text).toContain(`href="${link}"`);
  expect(later.text).not.toContain('/setup');
  expect(later.headers.get('content-security-policy')).toMatch(/default-src 'none'.*style-src 'sha256-/);
  await endTokens();
  const first = await box.ask('GET', '/', { token: null });
  expect(first.text).toContain('href="/setup"');
  for (const { text } of [first, later]) expect(text).not.toMatch(/box\.example|192\.0\.2/);
});
