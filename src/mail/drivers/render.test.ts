import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drivers } from './registry.ts';
import type { RenderedFile, RenderTarget } from './driver.ts';
import { type MailModel, MESSAGE_SIZE_LIMIT, SPAM_SCORES } from './model.ts';

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
    scores: SPAM_SCORES,
    redisPassword: 'a-password-of-redis',
  },
  filters: [],
  web: { api: 'http://127.0.0.1:8080', sessionKey: 'a-key-of-sessions-32-characters-', sites: [] },
};

const versions = {
  unbound: '1.17.1',
  'mta-sts': '1.1.2',
  redis: '7.0.15',
  rspamd: '3.4',
  dovecot: '2.3.19.1',
  postfix: '3.7.11',
  roundcube: '1.6.5 with PHP 8.2',
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

/** What a driver renders with other settings, by the end of its path. */
function renderedWith(name: string, settings: Partial<MailModel['settings']>, ending: string): RenderedFile {
  const driver = drivers.find((one) => one.name === name)!;
  const target = { version: versions[driver.name], systemd: true, additions: new Map<string, string>() };
  const files = driver.render({ ...model, settings: { ...model.settings, ...settings } }, target);
  return files.find(({ path }) => path.endsWith(ending))!;
}

test('a relay host takes all mail for elsewhere, over TLS that shows its name, and with its password alone', () => {
  const credentials = { user: 'box@example.org', password: 'p:a#s$s' };
  const relay = { host: 'smtp.example.org', port: 587, credentials };
  const main = renderedWith('postfix', { relay }, '/main.cf').content!;
  expect(main).toContain('\ndefault_transport = upstream:[smtp.example.org]:587\n');
  const master = renderedWith('postfix', { relay }, '/master.cf').content!;
  const service = /^upstream .*\n(?: {2}-o .*\n)+/m.exec(master)![0];
  expect(service).toContain('smtp_tls_security_level=secure\n');
  expect(service).not.toContain('wrappermode');
  const file = renderedWith('postfix', { relay }, '/relay-password');
  expect(file).toMatchObject({ owner: 'root', mode: 0o600, secret: true });
  expect(file.content).toMatch(/\n\[smtp\.example\.org\]:587 box@example\.org:p:a#s\$s\n$/);
  expect(main + master).not.toContain('p:a#');
});

test('a relay host at port 465 has TLS from the start; without a password none is looked for', () => {
  const relay = { host: 'smtp.example.org', port: 465 };
  const master = renderedWith('postfix', { relay }, '/master.cf').content!;
  expect(master).toContain('smtp_tls_wrappermode=yes\n');
  expect(master).not.toContain('smtp_sasl_auth_enable');
});

test('scores and greylisting reach Rspamd', () => {
  const settings = { greylisting: true, scores: { junk: 4.5, reject: 12 } };
  expect(renderedWith('rspamd', settings, '/actions.conf').content).toMatch(
    /\nreject = 12;\nadd_header = 4\.5;\ngreylist = 3;\n$/,
  );
  expect(renderedWith('rspamd', settings, '/greylist.conf').content).toContain('enabled = true;');
});

test('scores of a domain are for messages to it alone', () => {
  const driver = drivers.find(({ name }) => name === 'rspamd')!;
  const filters = [{ domain: 'example.com' }, { domain: 'example.org', scores: { junk: 3, reject: 9 } }];
  const target = { version: versions.rspamd, systemd: true, additions: new Map<string, string>() };
  const settings = { ...model.settings, greylisting: true };
  const lua = driver
    .render({ ...model, settings, filters }, target)
    .find(({ path }) => path === '/etc/rspamd/local.d/rspamd.lua')!.content!;
  expect(lua).toContain(
    "['example.com'] = { reject = 1000000, ['add header'] = 1000000, greylist = 1000000 }",
  );
  expect(lua).toContain("['example.org'] = { reject = 9, ['add header'] = 3, greylist = 2 }");
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
