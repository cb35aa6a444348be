import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { contextOf } from '../context.ts';
import { linesSince } from '../log-lines.ts';
import { wholeNumber } from '../values.ts';

interface Log {
  lines: string[];
  problem: string | null;
}

/** As many as the box shows: what comes between two looks is among them, mostly. */
const MOST_LINES = 500;
/** Milliseconds between two looks. */
const PAUSE = 1000;

/** `signpost mail log` */
export function addMailLog(mail: Command): void {
  mail
    .command('log')
    .description('show what a mail server logged last, the newest last')
    .argument('<server>', 'as signpost mail status has it, such as postfix')
    .option('--lines <count>', `how many, ${MOST_LINES} at most`, '100')
    .option('--follow', 'go on with what it logs from now on, until you press Ctrl-C')
    .addHelpText(
      'after',
      '\nExample:\n  signpost mail log postfix --lines 20\n  signpost mail log postfix --follow',
    )
    .action(async (server: string, options: { lines: string; follow?: true }, command: Command) => {
      const { client, show } = contextOf(command);
      const lines = wholeNumber(options.lines, '--lines');
      const log = await readLog(client, server, options.follow ? Math.max(lines, MOST_LINES) : lines);
      const last = log.lines.slice(Math.max(0, log.lines.length - lines));
      show({ ...log, lines: last }, () => log.problem ?? last.join('\n'));
      if (options.follow) await follow(client, server, log, show);
    });
}

async function readLog(client: Client, server: string, lines: number): Promise<Log> {
  const path = `/mail/servers/${encodeURIComponent(server)}/log?lines=${lines}`;
  return (await client({ method: 'GET', path })) as Log;
}

/** Ends when the box cannot be asked any more, or the person ends it. */
async function follow(
  client: Client,
  server: string,
  shown: Log,
  show: (log: Log, text: () => string) => void,
): Promise<never> {
  for (let before = shown; ;) {
    await delay(PAUSE);
    const now = await readLog(client, server, MOST_LINES);
    const came = linesSince(before.lines, now.lines);
    const isNew = now.problem === null ? came?.length !== 0 : now.problem !== before.problem;
    if (isNew) show({ ...now, lines: came ?? now.lines }, () => textOf(now, came));
    before = now;
  }
}

function textOf({ lines, problem }: Log, came: readonly string[] | undefined): string {
  if (problem !== null) return problem;
  return came === undefined ? ['[…]', ...lines].join('\n') : came.join('\n');
}
