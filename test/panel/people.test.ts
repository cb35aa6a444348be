import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { startUsageAgent } from '../kit/usage-agent.ts';
import { builtPanel, complaintsOf, startBrowser } from './browser.ts';
import { lookAt } from './look.ts';

/*
 * The panel as people of each role have it, in a browser, against the real daemon. One box and one browser; each person has a context of their own.
 */

const MINUTE = 60_000;
const password = 'four words of nobody else';
const otherPassword = 'five other words of nobody';
const otto = 'otto@example.com';
const GIBI = 1024 ** 3;
/** What Dovecot says that mailboxes of example.com hold, of five gibibytes; it does not know a last one. */
const held = [
  { address: otto, octets: 1_288_490_188, messages: 5120 },
  { address: 'almost@example.com', octets: 4 * GIBI, messages: 1 },
  { address: 'full@example.com', octets: 5_476_083_302, messages: 20_000 },
];

let box: RunningBox;
let agent: Awaited<ReturnType<typeof startUsageAgent>>;
let browser: Browser;
/** By the name for which browsers make passkeys without HTTPS. */
let origin: string;

interface Somebody {
  context: BrowserContext;
  page: Page;
  /** What the pages complained of; empty again after each look. */
  complaints: () => string[];
}

beforeAll(async () => {
  await builtPanel();
  agent = await startUsageAgent(held);
  box = await startBox({ patience: 2 * MINUTE, flags: ['--mail-agent', agent.path] });
  origin = box.http.replace('127.0.0.1', 'localhost');
  browser = await startBrowser();
  for (const name of ['example.com', 'example.org']) await made('/domains', { name });
  await made('/accounts', { name: 'olga', displayName: 'Olga', role: 'owner', password });
  await made('/mailboxes', { address: otto, displayName: 'Otto', password, quota: 5 * GIBI });
}, 4 * MINUTE);

afterAll(async () => {
  await browser.close();
  await box.stop();
  agent.stop();
}, MINUTE);

