import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { builtPanel, startBrowser } from '../test/panel/browser.ts';
import { addDomains } from './kit/add-domains.ts';
import { call, type ChildBox, print, quantile, startChildBox, stopChildBox } from './kit/child-box.ts';
import { insertMailboxes } from './kit/many-mailboxes.ts';
import { type LoadTimes, loadTimes, scrollTimes, searchTime } from './kit/page-times.ts';

/*
 * The panel of a provider, in Debian's Chromium: how long lists take at the API, what a person sees while typing and scrolling, and a first load on a
 * slow processor. DOMAINS and MAILBOXES say how many there are.
 */
export const name = 'panel: many domains and mailboxes, in Chromium';

const DOMAINS = Number(process.env['DOMAINS'] ?? 10_000);
const MAILBOXES = Number(process.env['MAILBOXES'] ?? 100_000);
/** Times that Chromium is slower than this machine. */
const THROTTLE = 4;
/** Loads of each kind. */
const ROUNDS = 5;
/** Turns of the wheel, and pixels of each. */
const TURNS = 300;
const STEP = 400;
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
    await addDomains(
      box,
      names.map((name) => ({ name })),
    );
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
  await loads(browser, origin);
  const context = await newContext(browser);
  await signIn(context, origin);
  for (const { path, first, ends } of longLists) {
    const page = await context.newPage();
    await page.goto(origin + path);
    await page.getByText(first, { exact: true }).waitFor();
    await typing(page, path, ends);
    await scrolling(page, path);
    await page.close();
  }
  await context.close();
}

/** The lists that are long here: their first rows, and what is typed to find one row each. */
const longLists = [
  {
    path: '/domains',
    first: domainName(0),
    ends: [1, 77, Math.ceil(DOMAINS / 2)].map((back) => `d${DOMAINS - back}`),
  },
  {
    path: '/mailboxes',
    first: `m0@${domainName(0)}`,
    ends: [1, 77, Math.ceil(MAILBOXES / 2)].map((back) => `m${MAILBOXES - back}`),
  },
];

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(20_000);
  return context;
}

async function signIn(context: BrowserContext, origin: string): Promise<void> {
  const answer = await context.request.post(`${origin}/api/v1/session`, {
    data: { name: 'anna', password: PASSWORD },
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  });
  if (!answer.ok()) throw new Error(await answer.text());
}

/** What is there when a page is, besides that nothing of it is still to come. */
const signInField = 'form input';
const pageHeading = 'main h1';

/** Somebody's first visit, with nothing in the cache, and the overview loaded again by somebody who is signed in. */
async function loads(browser: Browser, origin: string): Promise<void> {
  const first: LoadTimes[] = [];
  const again: LoadTimes[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await newContext(browser);
    first.push(await load(context, `${origin}/sign-in`, signInField));
    await signIn(context, origin);
    await load(context, `${origin}/`, pageHeading);
    again.push(await load(context, `${origin}/`, pageHeading));
    await context.close();
  }
  for (const [what, times] of [
    ['first visit', first],
    ['overview, loaded again', again],
  ] as const) {
    const median = (of: keyof LoadTimes): number =>
      quantile(
        times.map((each) => each[of]),
        0.5,
      );
    print(`${what}, CPU ${THROTTLE} × slower, to a key answered`, median('answered'), 'ms', '≤ 1500');
    print('  to its content', median('content'), 'ms');
    print('  computed by the page, not slowed down', median('computed') / THROTTLE, 'ms');
  }
}

const load = (context: BrowserContext, url: string, selector: string): Promise<LoadTimes> =>
  loadTimes(context, url, selector, THROTTLE);

/** From the key after which one row is left until that row is seen, the pause before a search in it. */
async function typing(page: Page, path: string, ends: readonly string[]): Promise<void> {
  const search = page.getByRole('searchbox').first();
  const times: number[] = [];
  for (const wanted of ends) {
    await search.fill(wanted.slice(0, -1));
    await page.waitForTimeout(1000);
    await search.press('End');
    times.push(await searchTime(page, wanted));
  }
  print(
    `${path}: search as you type, to the row, median of ${times.length}`,
    quantile(times, 0.5),
    'ms',
    '≤ 150',
  );
  await search.fill('');
  await page.locator('main [role=listitem]').nth(5).waitFor();
}

/** Times between frames while the wheel turns for seconds, and pages are fetched. */
async function scrolling(page: Page, path: string): Promise<void> {
  const { frames, quiet, computed } = await scrollTimes(page, TURNS, STEP);
  print(`${path}: between frames while scrolling, median of ${frames.length}`, quantile(frames, 0.5), 'ms');
  print('  95 of 100', quantile(frames, 0.95), 'ms', '≤ 20');
  print('  the longest', Math.max(...frames), 'ms');
  print('  the longest in which no rows arrived', Math.max(...quiet), 'ms', '≤ 33');
  print('  computed by the page for each', computed, 'ms');
}
