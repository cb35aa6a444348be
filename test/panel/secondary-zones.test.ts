import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { type RunningPrimary, startKnotPrimary } from '../kit/primary-peers.ts';
import { missing } from '../kit/requires.ts';
import { builtPanel, startBrowser } from './browser.ts';
import { ownerPage } from './owner-page.ts';
import { lookAtIt, open } from './visit.ts';

/* A zone of somebody else's in the panel: added, served, in trouble, removed. Its primary is a Knot. */

const MINUTE = 60_000;
const zone = 'example.org';
const text = `$ORIGIN ${zone}.
$TTL 300
@ IN SOA ns1 hostmaster 7 3600 600 604800 60
@ IN NS ns1
ns1 IN A 192.0.2.1
`;
const reason = missing({ commands: ['knotd', 'nsupdate'] });

describe.skipIf(reason)(`zones of others ${reason ?? ''}`, { timeout: 3 * MINUTE }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'panel-secondary-zones-'));
  let box: RunningBox;
  let knot: RunningPrimary;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await builtPanel();
    const port = await freePort();
    box = await startBox({
      tokenFlags: ['--import-networks', '127.0.0.0/8'],
      ...{ dns: `127.0.0.1:${port}`, patience: 2 * MINUTE },
    });
    knot = await startKnotPrimary({
      folder,
      zones: { [zone]: text },
      follower: { address: '127.0.0.1', port },
    });
    browser = await startBrowser();
    ({ page, complaints } = await ownerPage(browser, box));
  }, 4 * MINUTE);
  afterAll(async () => {
    await browser.close();
    await knot.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }, MINUTE);

  it('are added, and served when they have come', async () => {
    await open(page, box.http, '/secondary-zones');
    await page.getByText('No zone of somebody else').waitFor();
    await page.getByRole('textbox', { name: 'Name of the zone' }).fill(zone);
    await page.getByLabel('Addresses that it comes from').first().fill(`127.0.0.1#${knot.port}`);
    await page.getByRole('switch', { name: 'Fetch it over TLS' }).click();
    await page.getByRole('textbox', { name: 'Fingerprint of the public key' }).waitFor();
    await page.getByRole('switch', { name: 'Fetch it over TLS' }).click();
    await page.getByRole('button', { name: 'Add a zone' }).click();
    await page.getByText('Served', { exact: true }).waitFor();
    await page.getByText('7', { exact: true }).waitFor();
    await lookAtIt(page, 'secondary-zones');
    expect(complaints).toEqual([]);
  });

  it('show a new version without a word, and what is wrong', async () => {
    knot.update(zone, [`add new.${zone}. 300 A 192.0.2.7`]);
    await page.getByText('8', { exact: true }).waitFor();
    await knot.stop();
    await page.getByRole('button', { name: 'Ask now' }).click();
    await page.getByText('Served, but not given any more').waitFor();
    await page.getByText(/cannot be reached/).waitFor();
  });

  it('are removed once their name is typed', async () => {
    await page.getByRole('button', { name: `Remove ${zone}` }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(zone);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No zone of somebody else').waitFor();
    expect((await box.local('GET', '/secondary-zones')).body).toMatchObject({ items: [] });
  });
});
