import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import type { Client } from '../client.ts';
import { allItems, contextOf, firstItems } from '../context.ts';
import { printable, table } from '../table.ts';
import { relative } from '../times.ts';
import { moment, wholeNumber } from '../values.ts';

interface AuditEntry {
  id: number;
  at: string;
  actor: { kind: string; id: string; name: string; address: string | null };
  action: string;
  target: string;
  detail: Record<string, unknown>;
}

interface AuditOptions {
  actor?: string;
  action?: string;
  target?: string;
  since?: string;
  until?: string;
  limit: string;
  follow?: boolean;
}

/** Milliseconds between two looks at the log. */
const POLL = 1000;

/** `signpost audit` */
export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('who changed what, the newest first')
    .option('--actor <who>', 'only what this one did: name or id of a token, or token, local, system')
    .option('--action <action>', 'only this action, such as domain.add')
    .option('--target <name>', 'only what changed this, such as a domain')
    .option('--since <time>', 'from then on: a day, an RFC 3339 time, or how long ago (2h, 7d)')
    .option('--until <time>', 'before then')
    .option('--limit <count>', 'so many entries at most', '50')
    .option('--follow', 'go on with what is done from now on, the oldest first, until stopped')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost audit --target example.com --since 7d\n  signpost audit --actor lego --follow',
    )
    .action(async (options: AuditOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const limit = wholeNumber(options.limit, 'The limit');
      const path = `/audit?${filterOf(options)}`;
      const found = await firstItems<AuditEntry>(client, path, limit);
      if (!options.follow) {
        show(found, () =>
          table(
            headings,
            found.map((entry) => row(entry, relative(entry.at))),
          ),
        );
        return;
      }
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      await follow(client, path, found.toReversed(), (entry) =>
        // A line that stays says when, not how long ago.
        console.log(json ? JSON.stringify(entry) : row(entry, entry.at).map(printable).join('  ')),
      );
    });
}

function filterOf({ actor, action, target, since, until }: AuditOptions): string {
  const now = systemClock.now();
  const given = {
    actor,
    action,
    target,
    since: since === undefined ? undefined : moment(since, now),
    until: until === undefined ? undefined : moment(until, now),
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return query.toString();
}

const headings = ['time', 'who', 'from', 'action', 'target', 'what'];

function row({ actor, action, target, detail }: AuditEntry, time: string): string[] {
  const what = Object.keys(detail).length === 0 ? '' : JSON.stringify(detail);
  return [time, actor.name, actor.address ?? actor.kind, action, target, what];
}

/** Never ends by itself. */
async function follow(
  client: Client,
  path: string,
  first: AuditEntry[],
  print: (entry: AuditEntry) => void,
): Promise<never> {
  let last = first.at(-1)?.id ?? (await newestId(client));
  for (let entries = first; ;) {
    for (const entry of entries) {
      print(entry);
      last = Math.max(last, entry.id);
    }
    await delay(POLL);
    entries = (await allItems<AuditEntry>(client, `${path}&after=${last}`)).toReversed();
  }
}

async function newestId(client: Client): Promise<number> {
  const [newest] = await firstItems<AuditEntry>(client, '/audit', 1);
  return newest?.id ?? 0;
}