async function made(path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await box.local('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as Record<string, unknown>;
}

async function somebody(): Promise<Somebody> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(MINUTE);
  const heard = complaintsOf(context, origin);
  return { context, page: await context.newPage(), complaints: () => heard.splice(0) };
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

async function signIn(page: Page, name: string, secret = password): Promise<void> {
  if (!page.url().includes('/sign-in')) await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Name or mail address').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
}

const goTo = (page: Page, place: string) =>
  page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();

const section = (page: Page, name: string) => page.locator(`section[aria-label="${name}"]`);

describe('a domain administrator', { timeout: 3 * MINUTE }, () => {
  it('sets a password by the link, signs in, and has what is theirs', async () => {
    const { page, context, complaints } = await somebody();
    const { link } = await made('/accounts', {
      ...{ name: 'dora', role: 'domain-administrator', domains: ['example.com'] },
    });
    const { hash } = new URL((link as { url: string }).url);
    await page.goto(`${origin}/password${hash}`);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await heading(page, 'Sign in').waitFor();
    expect(page.url()).not.toContain('#');
    await signIn(page, 'dora');
    await heading(page, 'Overview').waitFor();
    await goTo(page, 'Domains');
    await page.getByRole('link', { name: /example\.com/ }).waitFor();
    expect(await page.getByRole('link', { name: /example\.org/ }).count()).toBe(0);
    expect(await page.getByText('Add a domain').count()).toBe(0);
    const places = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(places.map((text) => text.trim())).toEqual(
      expect.arrayContaining(['Overview', 'Domains', 'Mailboxes', 'Aliases', 'My account']),
    );
    for (const place of ['Settings', 'Accounts', 'API tokens', 'Activity'])
      expect(places).not.toContain(place);
    await page.getByRole('link', { name: /example\.com/ }).click();
    await page.getByText('Your own records').waitFor();
    for (const tab of ['Registrar', 'DNSSEC', 'Versions', 'Records']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect.poll(() => page.locator('[role=status][aria-label]').count(), { timeout: MINUTE }).toBe(0);
    }
    expect(complaints()).toEqual([]);
    await context.close();
  });
});

describe('an owner', { timeout: 3 * MINUTE }, () => {
  let olga: Somebody;
  let page: Page;
  let codes: string[];
  beforeAll(async () => {
    olga = await somebody();
    page = olga.page;
    await signIn(page, 'olga');
    await heading(page, 'Overview').waitFor();
  }, 2 * MINUTE);
  afterAll(() => olga.context.close());

  it('makes an account, and hands over its link, which is shown once', async () => {
    await goTo(page, 'Accounts');
    await page.getByRole('link', { name: /dora/ }).waitFor();
    await page.getByRole('button', { name: 'Add an account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name to sign in with').fill('bert@example.org');
    await dialog.getByRole('combobox', { name: 'Domains' }).fill('example.o');
    await page.getByRole('option', { name: 'example.org' }).click();
    await page.keyboard.press('Tab');
    await dialog.getByRole('button', { name: 'Add an account', exact: true }).click();
    await dialog.getByText('Link for bert@example.org').waitFor();
    const url = await dialog.locator('code').innerText();
    expect(url).toMatch(new RegExp(`^${origin}/password#.{20,}$`));
    await dialog.getByRole('button', { name: 'Copy Link' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const row = page.getByRole('link', { name: /bert@example\.org/ });
    await row.getByText('Administrator of domains: example.org').waitFor();
    await row.getByText('Has not set a password yet').waitFor();
    expect(olga.complaints()).toEqual([]);
    await lookAt(page, 'accounts');
  });

  it('changes what it may do, makes another link, shuts it out, lets it in, removes it', async () => {
    await page.getByRole('link', { name: /bert@example\.org/ }).click();
    await heading(page, 'bert@example.org').waitFor();
    await page.getByRole('combobox', { name: 'Domains' }).fill('example.c');
    await page.getByRole('option', { name: 'example.com' }).click();
    await page.keyboard.press('Tab');
    await section(page, 'What it may do').getByRole('button', { name: 'Save' }).click();
    const role = async () => (await box.local('GET', '/accounts/bert@example.org')).body;
    await expect.poll(role, { timeout: MINUTE }).toMatchObject({ domains: ['example.com', 'example.org'] });
    await page.getByRole('button', { name: 'Make a new link' }).click();
    await page.getByText('Link for bert@example.org').waitFor();
    await lookAt(page, 'account-of');
    await page.getByRole('button', { name: 'Shut out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Shut out', exact: true }).click();
    await page.getByText('Shut out', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Let in again' }).click();
    await page.getByRole('button', { name: 'Shut out' }).waitFor();
    await page.getByRole('button', { name: 'Remove the account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the account', exact: true }).click();
    await heading(page, 'Accounts').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /bert/ }).count(), { timeout: MINUTE }).toBe(0);
    expect(olga.complaints()).toEqual([]);
  });

  it('adds a second factor by the key that is shown, and gets recovery codes once', async () => {
    await goTo(page, 'My account');
    await page.getByRole('button', { name: 'Set up an app' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    const key = await section(page, 'Second factor').locator('code').innerText();
    const pin = section(page, 'Second factor').locator('input[inputmode=numeric]').first();
    await pin.click();
    await page.keyboard.type(new TOTP({ secret: Secret.fromBase32(key) }).generate());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Recovery codes left: 10').waitFor();
    codes = await section(page, 'Second factor').locator('li').allInnerTexts();
    expect(codes).toHaveLength(10);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('signpost-recovery-codes.txt');
    expect(olga.complaints()).toEqual([]);
    await lookAt(page, 'own-account-codes');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    expect(await page.getByText(codes[0]!).count()).toBe(0);
  });

  it('changes the password; it is asked for, with a code, where one signs in', async () => {
    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is too short').waitFor();
    // The browser says of what is refused that it was.
    expect(olga.complaints().filter((one) => !one.includes('/session/password'))).toEqual([]);
    await page.getByLabel('New password').fill(otherPassword);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The new password works.').waitFor();
    await signOut(page, 'Olga');
    await signIn(page, 'olga', otherPassword);
    await heading(page, 'Second factor').waitFor();
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(codes[0]!);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading(page, 'Overview').waitFor();
    olga.complaints();
    await goTo(page, 'My account');
    await page.getByText('Recovery codes left: 9').waitFor();
  });

  it('adds a passkey, gives it in place of the password before what is dangerous, and signs in by it', async () => {
    const cdp = await olga.context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
        ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      },
    });
    await section(page, 'Passkeys').getByLabel('Name').fill('telephone');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('button', { name: 'Remove the passkey telephone' }).waitFor();
    expect(olga.complaints()).toEqual([]);
    await lookAt(page, 'own-account');
    // As a quarter of an hour later.
    forgetConfirmations();
    await page.getByRole('button', { name: 'Stop using it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop using it', exact: true }).click();
    const again = page.getByRole('dialog', { name: 'Your password once more' });
    await again.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('Not in use').waitFor();
    expect(olga.complaints().filter((one) => !one.includes('/session/second-factor'))).toEqual([]);
    await signOut(page, 'Olga');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await heading(page, 'Overview').waitFor();
    expect(olga.complaints()).toEqual([]);
  });

  it('sees where the account is in use, and ends it there', async () => {
    const elsewhere = await somebody();
    await signIn(elsewhere.page, 'olga', otherPassword);
    await heading(elsewhere.page, 'Overview').waitFor();
    await goTo(page, 'My account');
    await section(page, 'Signed in').getByText('with a passkey').waitFor();
    await section(page, 'Signed in').getByText('this one').waitFor();
    await page.getByRole('button', { name: 'Sign out: Chrome on Linux' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
    const others = page.getByRole('button', { name: 'Sign out: Chrome on Linux' });
    await expect.poll(() => others.count(), { timeout: MINUTE }).toBe(0);
    await elsewhere.page.goto(`${origin}/accounts`);
    await heading(elsewhere.page, 'Sign in').waitFor();
    await elsewhere.context.close();
    expect(olga.complaints()).toEqual([]);
  });
});

describe('an administrator', { timeout: 3 * MINUTE }, () => {
  it('sees how full mailboxes are, in the list and at each, and where that is not known', async () => {
    await made('/accounts', { name: 'ada', displayName: 'Ada', role: 'administrator', password });
    for (const name of ['almost', 'full', 'unknown'])
      await made('/mailboxes', { address: `${name}@example.com`, password, quota: 5 * GIBI });
    const { page, context, complaints } = await somebody();
    await signIn(page, 'ada');
    await heading(page, 'Overview').waitFor();
    await goTo(page, 'Mailboxes');
    const bar = (name: string) => page.getByRole('progressbar', { name: `How full ${name}@example.com is` });
    const row = (text: string) => page.getByRole('listitem').filter({ hasText: text });
    await row(otto).getByText('Otto · 1.2 GB of 5 GB').waitFor();
    const percents = ['otto', 'almost', 'full'].map((name) => bar(name).getAttribute('aria-valuenow'));
    expect(await Promise.all(percents)).toEqual(['23', '80', '100']);
    // What is said of one that is not known is what it may hold.
    await row('unknown@example.com').getByText('up to 5 GB').waitFor();
    expect(await bar('unknown').count()).toBe(0);
    await lookAt(page, 'mailboxes-held');
    await row('full@example.com').getByRole('link').click();
    await page.getByText('5.1 GB of 5 GB').waitFor();
    await page.getByText('20,000 messages').waitFor();
    await lookAt(page, 'mailbox-full');
    await page.goto(`${origin}/mailboxes/unknown@example.com`);
    await page.getByText('The mail servers do not say just now how much it holds.').waitFor();
    expect(complaints()).toEqual([]);
    await context.close();
  });
});

describe('a mailbox user', { timeout: 3 * MINUTE }, () => {
  it('has the own mailbox and account, and nothing else', async () => {
    const { page, context, complaints } = await somebody();
    await signIn(page, otto);
    await heading(page, otto).waitFor();
    const places = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(places.map((text) => text.trim()).filter((text) => text !== 'Signpost')).toEqual([
      'My mailbox',
      'My account',
    ]);
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await page.getByText('1.2 GB of 5 GB').waitFor();
    await page.getByText('5,120 messages').waitFor();
    await page.getByRole('progressbar', { name: `How full ${otto} is` }).waitFor();
    await page.getByRole('combobox', { name: 'Send on to' }).fill('otto@example.net');
    await page.getByRole('combobox', { name: 'Send on to' }).press('Enter');
    await section(page, 'Forwarding').getByRole('button', { name: 'Save' }).click();
    const forwards = async () => (await box.local('GET', `/mailboxes/${otto}`)).body;
    await expect.poll(forwards, { timeout: MINUTE }).toMatchObject({ forwardTo: ['otto@example.net'] });
    await page.getByLabel('Device').fill('Telephone');
    await page.getByRole('button', { name: 'Make a password' }).click();
    await page.getByText('Password for Telephone').waitFor();
    expect(complaints()).toEqual([]);
    await lookAt(page, 'own-mailbox');
    await page.getByRole('button', { name: 'Remove the password of Telephone' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page
      .getByRole('button', { name: 'Remove the password of Telephone', exact: true })
      .waitFor({ state: 'detached' });
    // What is another's is not theirs by typing its address.
    await page.goto(`${origin}/settings`);
    await heading(page, otto).waitFor();
    await goTo(page, 'My account');
    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password').fill(otherPassword);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The new password works.').waitFor();
    await signOut(page, 'Otto');
    await signIn(page, otto, otherPassword);
    await heading(page, otto).waitFor();
    expect(complaints()).toEqual([]);
    await context.close();
  });
});

function forgetConfirmations(): void {
  const database = new DatabaseSync(join(box.data, 'signpost.sqlite'));
  database.exec('UPDATE sessions SET confirmed_at = 0');
  database.close();
}
