import type { BrowserContext, CDPSession, Page } from 'playwright-core';

/*
 * What a person waits for in a page, measured by the page itself: whoever steers a browser from outside adds the time of its own messages.
 */

/** Milliseconds. */
export interface LoadTimes {
  /** From the start of the navigation until what the page is about is in it, and nothing of it is still to come. */
  content: number;
  /** From the start of the navigation until a key that was pressed then had been answered and the frame after it was made. */
  answered: number;
  /** In which the page's main thread did something. */
  computed: number;
}

/** Marks when `selector` and no grey line is there, and when the key that is pressed then was answered. */
const watchLoad = (selector: string): string => `(() => {
  const isThere = () => document.querySelector(${JSON.stringify(selector)}) && !document.querySelector('[role=status][aria-label]');
  const observer = new MutationObserver(() => {
    if (!isThere()) return;
    observer.disconnect();
    performance.mark('content');
    globalThis.pressKey('');
  });
  observer.observe(document, { childList: true, subtree: true, attributes: true });
  addEventListener('keydown', () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      performance.mark('answered');
      globalThis.keyAnswered('');
    };
    port2.postMessage('');
  }), { capture: true, once: true });
})()`;

const TAB = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };

/** Opens an address in a new tab on a processor that is `throttle` times slower. */
export async function loadTimes(
  context: BrowserContext,
  url: string,
  selector: string,
  throttle: number,
): Promise<LoadTimes> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.exposeFunction('pressKey', () =>
    devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', ...TAB }),
  );
  const answered = new Promise<void>((resolve) => void page.exposeFunction('keyAnswered', () => resolve()));
  await page.addInitScript(watchLoad(selector));
  await page.goto(url, { waitUntil: 'commit' });
  await answered;
  const [content = NaN, key = NaN] = await page.evaluate<number[]>(
    `['content', 'answered'].map((name) => performance.getEntriesByName(name)[0]?.startTime)`,
  );
  const { TaskDuration = NaN } = await metricsOf(devtools);
  await page.close();
  return { content, answered: key, computed: TaskDuration * 1000 };
}

/** Seconds that the page spent with each kind of work, of which the browser counts them. */
async function metricsOf(devtools: CDPSession): Promise<Partial<Record<string, number>>> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Milliseconds from a key until the list has the one row that is looked for, and the frame with it was made. */
export async function searchTime(page: Page, text: string): Promise<number> {
  await page.evaluate(`globalThis.found = new Promise((resolve) => {
    let began;
    addEventListener('keydown', ({ timeStamp }) => { began = timeStamp; }, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      const rows = document.querySelectorAll('main [role=listitem]');
      if (rows.length !== 1 || !rows[0].textContent.startsWith(${JSON.stringify(text)})) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - began);
        port2.postMessage('');
      });
    });
    observer.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
  }); undefined`);
  await page.keyboard.press(text.at(-1)!);
  return page.evaluate<number>('globalThis.found');
}

/** Of a list that is scrolled. */
export interface ScrollTimes {
  /** Milliseconds between frames. */
  frames: number[];
  /** Those of them in which no rows arrived. */
  quiet: number[];
  /** Milliseconds that the page's main thread computed for each frame. */
  computed: number;
}

/** Turns the wheel, a step for each frame. */
export async function scrollTimes(page: Page, turns: number, step: number): Promise<ScrollTimes> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = (await metricsOf(devtools))['TaskDuration'] ?? NaN;
  await page.evaluate(`globalThis.frameTimes = [performance.now()];
    requestAnimationFrame(function each(now) { frameTimes.push(now); requestAnimationFrame(each); });`);
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, step);
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
  const times = await page.evaluate<number[]>('frameTimes');
  const arrivals = await page.evaluate<number[]>(
    `performance.getEntriesByType('resource').map(({ responseEnd }) => responseEnd)`,
  );
  const computed = ((await metricsOf(devtools))['TaskDuration'] ?? NaN) - before;
  const frames = times.slice(1).map((time, index) => ({ from: times[index]!, length: time - times[index]! }));
  const isQuiet = ({ from, length }: { from: number; length: number }): boolean =>
    !arrivals.some((arrival) => arrival >= from - AFTER && arrival < from + length);
  return {
    frames: frames.map(({ length }) => length),
    quiet: frames.filter(isQuiet).map(({ length }) => length),
    computed: (computed * 1000) / frames.length,
  };
}

/** Milliseconds in which rows that arrived are put into the list. */
const AFTER = 50;
