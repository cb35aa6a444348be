import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminToken, startBox, type RunningBox } from '../kit/box.ts';
import { signpost } from '../kit/cli.ts';
import { openssl, type Issued, type Openssl } from '../kit/openssl.ts';
import { until } from '../kit/until.ts';

/** Hooks of a box as a person starts it, killed in the middle of one. */
let folder: string;
let data: string;
let tool: Openssl;
let ca: Issued;
let box: RunningBox;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'signpost-hooks-')));
  data = join(folder, 'data');
  mkdirSync(join(data, 'hooks/after-certificate.d'), { recursive: true, mode: 0o700 });
  tool = openssl();
  ca = tool.issue({ subject: 'Root', ca: true });
  box = await start();
}, 180_000);
afterAll(async () => {
  await box.stop();
  tool.remove();
  rmSync(folder, { recursive: true });
});

const runtime = (): Record<string, string> => ({ RUNTIME_DIRECTORY: join(folder, 'run') });
const start = (): Promise<RunningBox> => {
  mkdirSync(join(folder, 'run'), { recursive: true, mode: 0o700 });
  return startBox({ data, workers: 1, env: { ...runtime(), A_SECRET: 'of the box' } });
};

function put(name: string, script: string, mode = 0o755): void {
  const path = join(data, 'hooks/after-certificate.d', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
}

async function install(): Promise<Issued> {
  const own = tool.issue({ names: ['www.box.example.net'], issuer: ca });
  const body = { chain: own.certificate + ca.certificate, privateKey: own.key };
  expect(await box.local('POST', '/certificates/install', body)).toMatchObject({ status: 201 });
  return own;
}

const lines = (name: string): string[] =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : [];
const came = (name: string, count: number): Promise<unknown> =>
  until(
    60,
    () => Promise.resolve(lines(name).length >= count || undefined),
    () => Promise.resolve(box.output()),
  );
const status = async (): Promise<string> => (await signpost(data, 'status')).stdout;

it('a hook gets the certificate and a clean environment, and is run again when the box was killed in it', async () => {
  put(
    'deploy',
    `echo $$ >'${folder}/pid'
env | sort >'${folder}/env'
cp combined.pem '${folder}/combined.pem'
echo "$SIGNPOST_CERTIFICATE_FOLDER" >>'${folder}/ran'
cat privkey.pem
[ -e '${folder}/quick' ] || sleep 600`,
  );
  const own = await install();
  await came('ran', 1);
  const [first] = lines('ran');
  expect(first!.startsWith(join(folder, 'run/signpost-hook-'))).toBe(true);
  const keys = [
    tool.run('pkey', '-in', join(folder, 'combined.pem'), '-pubout'),
    tool.run('x509', '-in', join(folder, 'combined.pem'), '-noout', '-pubkey'),
  ];
  expect(keys[0]).toBe(keys[1]);
  expect(keys[0]).toBe(tool.run('pkey', '-in', tool.file(own.key), '-pubout'));
  const env = readFileSync(join(folder, 'env'), 'utf8');
  expect(env).toContain('SIGNPOST_CERTIFICATE_NAMES=www.box.example.net\n');
  expect(env).toContain(`SIGNPOST_DATA=${data}\n`);
  expect(env).not.toMatch(/A_SECRET|ADMIN_TOKEN/);

  await box.kill();
  expect(existsSync(first!)).toBe(true);
  // Under systemd it would have gone with the box.
  process.kill(-Number(lines('pid')[0]), 'SIGKILL');
  writeFileSync(join(folder, 'quick'), '');
  box = await start();
  await came('ran', 2);
  await until(60, () => Promise.resolve(box.output().includes('a hook has run') || undefined));
  // What the killed one left is gone, and so is what the second one had.
  for (const place of lines('ran')) expect(existsSync(place)).toBe(false);
  expect(box.output()).toContain('[private key]');
  expect(box.output()).not.toContain(own.key.split('\n')[1]!);

  await box.stop();
  box = await start();
  await until(60, async () => (await status()).includes('ready:') || undefined);
  expect(lines('ran')).toHaveLength(2);
}, 180_000);

it('one that fails, and one that others may change, are named in the status, until they are mended', async () => {
  put('fails', `echo no such service; [ -e '${folder}/mended' ] && echo ran >>'${folder}/fixed'`);
  put('open', `echo ran >>'${folder}/open'`, 0o777);
  await install();
  const failing = await until(60, async () => {
    const text = await status();
    return (text.includes('The hook fails failed') && text.includes('is not run')) || undefined;
  });
  expect(failing).toBe(true);
  expect(box.output()).toContain('no such service');
  expect(existsSync(join(folder, 'open'))).toBe(false);
  const metrics = await fetch(`${box.http}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } });
  const text = await metrics.text();
  expect(text).toMatch(/^signpost_hooks_in_trouble 2$/m);
  expect(text).toMatch(/^signpost_hook_runs_total\{outcome="failed"\} 1$/m);

  writeFileSync(join(folder, 'mended'), '');
  chmodSync(join(data, 'hooks/after-certificate.d/open'), 0o755);
  box.child.kill('SIGHUP');
  await came('fixed', 1);
  await came('open', 1);
  await until(60, async () => !(await status()).includes('hook') || undefined);
}, 180_000);
