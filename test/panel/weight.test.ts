import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { builtPanel } from './browser.ts';

/** Octets of compressed JavaScript that a browser fetches before it shows something; promised are 250,000 (docs/decisions/panel.md). */
const FIRST_LOAD = 160_000;
/** The same for the styles, which are those of all components that any page has. */
const STYLES = 25_000;
/** Files of scripts of the pages that people open most, with all that they need: each is work before anything is seen. */
const FILES = 8;

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

/** A script with all that it needs, by their names. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(join(dist, 'assets', name), 'utf8');
  for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(other!, found);
  return found;
}

test.each(['sign-in', 'overview'])('%s is a few files', (page) => {
  const name = readdirSync(join(dist, 'assets')).find(
    (one) => one.startsWith(`${page}-`) && one.endsWith('.js'),
  );
  const files = withImports(name!);
  expect(files.size).toBeGreaterThan(1);
  expect(files.size).toBeLessThanOrEqual(FILES);
});

test('every component of the library that a page has comes with its styles', () => {
  const read = (ending: string): string =>
    readdirSync(join(dist, 'assets'))
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(dist, 'assets', name), 'utf8'))
      .join('\n');
  const classesIn = (text: string): string[] => [...new Set(text.match(/\bm_[0-9a-f]{5,8}\b/g) ?? [])];
  const styled = new Set(classesIn(read('.css')));
  const all = readFileSync(join(import.meta.dirname, '../../node_modules/@mantine/core/styles.css'), 'utf8');
  const used = new Set(classesIn(read('.js')));
  const missing = classesIn(all).filter((one) => used.has(one) && !styled.has(one));
  expect(used.size).toBeGreaterThan(50);
  expect(missing, 'add the styles of their components to panel/src/components.css').toEqual([]);
});

test('nothing is fetched from elsewhere', () => {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(index).not.toMatch(/(?:src|href)="(?!\/)/);
  expect(index).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=/);
  for (const name of readdirSync(join(dist, 'assets')).filter((one) => one.endsWith('.css')))
    expect(readFileSync(join(dist, 'assets', name), 'utf8')).not.toMatch(/@import|url\((?!["']?data:)/);
});
