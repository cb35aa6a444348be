import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { lookAt } from './look.ts';
import { builtPanel, complaintsOf, seriousFindings, startBrowser } from './browser.ts';

/*
 * The panel in a browser, against the real daemon: from the link of the first start on. The tests go on from each other, as a person does.
 * Screenshots are written where PANEL_SHOTS says.
 */

const MINUTE = 60_000;
const password = 'four words of nobody else';
const shots = process.env['PANEL_SHOTS'];

let box: RunningBox;
let browser: Browser;
/** Signed in from the first test on. */
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  await builtPanel();
  box = await startBox({ hostname: undefined, tokenFlags: [], patience: 2 * MINUTE });
  browser = await startBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(MINUTE);
  complaints = complaintsOf(context, box.http);
  page = await context.newPage();
}, 4 * MINUTE);

afterAll(async () => {
  await browser.close();
  await box.stop();
}, MINUTE);

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

/** Opens a path and waits until nothing of it loads any more. */
async function open(on: Page, path: string): Promise<void> {
  await on.goto(box.http + path);
  await on.locator('h1').waitFor();
  // Grey lines stand for what is still to come.
  const waiting = on.locator('[role=status][aria-label]');
  await expect.poll(() => waiting.count(), { timeout: MINUTE }).toBe(0);
}

