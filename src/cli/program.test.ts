import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { shown, shownWithALabels } from './names.ts';
import { createProgram } from './program.ts';
import { fields, table } from './table.ts';

function leaves(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command);
  return below
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => {
      const found = leaves(child);
      return found.length > 0 ? found : [child];
    });
}

/** Those above other commands as well. */
function all(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command);
  return below.filter((child) => child.name() !== 'help').flatMap((child) => [child, ...all(child)]);
}

/** `signpost domain add` */
function path(command: Command): string {
  return command.parent ? `${path(command.parent)} ${command.name()}` : command.name();
}

function heading(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '...' : '');
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [path(command), ...words].join(' ');
}

function help(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

const commands = leaves(createProgram());
const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`(.*)`/.exec(section)![1]!, section]),
);

describe('the command tree', () => {
  it('is what docs/cli.md describes', () => {
    expect([...sections.keys()].sort()).toEqual(commands.map(heading).sort());
  });

  it.each(commands.map((command) => [path(command), command] as const))(
    '%s is explained',
    (name, command) => {
      expect(command.description()).not.toBe('');
      for (const option of command.options) expect(option.description, option.flags).not.toBe('');
      if (command.registeredArguments.length > 0 || command.options.length > 0)
        expect(help(command)).toMatch(new RegExp(`Examples?:\\n(.*\\n)*? {2}.*${name}`));
      const section = sections.get(heading(command))!;
      expect(section).toMatch(new RegExp(`^ {4}.*${name}`, 'm'));
      for (const option of command.options) expect(section).toContain(option.long);
    },
  );

  /** What is printed, and how it ends. */
  function run(...words: string[]): { printed: string; exitCode: number } {
    const program = createProgram();
    let printed = '';
    const write = (text: string): void => void (printed += text);
    for (const command of [program, ...all(program)])
      command.configureOutput({ writeOut: write, writeErr: write });
    try {
      program.parse(words, { from: 'user' });
    } catch (error) {
      return { printed, exitCode: (error as CommanderError).exitCode };
    }
    return { printed, exitCode: NaN };
  }

  it.each(all(createProgram()).map((command) => [path(command).split(' ').slice(1)]))(
    'help %s says what --help says, with the options of all commands',
    (words) => {
      const { printed, exitCode } = run('help', ...words);
      expect({ printed, exitCode }).toEqual(run(...words, '--help'));
      expect(exitCode).toBe(0);
      expect(printed).toContain(`Usage: signpost ${words.join(' ')}`);
      expect(printed).toContain('--json');
    },
  );

  it.each([
    [['nope'], 'no command "nope" of signpost. There are status, '],
    [['record', 'nope'], 'no command "nope" of signpost record. There are list, '],
    [['record', 'ad'], 'add'],
  ])('help of what there is not (%s) names what there is', (words, named) => {
    const { printed, exitCode } = run('help', ...words);
    expect(printed).toContain(named);
    expect(exitCode).not.toBe(0);
  });

  it('has examples whose options there are', () => {
    for (const command of commands) {
      const known = [...command.options, ...createProgram().options].map(({ long }) => long);
      const examples = sections
        .get(heading(command))!
        .match(/^ {4}.*$/gm)!
        .join('\n');
      for (const [, used] of examples.matchAll(/ (--[a-z][a-z0-9-]*)/g)) expect(known, used).toContain(used);
    }
  });

  it('ends with the codes that the page lists', () => {
    const listed = [.../^## Exit codes$([^]*?)^## /m.exec(page)![1]!.matchAll(/^\| (\d) +\|/gm)];
    expect(listed.map(([, code]) => Number(code))).toEqual(Object.values(exitCodes));
  });
});

describe('tables', () => {
  it('are as wide as they need to be', () => {
    const text = table(
      ['name', 'n'],
      [
        ['bücher.example', 1],
        ['x', 100],
      ],
      Infinity,
    );
    expect(text).toBe('NAME            N\nbücher.example  1\nx               100');
  });

  it('cut the last column where there is no room for it, and say so', () => {
    const text = table(
      ['name', 'value'],
      [
        ['a', '0123456789abcdef'],
        ['b', 'short'],
      ],
      18,
    );
    expect(text.split('\n').slice(0, 3)).toEqual(['NAME  VALUE', 'a     0123456789a…', 'b     short']);
    expect(text).toContain('--json');
  });

  it('let no text write on the terminal', () => {
    expect(table(['name'], [['a\u001b[2Jb\nc']], 80)).toBe('NAME\na\ufffd[2Jb\ufffdc');
    expect(fields([['name', 'a\u009b1m']])).toBe('name: a\ufffd1m');
  });
});

describe('names', () => {
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['_dmarc.xn--bcher-kva.example', '_dmarc.bücher.example'],
    ['*.example.com', '*.example.com'],
    ['xn--a.example', 'xn--a.example'],
  ])('%s is shown as %s', (name, text) => {
    expect(shown(name)).toBe(text);
    expect(shownWithALabels(name)).toBe(text === name ? name : `${text} (${name})`);
  });
});
