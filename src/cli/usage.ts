import type { Command } from 'commander';
import { alternatives, didYouMean } from './values.ts';

/** Has the command say what is wrong with a command line in our words: what was typed, and what is right. */
export function sayUsage(command: Command): void {
  command.configureOutput({
    outputError: (text, write) => {
      const sentence = sentenceOf(text.trim(), command);
      write(`${process.argv.includes('--json') ? JSON.stringify({ detail: sentence }) : sentence}\n`);
    },
  });
}

type Say = (found: string[], command: Command) => string;

/** What Commander says, and what we say. */
const sentences: [RegExp, Say][] = [
  [
    /^error: unknown command '(.*)'/,
    ([, typed], command) =>
      `There is no command "${typed}" of ${path(command)}.${hintOf(typed!, command) || ` There are ${commandsOf(command)}.`}`,
  ],
  [
    /^error: unknown option '(.*?)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?/,
    ([, typed, near], command) =>
      `There is no option ${typed} of ${path(command)}.${near === undefined ? help(command) : ` Did you mean ${near.replace(/, (?!.*, )/, ' or ')}?`}`,
  ],
  [
    /^error: missing required argument '(.*)'/,
    ([, argument], command) =>
      `The <${argument}> is missing: ${usage(command)}${given(command)}${help(command)}`,
  ],
  [
    /^error: option '(?:-\w, )?(--\S+) (.*)' argument missing/,
    ([, option, argument]) => `${option} needs a value: ${option} ${argument}`,
  ],
  [
    /^error: required option '(?:-\w, )?(--\S+) (.*)' not specified/,
    ([, option, argument], command) => `${option} ${argument} is missing: ${usage(command)}${help(command)}`,
  ],
  [
    /^error: too many arguments/,
    (_found, command) => {
      const extra = command.args.slice(command.registeredArguments.length);
      return `"${extra.join(' ')}" is more than is asked for: ${usage(command)}${help(command)}`;
    },
  ],
];

function sentenceOf(text: string, command: Command): string {
  for (const [pattern, say] of sentences) {
    const found = pattern.exec(text);
    if (found) return say(found, command);
  }
  return text.replace(/^error: /, '');
}

function hintOf(typed: string, command: Command): string {
  const names = subcommands(command).flatMap((sub) => [sub.name(), ...sub.aliases()]);
  return didYouMean(typed, names);
}

function commandsOf(command: Command): string {
  return alternatives(subcommands(command).map((sub) => sub.name())).replace(/ or (\S+)$/, ' and $1');
}

function subcommands(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((sub) => sub.name() !== 'help');
}

/** `signpost domain add` */
function path(command: Command): string {
  return command.parent ? `${path(command.parent)} ${command.name()}` : command.name();
}

/** What was read as what: an argument that was left out shifts those after it. */
function given(command: Command): string {
  const words = command.registeredArguments.flatMap((argument, i) =>
    command.args[i] === undefined ? [] : `${argument.name()} "${command.args[i]}"`,
  );
  return words.length === 0 ? '' : `; there is ${words.join(', ')}`;
}

function usage(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '...' : '');
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [path(command), ...words].join(' ');
}

function help(command: Command): string {
  return ` (${path(command)} --help)`;
}
