import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from './browser.ts';

const MINUTE = 60_000;

/** Where screenshots are written; undefined: none are. */
const shots = process.env['PANEL_SHOTS'];

const views = [390, 768, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

/** Opens a path of the panel and waits until nothing of it loads any more. */
export async function open(page: Page, origin: string, path: string): Promise<void> {
  await page.goto(origin + path);
  await page.locator('h1').waitFor();
  // Grey lines stand for what is still to come.
  const waiting = page.locator('[role=status][aria-label]');
  await expect.poll(() => waiting.count(), { timeout: MINUTE }).toBe(0);
}

/** Looks at what is open, narrow and wide, light and dark: nothing is wider than the window, and axe finds nothing serious. */
export async function lookAtIt(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { width, colorScheme } of views) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(wide, `wider than ${width} pixels`).toBeLessThanOrEqual(0);
    await shoot(page, name, width, colorScheme);
    expect(await seriousFindings(page), `${width} ${colorScheme}`).toEqual([]);
  }
}

export async function shoot(page: Page, path: string, width: number, scheme: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  const name = `${path.replaceAll(/[^a-z-]+/g, '_')}-${width}-${scheme}.png`;
  await page.screenshot({ path: join(shots, name), fullPage: true });
}
