import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';

/** The command tree is the source: what pages and sentences tell to type must be in it, and what it calls in the API's document. */
const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What follows `signpost` on lines of code, in backquotes and in sentences that say what to do. */
function typed(): { where: string; words: string[] }[] {
  const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root }), 'test/goldens/mistakes.txt'];
  const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  const example = /(?:^ {4}|&& |`|; |: |-- |^ {2})signpost (?:-- )?([a-z][^`\n\\]*)/gm;
  return [...pages, ...sources].flatMap((where) =>
    [...read(where).matchAll(example)].map(([, line]) => ({ where, words: line!.split(/[\s,;)'"]+/) })),
  );
}

/** The deepest command that the words lead to; undefined when the first of them is none. */
function commandOf(words: string[], program: Command): Command | undefined {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!next) break;
    command = next;
  }
  return command === program ? undefined : command;
}

describe('what is told to type', () => {
  const program = createProgram();
  const found = typed();

  it('are commands that there are, to the end', () => {
    expect(found.length).toBeGreaterThan(100);
    // `signpost ready` is what the server says.
    const wrong = found.filter(({ words }) => {
      const command = commandOf(words, program);
      if (command === undefined)
        return /^[a-z]+$/.test(words[0]!) && words[0] !== 'ready' && words.length > 1;
      const next = words[words.findIndex((word) => word === command.name()) + 1] ?? '';
      return command.commands.length > 0 && /^[a-z]+$/.test(next);
    });
    expect(wrong.map(({ where, words }) => `${where}: ${words.join(' ')}`)).toEqual([]);
  });

  it('has options that there are', () => {
    const unknown = found.flatMap(({ where, words }) => {
      const command = commandOf(words, program);
      if (!command) return [];
      const known = [...command.options, ...program.options].map(({ long }) => long);
      return words
        .filter((word) => /^--[a-z][a-z-]+$/.test(word) && word !== '--help')
        .filter((word) => !known.includes(word))
        .map((word) => `${where}: ${word} of ${words.join(' ')}`);
    });
    // The golden holds mistakes.
    expect(unknown.filter((line) => !line.startsWith('test/goldens'))).toEqual([]);
  });
});

describe('the calls of the command', () => {
  it('are in the document of the API', () => {
    const { paths } = JSON.parse(read('test/api/openapi.golden.json')) as { paths: Record<string, unknown> };
    const shapes = new Set(Object.keys(paths).map((path) => path.replace(/\{\w+\}/g, '{}')));
    const calls = globSync('src/cli/commands/*.ts', { cwd: root }).flatMap((file) =>
      [
        ...read(file).matchAll(
          /['`](\/(?:box|domains|mailboxes|aliases|zones|certificates|tokens|jobs|audit|health)\b[^'`\s]*)['`]/g,
        ),
      ].map(([, path]) => path!),
    );
    expect(calls.length).toBeGreaterThan(25);
    const wrong = calls
      .map((path) => path.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '{}').replace(/\?.*$/, ''))
      .map((path) => path.replace(/([a-z])\{\}$/, '$1'))
      .filter((path) => !shapes.has(`/api/v1${path}`));
    expect(wrong).toEqual([]);
  });
});
