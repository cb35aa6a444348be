import type { Command } from 'commander';
import { allItems, contextOf } from './context.ts';

const scripts: Record<string, string> = {
  bash: `_signpost() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(signpost complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _signpost signpost`,
  zsh: `#compdef signpost
_signpost() {
  local -a words_found
  words_found=(\${(f)"$(signpost complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  compadd -a words_found
}
compdef _signpost signpost`,
  fish: `complete -c signpost -f -a '(signpost complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};

/** Arguments whose values the box knows, with the list they come from. */
const lists: Record<string, { path: string; field: string }> = {
  zone: { path: '/zones', field: 'name' },
  domain: { path: '/domains', field: 'name' },
  id: { path: '/tokens', field: 'id' },
};

/** `signpost completion SHELL`, and the hidden `signpost complete` that the scripts call. */
export function addCompletion(program: Command): void {
  program
    .command('completion <shell>')
    .description('print the completion script of bash, zsh or fish')
    .addHelpText('after', '\nExample:\n  source <(signpost completion bash)')
    .action((shell: string, _options: unknown, command: Command) => {
      const script = scripts[shell];
      if (script === undefined)
        command.error(`There is no completion for "${shell}"; there is for bash, zsh and fish.`);
      console.log(script);
    });
  program
    .command('complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[], _options: unknown, command: Command) => {
      console.log((await candidates(program, words, command)).join('\n'));
    });
}

/** What can stand at the last of `words`. */
async function candidates(program: Command, words: string[], caller: Command): Promise<string[]> {
  const last = words.at(-1) ?? '';
  let command = program;
  let position = 0;
  for (const word of words.slice(0, -1)) {
    if (word.startsWith('-')) continue;
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else position++;
  }
  if (last.startsWith('-')) {
    const options = [...command.options, ...program.options];
    return options.flatMap((option) => (option.long === undefined || option.hidden ? [] : [option.long]));
  }
  if (command.commands.length > 0) return visible(command);
  return argumentValues(command, position, caller);
}

function visible(command: Command): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((sub) => sub.name());
}

async function argumentValues(command: Command, position: number, caller: Command): Promise<string[]> {
  const argument = command.registeredArguments[position];
  // `domain show <name>`: the argument is a domain whatever it is called.
  const list = lists[argument?.name() === 'name' ? (command.parent?.name() ?? '') : (argument?.name() ?? '')];
  if (!list || command.name() === 'add') return [];
  try {
    const items = await allItems<Record<string, string>>(contextOf(caller).client, list.path);
    return items.map((item) => item[list.field] ?? '');
  } catch {
    // Completion must stay silent when the box is not there.
    return [];
  }
}
