import type { Command } from 'commander';
import { contextOf, firstItems } from '../context.ts';
import { failureLines, followJob, type Job, noteExitCode, readJob } from '../job-progress.ts';
import { fields, table } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { wholeNumber } from '../values.ts';

/** `signpost jobs`, `signpost job show` */
export function addJobs(program: Command): void {
  program
    .command('jobs')
    .description('list the jobs that run or ran, the newest first')
    .option('--limit <count>', 'so many at most', '50')
    .addHelpText('after', '\nExample:\n  signpost jobs --limit 10')
    .action(async (options: { limit: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const jobs = await firstItems<Job>(client, '/jobs', wholeNumber(options.limit, 'The limit'));
      show(jobs, () =>
        table(
          ['id', 'kind', 'state', 'done', 'failed', 'began', 'by'],
          jobs.map((job) => [
            job.id,
            job.kind,
            job.state,
            `${job.done} of ${job.total}`,
            job.failedCount,
            relative(job.createdAt),
            job.actor,
          ]),
        ),
      );
    });
  const job = program.command('job').description('work of the box that goes on by itself');
  job
    .command('show <job>')
    .description('show how far a job is, and what of it failed')
    .option('--follow', 'wait until it has ended; exit code 1 when some of it failed')
    .addHelpText('after', '\nExample:\n  signpost job show job_0123456789abcdef01 --follow')
    .action(async (id: string, options: { follow?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const found = options.follow ? await followJob(client, id) : await readJob(client, id);
      show(found, () => describe(found));
      if (options.follow) noteExitCode(found);
    });
}

function describe(job: Job): string {
  const { id, kind, state, done, total, failedCount, createdAt, finishedAt, actor } = job;
  const settings = fields([
    ['job', id],
    ['kind', kind],
    ['state', state],
    ['done', `${done} of ${total}`],
    ['failed', failedCount],
    ['began', withRelative(createdAt)],
    ['ended', finishedAt ?? '–'],
    ['by', actor],
  ]);
  const failures = failureLines(job);
  return failures.length === 0 ? settings : [settings, '', ...failures].join('\n');
}
