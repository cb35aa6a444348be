import type { Command } from 'commander';
import { inCommands } from '../api-words.ts';
import { colouredState } from '../colour.ts';
import { contextOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { relative } from '../times.ts';

interface Check {
  id: string;
  title: string;
  why: string;
  mend: string;
  state: 'good' | 'attention' | 'bad' | 'unknown';
  found: string[];
  at: string;
}

interface Options {
  again?: boolean;
}

/** `signpost check` */
export function addCheck(program: Command): void {
  program
    .command('check [ids...]')
    .description(
      'say what should be so on this box, whether it is, and how to mend it; exit code 1 when something does not work',
    )
    .option('--again', 'look now, and not only at what nobody looked at for a minute')
    .addHelpText('after', '\nExample:\n  signpost check reverse-name --again')
    .action(async (ids: string[], { again }: Options, command: Command) => {
      const { client, show } = contextOf(command);
      const request =
        again || ids.length > 0
          ? ({ method: 'POST', path: '/checks', body: ids.length > 0 ? { ids } : {} } as const)
          : ({ method: 'GET', path: '/checks' } as const);
      const { items } = (await client(request)) as { items: Check[] };
      show(items, () => items.map(describe).join('\n'));
      if (items.some(({ state }) => state === 'bad')) process.exitCode = exitCodes.refused;
    });
}

/** A line for what is good; what was found, why it matters and what to do below any other. */
function describe({ id, title, why, mend, state, found, at }: Check): string {
  const head = `${colouredState(state)}  ${title} (${id}, ${relative(at)})`;
  if (state === 'good') return head;
  return [head, ...[...found, why, mend].map((line) => `    ${inCommands(line)}`)].join('\n');
}
