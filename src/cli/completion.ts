import type { Command } from 'commander';
import { allItems, contextOf } from './context.ts';
import { oneOf } from './values.ts';

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
  job: { path: '/jobs', field: 'id' },
};

/** Arguments with a few values. */
const words: Record<string, string[]> = {
  'nsec|nsec3': ['nsec', 'nsec3'],
  shell: Object.keys(scripts),
};

/** `signpost completion SHELL`, and the hidden `signpost complete` that the scripts call. */
export function addCompletion(program: Command): void {
  program
    .command('completion <shell>')
    .description('print the completion script of bash, zsh or fish')
    .addHelpText('after', '\nExample:\n  source <(signpost completion bash)')
    .action((shell: string, _options: unknown, command: Command) => {
      const script = scripts[oneOf(shell, Object.keys(scripts), 'The shell')]!;
      contextOf(command).show({ shell, script }, () => script);
    });
  program
    .command('complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (typed: string[]) => {
      console.log((await candidates(program, typed)).join('\n'));
    });
}

/** What can stand at the last of the words. */
async function candidates(program: Command, typed: string[]): Promise<string[]> {
  const last = typed.at(-1) ?? '';
  let command = program;
  let position = 0;
  const before = typed.slice(0, -1);
  for (let word = before.shift(); word !== undefined; word = before.shift()) {
    if (word.startsWith('-')) {
      const option = optionsOf(command, program).find(({ long }) => long === word);
      if (!option?.required) continue;
      const value = before.shift();
      // The value of an option is being typed: a name or a number that we do not know.
      if (value === undefined) return [];
      // So that names come from the box that is meant.
      if (program.options.includes(option)) program.setOptionValue(option.attributeName(), value);
      continue;
    }
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else position++;
  }
  if (last.startsWith('-'))
    return optionsOf(command, program).flatMap(({ long, hidden }) =>
      long === undefined || hidden ? [] : [long],
    );
  return command.commands.length > 0 ? visible(command) : argumentValues(command, position);
}

function optionsOf(command: Command, program: Command) {
  return command === program ? program.options : [...command.options, ...program.options];
}

function visible(command: Command): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((sub) => sub.name());
}

async function argumentValues(command: Command, position: number): Promise<string[]> {
  const argument = command.registeredArguments[position]?.name() ?? '';
  if (words[argument]) return words[argument];
  // `domain show <name>`: the argument is a domain; that of `domain add` and `token create` is a new name.
  const isDomain = command.parent?.name() === 'domain' && command.name() !== 'add';
  const list = lists[argument === 'name' && isDomain ? 'domain' : argument];
  if (!list) return [];
  try {
    const items = await allItems<Record<string, string>>(contextOf(command).client, list.path);
    return items.map((item) => item[list.field] ?? '');
  } catch {
    // Completion must stay silent when the box is not there.
    return [];
  }
}
