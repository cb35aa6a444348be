import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { MailModel } from '../model.ts';
import { dovecot } from './dovecot.ts';

const golden = join(
  import.meta.dirname,
  '../../../../test/goldens/mail/dovecot-2.4/etc%dovecot%dovecot.conf.txt',
);

const model = {
  directory: '/var/lib/signpost/mail/directory.sqlite',
  certificate: { chain: '', key: '' },
} as MailModel;

test('dovecot.conf for 2.4 is as recorded, and has the directory in itself', () => {
  const files = dovecot.render(model, { version: '2.4.1', systemd: true, additions: new Map() });
  const paths = files.map(({ path }) => path);
  expect(paths).not.toContain('/etc/dovecot/signpost/directory.conf');
  const conf = files.find(({ path }) => path === '/etc/dovecot/dovecot.conf')!.content!;
  if (process.env['UPDATE_GOLDEN'] || !existsSync(golden)) {
    if (process.env['CI']) throw new Error(`${golden} is missing`);
    mkdirSync(dirname(golden), { recursive: true });
    writeFileSync(golden, conf);
  }
  expect(conf).toBe(readFileSync(golden, 'utf8'));
});
