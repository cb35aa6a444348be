import { expect, test } from 'vitest';
import { answerByHost } from './hosts.ts';

const app = (name: string) => ({
  fetch: () => new Response(name),
  routes: [{ method: 'GET', path: '/mail/config-v1.1.xml' }],
});

test.each([
  ['box.example.net', 'box.example.net', 'api'],
  ['BOX.Example.NET', 'box.example.net', 'api'],
  ['box.example.net.', 'box.example.net', 'api'],
  ['Box.example.net.:8443', 'box.example.net', 'api'],
  ['old.example.net', 'box.example.net', 'api'],
  ['localhost', 'box.example.net', 'api'],
  ['192.0.2.1', 'box.example.net', 'api'],
  ['[2001:db8::1]:8443', 'box.example.net', 'api'],
  ['example.com', undefined, 'api'],
  ['example.com', 'box.example.net', 'discovery'],
  ['box.example.net..', 'box.example.net', 'discovery'],
  ['xbox.example.net', 'box.example.net', 'discovery'],
  ['box.example.net/Mail', 'box.example.net', 'discovery'],
])('%s at the box %s is answered by %s', async (host, hostname, expected) => {
  const hostnames = hostname === undefined ? [] : [hostname, 'old.example.net'];
  const byHost = answerByHost({ api: app('api'), discovery: app('discovery'), hostnames: () => hostnames });
  const answer = await byHost(new Request(`https://${host}/api/v1/box`), { kind: 'local' });
  expect(await answer.text()).toBe(expected);
});
