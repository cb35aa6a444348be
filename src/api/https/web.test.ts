import { expect, test } from 'vitest';
import { answeredByWeb } from './web.ts';

const routes = [
  { method: 'GET', path: '/mail/config-v1.1.xml' },
  { method: 'POST', path: '/autodiscover/autodiscover.xml' },
  { method: 'GET', path: '/autodiscover/autodiscover.json/v1.0/:email' },
  { method: 'ALL', path: '/*' },
];

const placeOf = (hostnames: string[]) =>
  answeredByWeb(
    { host: '127.0.0.1', port: 1, isSite: (domain) => domain === 'example.com' },
    { discovery: { routes, fetch: () => new Response() }, hostnames: () => hostnames },
  );

test.each([
  ['box.example.net', '/mail', 'webmail'],
  ['box.example.net', '/mail/', 'webmail'],
  ['BOX.example.net.', '/mail/skins/x.css', 'webmail'],
  ['192.0.2.1', '/mail/', 'webmail'],
  ['box.example.net', '/mail/config-v1.1.xml', undefined],
  ['box.example.net', '/mailboxes', undefined],
  ['box.example.net', '/api/v1/box', undefined],
  ['example.com', '/', 'site'],
  ['www.Example.com', '/api/v1/box', 'site'],
  ['example.com', '/mail/', 'site'],
  ['example.com', '/AutoDiscover/autodiscover.xml', undefined],
  ['example.com', '/autodiscover/autodiscover.json/v1.0/anna@example.com', undefined],
  ['mta-sts.example.com', '/', undefined],
  ['example.org', '/', undefined],
])('%s%s is for %s', (host, path, place) => {
  expect(placeOf(['box.example.net'])(host, path)).toBe(place);
});

test('a box without a name hands nothing on', () => {
  expect(placeOf([])('example.com', '/mail/')).toBeUndefined();
});
