import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { confirm } from '../confirm.ts';
import { contextOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';
import { addMailHistory } from './mail-history.ts';
import { addMailLog } from './mail-log.ts';
import { addMailQueue } from './mail-queue.ts';
import { addMailSettings } from './mail-settings.ts';
import { relative } from '../times.ts';

interface Server {
  name: string;
  version: string | null;
  managed: boolean;
  running: boolean;
  problem: string | null;
}

interface Result {
  name: string;
  outcome: string;
  detail: string | null;
}

interface State {
  agentProblem: string | null;
  accepted: boolean;
  waiting: boolean;
  lastApplied: { at: string; problem: string | null; servers: Result[] } | null;
}

interface Status extends State {
  servers: Server[];
}

interface PlannedFile {
  path: string;
  change: string;
  edited: boolean;
  diff: string | null;
}

interface Plan extends State {
  install: string | null;
  servers: (Server & { files: PlannedFile[] })[];
}

interface ApplyOptions {
  yes?: boolean;
  replaceEdited?: boolean;
}

/** `signpost mail plan|apply|status|settings|history|queue|log` */
export function addMail(program: Command): void {
  const mail = program.command('mail').description('the mail servers of this machine');
  mail
    .command('status')
    .description('show how the mail servers are')
    .addHelpText('after', '\nExample:\n  signpost mail status')
    .action(async (_options: object, command: Command) => {
      const { client, show } = contextOf(command);
      const status = (await client({ method: 'GET', path: '/mail/status' })) as Status;
      show(status, () => describeStatus(status));
    });
  mail
    .command('plan')
    .description('show what would change in the files of the mail servers, and what is missing')
    .addHelpText('after', '\nExample:\n  signpost mail plan')
    .action(async (_options: object, command: Command) => {
      const { client, show } = contextOf(command);
      const plan = await readPlan(client);
      show(plan, () => describePlan(plan));
    });
  mail
    .command('apply')
    .description('configure the mail servers; later changes are then applied by themselves')
    .option('--replace-edited', 'replace files that were edited by hand, too; copies are kept')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost mail apply')
    .action(async (options: ApplyOptions, command: Command) => {
      const { client, show } = contextOf(command);
      if (!options.yes) {
        const plan = await readPlan(client);
        console.error(describePlan(plan));
        await confirm('Change these files and reload these servers?', false);
      }
      const body = { replaceEdited: options.replaceEdited === true };
      const applied = (await client({ method: 'POST', path: '/mail/apply', body })) as { servers: Result[] };
      show(applied, () => resultTable(applied.servers));
      if (applied.servers.some(({ outcome }) => outcome === 'refused' || outcome === 'rolled-back'))
        process.exitCode = exitCodes.failed;
    });
  addMailSettings(mail);
  addMailHistory(mail);
  addMailQueue(mail);
  addMailLog(mail);
}

const readPlan = async (client: Client): Promise<Plan> =>
  (await client({ method: 'GET', path: '/mail/plan' })) as Plan;

const resultTable = (results: readonly Result[]): string =>
  table(
    ['server', 'outcome', 'detail'],
    results.map(({ name, outcome, detail }) => [name, outcome, detail ?? '–']),
  );

function describeStatus(status: Status): string {
  const { servers, agentProblem, accepted, waiting, lastApplied } = status;
  const rows = servers.map(({ name, version, managed, running, problem }) => {
    const state = running ? 'runs' : managed ? 'does not run' : 'not configured';
    return [name, version ?? 'not installed', state, problem ?? '–'];
  });
  const parts = [table(['server', 'version', 'state', 'problem'], rows)];
  if (agentProblem !== null) parts.push(agentProblem);
  else if (!accepted) parts.push('Nothing is configured yet; look at what would be with: signpost mail plan');
  if (waiting) parts.push('Something changed that they do not have yet; it is applied in some seconds.');
  if (lastApplied)
    parts.push(`Last applied ${relative(lastApplied.at)}: ${lastApplied.problem ?? ''}`.trimEnd());
  if (lastApplied && lastApplied.servers.length > 0) parts.push(resultTable(lastApplied.servers));
  return parts.join('\n\n');
}

function describePlan({ servers, install, agentProblem }: Plan): string {
  const parts = servers.flatMap(({ name, files, problem }) => {
    if (files.length === 0) return problem === null ? [] : [`${name}: ${problem}`];
    const lines = files.map(
      ({ path, change, edited }) => `  ${change} ${path}${edited ? ' (edited by hand)' : ''}`,
    );
    const diffs = files.flatMap(({ diff }) => (diff === null || diff === '' ? [] : [diff.trimEnd()]));
    return [[`${name} would reload:`, ...lines].join('\n'), ...diffs];
  });
  if (agentProblem !== null) parts.push(agentProblem);
  if (install !== null) parts.push(`Mail servers are missing. Install them as root:\n  ${install}`);
  if (parts.length === 0) return 'Nothing would change.';
  return parts.join('\n\n');
}
