import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drivers } from './registry.ts';
import type { RenderTarget } from './driver.ts';
import { type MailModel, MESSAGE_SIZE_LIMIT } from './model.ts';

const goldens = join(import.meta.dirname, '../../../test/goldens/mail');

// Of RFC 8410 §10.3: a key for everybody's use.
const ed25519 =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n';

// Of nobody: its key is gone.
const chain = `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUViS+5b4atS0OTvBGbR9JVTC2kRMwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPYm94LmV4YW1wbGUubmV0MCAXDTI2MTEyOTA4NTcyMFoYDzIx
MjYxMTA1MDg1NzIwWjAaMRgwFgYDVQQDDA9ib3guZXhhbXBsZS5uZXQwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAQK0EZ0ovkuQkF3E18P/A5hMvAXvrBWJ1nDwqhe
HbS7c3r69q3wcIecEKalkFtm4L+lvrZ9U7KLqKt54eaJI0PLo1MwUTAdBgNVHQ4E
FgQUH7F7/cgnEN0vjPATcP0Hge8ngHcwHwYDVR0jBBgwFoAUH7F7/cgnEN0vjPAT
cP0Hge8ngHcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBAkQz3
fdr/hi91RPw7Q8dzN5Rp9vRQ2/nFr5s1lJnrYwIhAPOwF8GikfT06e1gyZUnd6pl
9rTnCEIP6A3PPRwDTe3n
-----END CERTIFICATE-----
`;

const model: MailModel = {
  hostname: 'box.example.net',
  directory: '/var/lib/signpost/mail/directory.sqlite',
  nameserver: { zone: 'example.net', address: '127.0.0.1', port: 53 },
  certificate: { chain, key: 'KEY\n' },
  settings: {
    messageSizeLimit: MESSAGE_SIZE_LIMIT,
    greylisting: false,
    redisPassword: 'a-password-of-redis',
  },
  web: { api: 'http://127.0.0.1:8080', sessionKey: 'a-key-of-sessions-32-characters-' },
};

const versions = {
  unbound: '1.17.1',
  'mta-sts': '1.1.2',
  redis: '7.0.15',
  rspamd: '3.4',
  dovecot: '2.3.19.1',
  postfix: '3.7.11',
  roundcube: '1.6.5',
  nginx: '1.22.1',
};

const files = drivers.flatMap((driver) => {
  const target: RenderTarget = { version: versions[driver.name], systemd: true, additions: new Map() };
  return driver.render(model, target).map((file) => ({ driver, target, file }));
});

test.each(files)(
  '$driver.name: $file.path is as recorded',
  ({ driver, file: { path, owner, group, mode, content } }) => {
    const golden = join(goldens, driver.name, `${path.slice(1).replaceAll('/', '%')}.txt`);
    const text = `${owner}:${group} ${mode.toString(8)} ${path}\n${content === undefined ? '(a folder)\n' : content}`;
    if (process.env['UPDATE_GOLDEN'] || !existsSync(golden)) {
      if (process.env['CI']) throw new Error(`${golden} is missing`);
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, text);
    }
    expect(text).toBe(readFileSync(golden, 'utf8'));
  },
);

test('a person’s additions come after what Signpost wrote, and win', () => {
  const postfix = drivers.find(({ name }) => name === 'postfix')!;
  const additions = new Map([['/etc/signpost/postfix-main.cf', 'delay_warning_time = 1h\n']]);
  const rendered = postfix.render(model, { version: '3.7.11', systemd: true, additions });
  expect(rendered.at(-1)!.path).toBe('/etc/postfix/main.cf');
  expect(rendered.at(-1)!.content).toMatch(/\ndelay_warning_time = 1h\n$/);
  expect(rendered.at(-1)!.content).not.toContain('delay_warning_time = 3h');
});

test('a relay host takes all mail for elsewhere', () => {
  const postfix = drivers.find(({ name }) => name === 'postfix')!;
  const settings = { ...model.settings, relayHost: '[smtp.example.org]:587' };
  const rendered = postfix.render(
    { ...model, settings },
    { version: '3.7.11', systemd: true, additions: new Map() },
  );
  expect(rendered.at(-1)!.content).toContain('\nrelayhost = [smtp.example.org]:587\n');
});

test('Rspamd gets the key of Ed25519 as its seed and its public key', () => {
  const { keys } = drivers.find(({ name }) => name === 'rspamd')!;
  const { name, content } = keys!.file({ selector: 'ed2611a', algorithm: 'ed25519', privateKey: ed25519 });
  expect(name).toBe('ed2611a.key');
  const octets = Buffer.from(content, 'base64');
  expect(octets.length).toBe(64);
  const jwk = createPrivateKey(ed25519).export({ format: 'jwk' });
  expect(octets.subarray(0, 32).toString('base64url')).toBe(jwk.d);
  expect(octets.subarray(32).toString('base64url')).toBe(jwk.x);
});
