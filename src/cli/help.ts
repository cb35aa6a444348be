import type { Command } from 'commander';

/** `signpost help COMMAND…`, for commands below commands as well: Commander's own looks at the first word only. */
export function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help [command...]')
    .description('explain a command, such as: help record add')
    .action((words: string[]) => commandOf(program, words).help());
}

function commandOf(program: Command, words: readonly string[]): Command {
  let found = program;
  for (const word of words) {
    const below = found.createHelp().visibleCommands(found);
    const next = below.find((command) => command.name() === word || command.aliases().includes(word));
    // As Commander says it itself, in any other place.
    if (!next) return found.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' });
    found = next;
  }
  return found;
}
