import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildPanel } from '../../scripts/panel.mjs';

const root = join(import.meta.dirname, '../..');

/** The folder of the panel, built if need be. */
export async function builtPanel(): Promise<string> {
  if (!(await buildPanel(root, process.execPath))) throw new Error('the panel cannot be built');
  return join(root, 'panel/dist');
}

export function startBrowser(executablePath = '/usr/bin/chromium'): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** What a page complains of: errors and warnings on its console, and requests that go elsewhere. */
export function complaintsOf(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !/^(?:data|blob):/.test(request.url()))
      complaints.push(`asks elsewhere: ${request.url()}`);
  });
  return complaints;
}

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe finds serious or critical on the page, each with where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined')
    // Evaluated by the debugger, whom the page's policy does not concern.
    await page.evaluate(await axeSource());
  const { violations } = await page.evaluate<AxeResult>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

let source: Promise<string> | undefined;

function axeSource(): Promise<string> {
  source ??= import('axe-core').then(({ default: axe }) => axe.source);
  return source;
}
