import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { type Context, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { failureLines, followJob, type Job, noteExitCode } from '../job-progress.ts';
import { nameIn } from '../input.ts';
import { shownWithALabels } from '../names.ts';

interface Rebuilt {
  zone: string;
  serial: number;
  mended: string[];
  lost: string[];
}

/** `signpost zone rebuild` */
export function addRebuild(zone: Command): void {
  zone
    .command('rebuild [zone]')
    .description('make a zone anew from your domains, records and its keys: when what is stored is damaged')
    .option('--all', 'every zone, as a job that goes on by itself when this command ends')
    .addHelpText('after', '\nExamples:\n  signpost zone rebuild example.com\n  signpost zone rebuild --all')
    .action(async (name: string | undefined, options: { all?: boolean }, command: Command) => {
      const context = contextOf(command);
      if ((name === undefined) !== (options.all ?? false))
        throw new CliError(
          name === undefined
            ? 'Name a zone, or give --all.'
            : `Give either the zone ${name} or --all, not both.`,
          exitCodes.usage,
        );
      if (name === undefined) await rebuildAll(context);
      else {
        const path = `/zones/${segment(nameIn(name, 'zone'))}/rebuild`;
        const answer = (await context.client({ method: 'POST', path })) as Rebuilt;
        context.show(answer, () => rebuiltText(answer));
      }
    });
}

function rebuiltText({ zone, serial, mended, lost }: Rebuilt): string {
  const lines = [`${shownWithALabels(zone)} was made anew; published as ${serial}.`];
  if (mended.length > 0) lines.push('Mended:', ...mended.map((what) => `  ${what}`));
  if (lost.length > 0) lines.push('Lost:', ...lost.map((what) => `  ${what}`));
  return lines.join('\n');
}

async function rebuildAll({ client, show }: Context): Promise<void> {
  const { job: id } = (await client({ method: 'POST', path: '/zones/rebuild' })) as { job: string };
  const job = await followJob(client, id);
  show(job, () => jobText(job));
  noteExitCode(job);
}

function jobText(job: Job): string {
  const { done, failedCount } = job;
  return [`${done - failedCount} zones were made anew, ${failedCount} not.`, ...failureLines(job)].join('\n');
}
