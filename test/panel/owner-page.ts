import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RunningBox } from '../kit/box.ts';
import { complaintsOf } from './browser.ts';

const PATIENCE = 20_000;

/** A page of the owner of a box that was started without a token, made by the link of its first start; with what its pages complain of. */
export async function ownerPage(
  browser: Browser,
  box: RunningBox,
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE);
  const complaints = complaintsOf(context, box.http);
  const [, secret] = /\/setup#(\S+)/.exec(box.output())!;
  const data = { secret, name: 'anna@example.net', password: 'four words of nobody else' };
  const headers = { origin: box.http };
  const made = await context.request.post(`${box.http}/api/v1/setup/owner`, { data, headers });
  expect(made.status()).toBe(201);
  return { page: await context.newPage(), complaints };
}
