import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { builtPanel, startBrowser } from '../test/panel/browser.ts';
import { call, type ChildBox, print, quantile, startChildBox, stopChildBox, until } from './kit/child-box.ts';
import { insertMailboxes } from './kit/many-mailboxes.ts';

/*
 * The panel of a provider, in Debian's Chromium: how long lists take at the API, what a person sees while typing and scrolling, and a first load on a
 * slow processor. DOMAINS and MAILBOXES say how many there are.
 */
export const name = 'panel: many domains and mailboxes, in Chromium';

const DOMAINS = Number(process.env['DOMAINS'] ?? 10_000);
const MAILBOXES = Number(process.env['MAILBOXES'] ?? 100_000);
/** Domains of one request. */
const CHUNK = 5000;
/** Times that Chromium is slower than this machine. */
const THROTTLE = 4;
const PASSWORD = 'four words of nobody';
const domainName = (n: number): string => `d${n}-example.com`;

export async function run(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signpost-panel-'));
  try {
    await builtPanel();
    await fill(data);
    const box = await startChildBox({ data });
    const browser = await startBrowser();
    try {
      await lists(box);
      await inBrowser(box, browser);
    } finally {
      await browser.close();
      await stopChildBox(box);
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function fill(data: string): Promise<void> {
  const names = Array.from({ length: DOMAINS }, (_, n) => domainName(n));
  const box = await startChildBox({ data });
  try {
    for (let from = 0; from < DOMAINS; from += CHUNK) {
      const domains = names.slice(from, from + CHUNK).map((name) => ({ name }));
      const { job } = await call<{ job: string }>(box, 'POST', '/domains/bulk', { domains });
      await until(async () => (await call<{ state: string }>(box, 'GET', `/jobs/${job}`)).state === 'done');
    }
    await call(box, 'POST', '/accounts', { name: 'anna', role: 'administrator', password: PASSWORD });
  } finally {
    await stopChildBox(box);
  }
  const database = new BetterSqlite3(join(data, 'signpost.sqlite'));
  database.transaction(() => insertMailboxes(database, MAILBOXES, names))();
  database.close();
}

interface PageAnswer {
  items: unknown[];
  next: string | null;
}

/** Pages from first to last, and what is asked for while somebody types. */
async function lists(box: ChildBox): Promise<void> {
  const times: number[] = [];
  const ask = async (path: string): Promise<PageAnswer> => {
    const began = performance.now();
    const answer = await call<PageAnswer>(box, 'GET', path);
    times.push(performance.now() - began);
    return answer;
  };
  const tell = (what: string, promised: string): void => {
    print(`${what}, median of ${times.length}`, quantile(times, 0.5), 'ms', promised);
    print('  the longest', Math.max(...times), 'ms', promised);
    times.length = 0;
  };
  for (const [list, count] of [
    ['domains', DOMAINS],
    ['mailboxes', MAILBOXES],
  ] as const) {
    let found = 0;
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await ask(
        `/${list}?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      found += page.items.length;
      cursor = page.next;
    }
    if (found < count) throw new Error(`${found} of ${count} ${list} were listed`);
    tell(`${count} ${list}, each page`, '≤ 200');
    for (const word of [`${DOMAINS - 1}-ex`, 'm77', 'none-of-them'])
      for (let letters = 1; letters <= word.length; letters++)
        await ask(`/${list}?limit=100&search=${encodeURIComponent(word.slice(0, letters))}`);
    tell(`  searched for letter by letter`, '≤ 150');
  }
}

async function inBrowser(box: ChildBox, browser: Browser): Promise<void> {
  const origin = new URL(box.http).origin;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(20_000);
  await firstLoad(context, origin);
  await signIn(context, origin);
  const page = await context.newPage();
  await page.goto(`${origin}/domains`);
  await page.getByText(domainName(0), { exact: true }).waitFor();
  await typing(page);
  await scrolling(page);
  await context.close();
}

async function signIn(context: BrowserContext, origin: string): Promise<void> {
  const answer = await context.request.post(`${origin}/api/v1/session`, {
    data: { name: 'anna', password: PASSWORD },
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  });
  if (!answer.ok()) throw new Error(await answer.text());
}

/** From the address to a page that takes what is typed; nothing is in the cache. */
async function firstLoad(context: BrowserContext, origin: string): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    await page.goto(`${origin}/sign-in`, { waitUntil: 'commit' });
    const field = page.getByLabel('Name', { exact: false }).first();
    await field.pressSequentially('a');
    times.push(await page.evaluate<number>('performance.now()'));
    await page.close();
  }
  print(
    `first load to a letter typed, CPU ${THROTTLE} × slower, median of 5`,
    quantile(times, 0.5),
    'ms',
    '≤ 1500',
  );
}

/** From the last letter to the row that is meant, the pause before a search in it. */
async function typing(page: Page): Promise<void> {
  const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
  const times: number[] = [];
  for (const wanted of [DOMAINS - 1, DOMAINS - 77, Math.floor(DOMAINS / 2)].map(domainName)) {
    await search.fill(wanted.slice(0, -13));
    await page.waitForTimeout(1000);
    const began = performance.now();
    await search.fill(wanted);
    await page.getByText(wanted, { exact: true }).waitFor();
    await until(async () => (await page.locator('[role=listitem]').count()) === 1);
    times.push(performance.now() - began);
  }
  print('search as you type, to the row, median of 3', quantile(times, 0.5), 'ms', '≤ 150');
  await search.fill('');
  await page.getByText(domainName(0), { exact: true }).waitFor();
}

/** Times between frames while the wheel turns for seconds, and pages are fetched. */
async function scrolling(page: Page): Promise<void> {
  await page.evaluate(
    `globalThis.frames_ = []; let last = performance.now(); requestAnimationFrame(function each(now) { globalThis.frames_.push(now - last); last = now; requestAnimationFrame(each); })`,
  );
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < 200; turn++) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(16);
  }
  const frames = await page.evaluate<number[]>('globalThis.frames_');
  print(`between frames while scrolling, median of ${frames.length}`, quantile(frames, 0.5), 'ms');
  print('  99 of 100', quantile(frames, 0.99), 'ms');
}
