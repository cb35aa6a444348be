import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { addresses, createInternet, type Delegation, type Internet } from '../kit/internet.ts';
import { type Pebble, startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';
import { builtPanel, complaintsOf, startBrowser } from './browser.ts';

/*
 * From the link of the first start to a domain with nothing left to do, in a browser that knows of nothing but the panel: on an internet of its own, with a
 * registry whose records are what was copied off the page, and a CA that finds the box through a validating resolver.
 */

const skip = missing({
  root: true,
  commands: ['ip', 'nsd', 'unbound', 'ldns-signzone', 'dig', 'pebble', 'chromium'],
});
const MINUTE = 60_000;
const [hostname, domain] = ['box.first.test', 'first.test'] as const;
const resolver = '127.0.1.54';
const shots = process.env['PANEL_SHOTS'];

describe.skipIf(skip)(`a first run${skip ? ` (${skip})` : ''}`, { timeout: 5 * MINUTE }, () => {
  let internet: Internet;
  let pebble: Pebble;
  let box: RunningBox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await builtPanel();
    internet = await createInternet();
    // As those of a CA do, it soon forgets that there was nothing.
    await internet.resolve(resolver, ['cache-max-negative-ttl: 1']);
    const within = { prefix: internet.prefix, address: '127.0.0.1' };
    pebble = await startPebble({ within, dns: `${resolver}:53` });
    box = await startBox({
      prefix: internet.prefix,
      hostname: undefined,
      tokenFlags: [],
      dns: addresses.box.map((ip) => `${ip}:53`).join(','),
      patience: 2 * MINUTE,
      flags: [
        ...['--root-hints', internet.hints],
        ...['--acme-directory', pebble.directory, '--acme-ca', pebble.ca],
      ],
    });
    browser = await startBrowser(browserWithin(internet));
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    context.setDefaultTimeout(MINUTE);
    complaints = complaintsOf(context, box.http);
    page = await context.newPage();
  }, 5 * MINUTE);

  afterAll(async () => {
    await browser.close();
    await box.stop();
    await pebble.stop();
    await internet.close();
  }, MINUTE);

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

  /** What the clipboard has after a press of the button that copies `what`, the `index`-th of these. */
  async function copied(what: string, index = 0): Promise<string> {
    await page
      .getByRole('button', { name: `Copy ${what}`, exact: true })
      .nth(index)
      .click();
    return page.evaluate('navigator.clipboard.readText()');
  }

  async function shoot(name: string): Promise<void> {
    if (shots !== undefined)
      await page.screenshot({ path: join(shots, `first-run-${name}.png`), fullPage: true });
  }

  it('makes an account and names the box', async () => {
    const [, link] = /(http:\S+\/setup#\S+)/.exec(box.output())!;
    await page.goto(link!);
    await page.getByLabel('Your name').fill('Anna Example');
    await page.getByLabel('Name to sign in with').fill('anna@example.net');
    await page.getByLabel('Password', { exact: true }).fill('four words of nobody else');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByLabel('Hostname').fill(hostname);
    // What was found on the machine, which is all of this internet.
    const pills = page.locator('.mantine-Pill-remove');
    while ((await pills.count()) > 0) await pills.first().click();
    const ipv4 = page.getByRole('combobox', { name: 'Public IPv4 addresses' });
    for (const address of addresses.box) {
      await ipv4.fill(address);
      await ipv4.press('Enter');
    }
    await page.getByRole('button', { name: 'Go on' }).click();
    await heading('Overview').waitFor();
  });

  it('adds the domain, and sees that the registry has nothing of it', async () => {
    await page.getByRole('link', { name: 'Add a domain' }).first().click();
    await page.getByLabel('Domain', { exact: true }).fill(domain);
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.getByText('The domain does not point here yet').waitFor();
    await shoot('before');
  });

  it('turns green by itself when the registry has what the page said', async () => {
    const delegation: Delegation = {
      name: domain,
      nameservers: [await copied('Nameserver 1'), await copied('Nameserver 2')],
      glue: [
        { name: await copied('Host', 0), addresses: [await copied('IPv4', 0)] },
        { name: await copied('Host', 1), addresses: [await copied('IPv4', 1)] },
      ],
      ds: [],
    };
    expect(delegation.nameservers).toEqual([`ns1.${hostname}`, `ns2.${hostname}`]);
    await internet.delegate([delegation]);
    await page.getByText('It works; the DS record is missing').waitFor();
    const ds = {
      keyTag: Number(await copied('Key tag')),
      algorithm: Number(await copied('Algorithm')),
      digestType: Number(await copied('Digest type')),
      digest: await copied('Digest'),
    };
    await internet.delegate([{ ...delegation, ds: [ds] }]);
    await page.getByText('All is set').waitFor();
    await shoot('after');
  });

  it('gets certificates for the box and the domain by itself, now that the CA finds them', async () => {
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await page.getByText('Have a certificate that everybody trusts').waitFor();
    // The link to what is not done goes with it.
    const wait = page.getByRole('link', { name: 'See how far it is' });
    await expect.poll(() => wait.count(), { timeout: 3 * MINUTE }).toBe(0);
    await shoot('overview');
    expect(complaints).toEqual([]);
  });
});

/** A program that starts Chromium on that internet. */
function browserWithin(internet: Internet): string {
  const program = join(internet.folder, 'chromium');
  writeFileSync(program, `#!/bin/sh\nexec ${internet.prefix.join(' ')} /usr/bin/chromium "$@"\n`, {
    mode: 0o755,
  });
  return program;
}
