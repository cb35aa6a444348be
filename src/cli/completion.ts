import type { Command } from 'commander';
import { allItems, contextOf, segment } from './context.ts';
import { ownerIn } from './input.ts';
import { scopeNames } from './scopes.ts';
import { commonTypes } from './types.ts';
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
  secondary: { path: '/secondaries', field: 'name' },
  'secondary-zone': { path: '/secondary-zones', field: 'name' },
  'tsig-key': { path: '/tsig-keys', field: 'name' },
  account: { path: '/accounts', field: 'name' },
  job: { path: '/jobs', field: 'id' },
};

/** Arguments with a few values. */
const words: Record<string, string[]> = {
  'nsec|nsec3': ['nsec', 'nsec3'],
  shell: Object.keys(scripts),
  algorithm: ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
  server: ['knot', 'nsd', 'bind', 'powerdns'],
  type: [...commonTypes],
  scope: [...scopeNames],
  role: ['owner', 'administrator', 'domain-administrator'],
  key: ['ecdsa-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  reason: ['keyCompromise', 'superseded', 'cessationOfOperation', 'affiliationChanged', 'unspecified'],
  dns: ['local', 'external'],
  mail: ['yes', 'no'],
  web: ['yes', 'no'],
  'yes|no': ['yes', 'no'],
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

/** What stands before the word that is being typed. */
interface Line {
  command: Command;
  operands: string[];
}

/** What can stand at the last of the words. */
async function candidates(program: Command, typed: string[]): Promise<string[]> {
  const last = typed.at(-1) ?? '';
  const line: Line = { command: program, operands: [] };
  const before = typed.slice(0, -1);
  for (let word = before.shift(); word !== undefined; word = before.shift()) {
    if (word.startsWith('-')) {
      const option = optionsOf(line.command, program).find(({ long }) => long === word);
      if (!option?.required) continue;
      const value = before.shift();
      if (value === undefined) return valuesOf(option.attributeName(), line);
      // So that names come from the box that is meant.
      if (program.options.includes(option)) program.setOptionValue(option.attributeName(), value);
      continue;
    }
    const typedWord = word;
    const next = line.command.commands.find(
      (one) => one.name() === typedWord || one.aliases().includes(typedWord),
    );
    if (next) line.command = next;
    else line.operands.push(word);
  }
  const { command, operands } = line;
  if (last.startsWith('-'))
    return optionsOf(command, program).flatMap(({ long, hidden }) =>
      long === undefined || hidden ? [] : [long],
    );
  if (command.commands.length > 0) return visible(command);
  const argument =
    command.registeredArguments[Math.min(operands.length, command.registeredArguments.length - 1)];
  if (argument === undefined || (operands.length >= command.registeredArguments.length && !argument.variadic))
    return [];
  return valuesOf(argument.name(), line);
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

/** The values that an argument or option of this name may have, as far as they are few or the box knows them. */
async function valuesOf(name: string, line: Line): Promise<string[]> {
  if (words[name]) return words[name];
  try {
    const client = (path: string) => allItems<Item>(contextOf(line.command).client, path);
    return [...new Set((await known(name, line, client)).filter((value) => value !== ''))];
  } catch {
    // Completion must stay silent when the box is not there.
    return [];
  }
}

type Item = Record<string, unknown>;

const texts = (items: Item[], field: string): string[] =>
  items.map((item) => `${(item[field] as string | number | undefined) ?? ''}`);

async function known(name: string, { command, operands }: Line, get: (path: string) => Promise<Item[]>) {
  const group = command.parent?.name();
  const [zone = '', owner = ''] = operands;
  const records = `/zones/${segment(zone)}/records`;
  switch (name) {
    case 'from':
    case 'to':
    case 'serial':
      // That of `cert export` is a folder.
      return group !== 'zone' || zone === ''
        ? []
        : texts(await get(`/zones/${segment(zone)}/versions`), 'serial');
    case 'owner':
      // A token may be for a name of any zone, so none is known.
      return zone === '' || group !== 'record' ? [] : ['@', ...texts(await get(records), 'owner')];
    case 'value':
      return group === 'record' && command.name() === 'remove'
        ? texts(await get(`${records}?owner=${segment(await ownerIn(owner, zone))}`), 'value')
        : [];
    case 'certificate':
      return (await get('/certificates')).flatMap(({ names }) => names as string[]);
    case 'name':
      // That of `domain add` and `token create` is a new name.
      return group === 'domain' && command.name() !== 'add' ? texts(await get('/domains'), 'name') : [];
    default: {
      const list = lists[name];
      return list ? texts(await get(list.path), list.field) : [];
    }
  }
}
