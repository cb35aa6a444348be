import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../kit/ask.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { missing } from '../kit/requires.ts';
import { builtPanel, startBrowser } from './browser.ts';
import { ownerPage } from './owner-page.ts';
import { lookAtIt, open } from './visit.ts';

/* Keys of nameservers and programs in the panel: what is made there opens what it says, to the nsupdate of BIND. */

const MINUTE = 60_000;
const reason = missing({ commands: ['nsupdate'] });

describe.skipIf(reason)(`transfer keys ${reason ?? ''}`, { timeout: 3 * MINUTE }, () => {
  let box: RunningBox;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await builtPanel();
    box = await startBox({ tokenFlags: [], patience: 2 * MINUTE });
    browser = await startBrowser();
    ({ page, complaints } = await ownerPage(browser, box));
    expect((await box.local('POST', '/domains', { name: 'example.com' })).status).toBe(201);
  }, 4 * MINUTE);
  afterAll(async () => {
    await browser.close();
    await box.stop();
  }, MINUTE);

  const update = (secret: string, owner: string): string => {
    const { address, port } = box.dns;
    const commands = `server ${address} ${port}\nzone example.com\nadd ${owner} 60 TXT "from nsupdate"\nsend\n`;
    try {
      execFileSync('nsupdate', ['-y', `hmac-sha256:acme.example:${secret}`], {
        input: commands,
        stdio: 'pipe',
      });
      return 'done';
    } catch (error) {
      return String((error as { stderr: Buffer }).stderr).trim();
    }
  };

  it('are made for a program, which may change what was said and no more', async () => {
    await open(page, box.http, '/transfer-keys');
    await page.getByText('No key yet').waitFor();
    await page.getByRole('textbox', { name: 'Name of the key' }).fill('acme.example');
    await page.getByRole('combobox', { name: 'What it opens' }).click();
    await page.getByRole('option', { name: 'Records, to change them' }).click();
    await page.getByRole('textbox', { name: 'Zone', exact: true }).fill('example.com');
    await page.getByLabel('Names', { exact: true }).first().fill('_acme-challenge.example.com');
    await page.getByLabel('Types', { exact: true }).first().fill('txt');
    await lookAtIt(page, 'make-transfer-key');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('Secret of acme.example').waitFor();
    await page.getByText('changing TXT at _acme-challenge.example.com').waitFor();
    const secret = (await page.locator('[role=alert] .mono').first().textContent())!.trim();
    expect(update(secret, '_acme-challenge.example.com')).toBe('done');
    const answer = await ask(box.dns, '_acme-challenge.example.com', 'TXT');
    expect(answer?.answers.length).toBeGreaterThan(0);
    expect(update(secret, 'www.example.com')).toContain('REFUSED');
    await lookAtIt(page, 'transfer-keys');
    expect(complaints).toEqual([]);
  });

  it('open nothing where they are for zones of others, and what is wrong is said at its field', async () => {
    await page.getByRole('textbox', { name: 'Name of the key' }).fill('provider.example');
    await page.getByRole('combobox', { name: 'What it opens' }).click();
    await page.getByRole('option', { name: 'Nothing here: to fetch zones of others' }).click();
    await page.getByLabel('Its secret, if there is one already').first().fill('short');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('Write the secret in base64.').first().waitFor();
    await page
      .getByLabel('Its secret, if there is one already')
      .first()
      .fill('c2l4dGVlbiBvY3RldHMgYXJlIGVub3VnaA==');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('Secret of provider.example').waitFor();
    expect((await box.local('GET', '/tsig-keys')).body).toMatchObject({
      items: [{ name: 'acme.example' }, { name: 'provider.example', transfer: [], update: [] }],
    });
  });

  it('show what somebody else does to them', async () => {
    await box.local('POST', '/tsig-keys', { name: 'other.example', transfer: 'all' });
    await page.getByText('other.example', { exact: true }).waitFor();
    await box.local('DELETE', '/tsig-keys/other.example');
    await page.getByText('other.example', { exact: true }).waitFor({ state: 'detached' });
  });

  it('are removed, and refused from then on', async () => {
    await page.getByRole('button', { name: 'Remove the key provider.example' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect
      .poll(async () => (await box.local('GET', '/tsig-keys')).body, { timeout: MINUTE / 3 })
      .toMatchObject({ items: [{ name: 'acme.example' }] });
  });
});
