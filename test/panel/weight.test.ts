import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { builtPanel } from './browser.ts';

/** Octets of compressed JavaScript that a browser fetches before it shows something; promised are 250,000 (docs/decisions/panel.md). */
const FIRST_LOAD = 160_000;
/** The same for the styles, which are those of all components. */
const STYLES = 40_000;

let dist: string;
beforeAll(async () => {
  dist = await builtPanel();
}, 180_000);

const compressed = (url: string): number => statSync(join(dist, `${url}.br`)).size;

test('the first load is small', () => {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  const urls = [...index.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url]) => url!);
  const of = (ending: string): number =>
    urls.filter((url) => url.endsWith(ending)).reduce((sum, url) => sum + compressed(url), 0);
  expect(of('.js')).toBeGreaterThan(50_000);
  expect(of('.js')).toBeLessThan(FIRST_LOAD);
  expect(of('.css')).toBeLessThan(STYLES);
});

test('no page is as large as all of it, and everything lies there compressed', () => {
  const assets = readdirSync(join(dist, 'assets'));
  for (const name of assets.filter((one) => /\.(?:js|css)$/.test(one))) {
    expect(existsSync(join(dist, 'assets', `${name}.br`)), name).toBe(true);
    expect(existsSync(join(dist, 'assets', `${name}.gz`)), name).toBe(true);
    expect(compressed(`assets/${name}`), name).toBeLessThan(FIRST_LOAD);
  }
});

test('nothing is fetched from elsewhere', () => {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(index).not.toMatch(/(?:src|href)="(?!\/)/);
  expect(index).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=/);
  for (const name of readdirSync(join(dist, 'assets')).filter((one) => one.endsWith('.css')))
    expect(readFileSync(join(dist, 'assets', name), 'utf8')).not.toMatch(/@import|url\((?!["']?data:)/);
});