describe('the panel, from the first start on', { timeout: 3 * MINUTE }, () => {
  it('makes the first owner by the link that the box printed', async () => {
    const [, link] = /(http:\S+\/setup#\S+)/.exec(box.output())!;
    await page.goto(link!);
    await heading('Who runs this box?').waitFor();
    await page.getByLabel('Your name').fill('Anna Example');
    await page.getByLabel('Name to sign in with').fill('anna@example.net');
    await page.getByLabel('Password', { exact: true }).fill('password');
    await page.getByRole('button', { name: 'Make the account' }).click();
    // What is too easy to guess is said at its field.
    await page.getByText('The password is too short').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await heading('What is the box called, and where is it?').waitFor();
    // The refusal of the password is no fault of the page.
    expect(complaints.filter((one) => !one.includes('/setup/owner'))).toEqual([]);
    complaints.length = 0;
    expect(page.url()).toBe(`${box.http}/setup`);
  });

  it('gives the box its name and addresses', async () => {
    await page.getByLabel('Hostname').fill('box.example.net');
    const ipv4 = page.getByRole('combobox', { name: 'Public IPv4 addresses' });
    for (const remove of await page.locator('.mantine-Pill-remove').all()) await remove.click();
    await ipv4.fill('192.0.2.1');
    await ipv4.press('Enter');
    await page.getByRole('button', { name: 'Go on' }).click();
    await heading('Overview').waitFor();
    await page.getByText('Until mail arrives').waitFor();
    for (const step of [
      'Let mail leave by port 25',
      'Receive a first message from elsewhere',
      'Send a first message',
    ])
      await page.getByText(step).waitFor();
    const { body } = await box.local('GET', '/box');
    expect(body).toMatchObject({
      hostname: 'box.example.net',
      ipv4: ['192.0.2.1'],
      adminEmail: 'anna@example.net',
    });
  });

  it('adds a domain, and says what to set at the registrar', async () => {
    await page.getByRole('link', { name: 'Add a domain' }).first().click();
    await page.getByLabel('Domain', { exact: true }).fill('example.com');
    await page.getByText('_dmarc.example.com').waitFor();
    await page.getByRole('button', { name: 'Add the domain' }).click();
    await page.getByText('example.com is served.').waitFor();
    await page.getByRole('button', { name: 'Copy Nameserver 1' }).waitFor();
    await page.getByText('ns1.box.example.net').first().waitFor();
    const { body } = await box.local('GET', '/domains/example.com/registrar');
    const { ds } = body as { ds: { digest: string }[] };
    await page.getByText(ds[0]!.digest).waitFor();
  });

  it('shows every record with its reason, and takes own ones with a word while they are typed', async () => {
    await page.getByRole('tab', { name: 'Records' }).click();
    await page.getByText('Tells other mail servers to deliver mail for this domain to the box.').waitFor();
    await page.getByRole('button', { name: 'Add a record' }).click();
    await page.getByLabel('Name', { exact: true }).fill('blog');
    await page.getByRole('textbox', { name: 'Value' }).fill('192.0.2.300');
    await page.locator('form [aria-live=polite]', { hasText: /\S/ }).waitFor();
    expect(await page.getByText('The box can serve this.').count()).toBe(0);
    await page.getByRole('textbox', { name: 'Value' }).fill('192.0.2.30');
    await page.getByText('The box can serve this.').waitFor();
    await page.getByText('+ blog.example.com 3600 A 192.0.2.30', { exact: true }).waitFor();
    // The browser says of what is refused that it was.
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('/records/preview')));
    await page.locator('form').getByRole('button', { name: 'Add a record' }).click();
    await page.getByText(/^Live, with serial \d+\.$/).waitFor();
    await page.getByRole('button', { name: 'Edit blog A' }).waitFor();
    const { body } = await box.local('GET', '/zones/example.com/records');
    expect(body).toMatchObject({ items: [{ owner: 'blog.example.com', type: 'A', value: '192.0.2.30' }] });
  });

  it('keeps which records are shown in the address', async () => {
    const mail = page.getByText('Tells other mail servers to deliver mail for this domain to the box.');
    await page.getByRole('searchbox', { name: 'Search in the records' }).fill('dmarc');
    await page.waitForURL('**/domains/example.com?search=dmarc');
    await mail.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Asks receivers to treat forged mail', { exact: false }).waitFor();
    expect(await mail.count()).toBe(0);
    await page.getByRole('button', { name: 'Clear' }).click();
    await mail.waitFor();
  });

  it('shows versions with what changed, and rolls back', async () => {
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.locator('main section button[aria-expanded=false]').first().click();
    await page.getByText(/^\+ blog\.example\.com \d+ A 192\.0\.2\.30$/).waitFor();
    await page
      .getByRole('button', { name: /^Roll back to serial/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page
      .getByText(/^Live, with serial \d+\.$/)
      .last()
      .waitFor();
    // That of the record before may still be there.
    await expect
      .poll(async () => (await box.local('GET', '/zones/example.com/records')).body, { timeout: MINUTE })
      .toMatchObject({ items: [] });
  });

  it('learns of what others do without being loaded again', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Domains' }).click();
    await page.getByRole('link', { name: /example\.com/ }).waitFor();
    await box.local('POST', '/domains', { name: 'example.org' });
    await page.getByRole('link', { name: /example\.org/ }).waitFor();
  });

  it('adds many domains, and names those that it cannot', async () => {
    await page.getByRole('button', { name: 'Add many' }).click();
    await page.getByLabel('Names').fill('name,owner\na.example,x\nb.example,y\nexample..com,z\n');
    await page.getByText('Names: 3').waitFor();
    await page.getByRole('button', { name: 'Add them' }).click();
    await page.getByRole('dialog').getByText('3 of 3').waitFor();
    await page.getByRole('dialog').getByText('example..com', { exact: true }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('link', { name: /b\.example/ }).waitFor();
  });

  it('finds a domain by a part of its name, and keeps the search in the address', async () => {
    await page.getByRole('searchbox').fill('b.ex');
    await page.waitForURL('**/domains?search=b.ex');
    await page.getByRole('link', { name: /example\.org/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+K');
    await page.getByPlaceholder('Jump to a page or a domain').fill('example.o');
    await page.getByRole('button', { name: 'example.org' }).click();
    await heading('example.org').waitFor();
  });

  it('shows the domains of a kind, and in another order; both are in the address', async () => {
    await box.local('POST', '/domains', { name: 'elsewhere.example', dns: 'external', mail: false });
    await open(page, '/domains');
    await page.getByRole('combobox', { name: 'State' }).selectOption('DNS elsewhere');
    await page.waitForURL('**/domains?state=elsewhere');
    await page.getByRole('link', { name: /example\.org/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /elsewhere\.example/ }).waitFor();
    await page.getByRole('combobox', { name: 'Mail' }).selectOption('With mail');
    await page.getByText('No domain is of this kind.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('link', { name: /example\.org/ }).waitFor();
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Newest first');
    await page.waitForURL('**/domains?sort=newest');
    const first = page.locator('main a.row-link').first();
    await expect.poll(() => first.textContent(), { timeout: MINUTE }).toContain('elsewhere.example');
  });

  it('takes a zone file over, after it has shown what would come of it', async () => {
    await open(page, '/domains');
    await page.getByRole('link', { name: 'Import a zone file' }).click();
    const file = page.getByRole('textbox', { name: 'Zone file' });
    await file.fill('$ORIGIN moved.example.\n@ 3600 IN SOA ns h 1 2 3 4 5\nwww A 192.0.2.300\nftp AA 1\n');
    expect(await page.getByLabel('Domain', { exact: true }).inputValue()).toBe('moved.example');
    await page.getByRole('button', { name: 'Show what would come of it' }).click();
    await page.getByText(/^In line 3, column/).waitFor();
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('/zones/import')));
    await file.fill(
      '$ORIGIN moved.example.\n@ 3600 IN SOA ns h 1 2 3 4 5\n@ NS ns.old.example.\nshop A 192.0.2.9\n',
    );
    await page.getByRole('button', { name: 'Show what would come of it' }).click();
    await page.getByText('+ shop.moved.example 3600 A 192.0.2.9').waitFor();
    await page.getByText(/^Line 3: /).waitFor();
    expect((await box.local('GET', '/domains/moved.example')).status).toBe(404);
    await lookAt(page, 'import');
    await page.getByRole('button', { name: 'Take 1 over into moved.example' }).click();
    await heading('moved.example').waitFor();
    const { body } = await box.local('GET', '/zones/moved.example/records');
    expect(body).toMatchObject({ items: [{ owner: 'shop.moved.example', type: 'A', value: '192.0.2.9' }] });
  });

  it('makes a mailbox and hands over what its owner needs', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Mailboxes' }).click();
    await page.getByRole('button', { name: 'Add a mailbox' }).first().click();
    await page.getByRole('textbox', { name: 'Address' }).fill('otto@example.com');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('dialog').getByRole('button', { name: 'Add a mailbox' }).click();
    await heading('otto@example.com').waitFor();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await page.getByLabel('Device').fill('Telephone');
    await page.getByRole('button', { name: 'Make a password' }).click();
    await page.getByText('Password for Telephone').waitFor();
  });

  it('adds the mailboxes of a table, and names those that it cannot', async () => {
    await page.goto(`${box.http}/mailboxes`);
    await page.getByRole('button', { name: 'Add many' }).click();
    const table = ['address;name;quota', 'Erna@example.com;Erna;2G', 'emil@example.com;Emil;much'];
    await page.getByLabel('Table').fill(table.join('\n'));
    await page.getByText('no size such as 5G or none in these lines: 3.').waitFor();
    await page
      .getByLabel('Table')
      .fill(table.join('\n').replace('emil@example.com;Emil;much', 'emil@nowhere.example;;'));
    await page.getByText('Mailboxes: 2').waitFor();
    await page.getByRole('button', { name: 'Add them' }).click();
    const failure = page.getByRole('dialog').getByText('There is no domain nowhere.example on this box');
    await failure.waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('erna@example.com').waitFor();
  });

  it('adds the aliases of a table', async () => {
    await page.goto(`${box.http}/aliases`);
    await page.getByRole('button', { name: 'Add many' }).click();
    await page
      .getByLabel('Table')
      .fill('address,targets\nsales@example.com,"erna@example.com otto@example.com"\n');
    await page.getByText('Aliases: 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Add them' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('sales@example.com').waitFor();
    // Faster than a hand: no key is forgotten.
    await page.getByRole('searchbox').pressSequentially('sales');
    await expect.poll(() => new URL(page.url()).search).toBe('?search=sales');
  });

  it('asks before it removes a domain, and removes it', async () => {
    await open(page, '/domains/a.example');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Remove the domain' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Remove the domain' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type a.example to confirm').fill('a.example');
    await dialog.getByRole('button', { name: 'Remove the domain' }).click();
    await heading('Domains').waitFor();
    expect((await box.local('GET', '/domains/a.example')).status).toBe(404);
  });

  it('has complained of nothing so far', () => {
    expect(complaints).toEqual([]);
  });
});

const pages = [
  '/',
  '/domains',
  '/domains/new',
  '/domains/import',
  '/domains/example.com',
  '/domains/example.com/registrar',
  '/domains/example.com/certificates',
  '/domains/example.com/dnssec',
  '/domains/example.com/history',
  '/mailboxes',
  '/mailboxes/otto@example.com',
  '/aliases',
  '/mail-servers',
  '/certificates',
  '/activity',
  '/tokens',
  '/secondaries',
  '/secondary-zones',
  '/transfer-keys',
  '/settings',
];

const views = [390, 768, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

describe('every page', { timeout: 4 * MINUTE }, () => {
  it.each(pages)('%s is sound, narrow and wide, light and dark', async (path) => {
    complaints.length = 0;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, path);
    for (const { width, colorScheme } of views) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(wide, `wider than ${width} pixels`).toBeLessThanOrEqual(0);
      await shoot(path, width, colorScheme);
      expect(await seriousFindings(page), `${width} ${colorScheme}`).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  it('speaks German as well', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, '/');
    await page.getByRole('button', { name: /Anna Example/ }).click();
    await page.getByRole('menuitem', { name: 'Deutsch' }).click();
    await heading('Übersicht').waitFor();
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('de');
    await open(page, '/domains/example.com/registrar');
    await page.getByText('1 · Nameserver').waitFor();
    await shoot('/german', 1440, 'light');
  });

  it('shows nothing in another language then', async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    for (const path of [...pages, '/checks']) {
      await open(page, path);
      const other = await page.evaluate<string[]>(
        `[...document.querySelectorAll('main [lang=en]')].map(({ textContent }) => textContent)`,
      );
      expect(other, path).toEqual([]);
      await shoot(`/german${path}`, 390, 'light');
    }
  });
});

describe('sessions', { timeout: 2 * MINUTE }, () => {
  it('who is not signed in is led to where one signs in, and back', async () => {
    const stranger = await browser.newContext({ locale: 'en-GB' });
    stranger.setDefaultTimeout(MINUTE);
    const heard = complaintsOf(stranger, box.http);
    const other = await stranger.newPage();
    await other.goto(`${box.http}/domains?search=org`);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await seriousFindings(other)).toEqual([]);
    const weight = await other.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(weight).toBeGreaterThan(50_000);
    expect(weight).toBeLessThan(250_000);
    await other.getByLabel('Name or mail address').fill('anna@example.net');
    await other.getByLabel('Password', { exact: true }).fill('not this one');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByText('Not signed in').waitFor();
    heard.length = 0;
    await other.getByLabel('Password', { exact: true }).fill(password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('link', { name: /example\.org/ }).waitFor();
    expect(new URL(other.url()).pathname + new URL(other.url()).search).toBe('/domains?search=org');
    await other.getByRole('button', { name: /Anna Example/ }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(heard).toEqual([]);
    await stranger.close();
  });
});

async function shoot(path: string, width: number, scheme: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  const name = `${path.replaceAll(/[^a-z-]+/g, '_')}-${width}-${scheme}.png`;
  await page.screenshot({ path: join(shots, name), fullPage: true });
}
