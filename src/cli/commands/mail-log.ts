import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { wholeNumber } from '../values.ts';

interface Log {
  lines: string[];
  problem: string | null;
}

/** `signpost mail log` */
export function addMailLog(mail: Command): void {
  mail
    .command('log')
    .description('show what a mail server logged last, the newest last')
    .argument('<server>', 'as signpost mail status has it, such as postfix')
    .option('--lines <count>', 'how many, 500 at most', '100')
    .addHelpText('after', '\nExample:\n  signpost mail log postfix --lines 20')
    .action(async (server: string, { lines }: { lines: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/mail/servers/${encodeURIComponent(server)}/log?lines=${wholeNumber(lines, '--lines')}`;
      const log = (await client({ method: 'GET', path })) as Log;
      show(log, () => log.problem ?? log.lines.join('\n'));
    });
}
