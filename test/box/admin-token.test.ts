import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { adminToken, type RunningBox, startBox } from '../kit/box.ts';

let folder: string;
let box: RunningBox | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-token-'));
});
afterEach(async () => {
  await box?.stop();
  box = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const warning = 'can read the admin token in the list of processes';

it('says that a token in the list of processes is seen by everybody', { timeout: 180_000 }, async () => {
  box = await startBox();
  expect(box.output()).toContain(warning);
  expect(box.output()).not.toContain(adminToken);
});

it('takes the token from a file, and from the credentials of systemd', { timeout: 180_000 }, async () => {
  writeFileSync(join(folder, 'admin-token'), `${adminToken}\n`);
  const sources = [
    { tokenFlags: ['--admin-token-file', join(folder, 'admin-token')] },
    { tokenFlags: [], env: { CREDENTIALS_DIRECTORY: folder } },
  ];
  for (const source of sources) {
    box = await startBox(source);
    expect((await box.api('GET', '/tokens')).status).toBe(200);
    expect(box.output()).not.toContain(warning);
    await box.stop();
    box = undefined;
  }
});
