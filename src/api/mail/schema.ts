import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { DriverPlan, DriverResult, DriverStatus } from '../../mail/agent/protocol.ts';
import { driverNames } from '../../mail/drivers/driver.ts';
import type { MailPlan, MailStatus } from '../../mail/servers/service.ts';
import { time } from '../fields.ts';

export const serverName = z.enum(driverNames);

const server = {
  name: serverName,
  version: z
    .string()
    .nullable()
    .describe('As it is installed; null: it is not, or not with all that is needed.'),
  managed: z.boolean().describe('Whether Signpost has configured it.'),
  running: z.boolean(),
  problem: z.string().nullable().describe('What is wrong with it, in a sentence.'),
};

const mailServerOut = z.strictObject(server).openapi('MailServer');

const mailFileOut = z
  .strictObject({
    path: z.string().openapi({ example: '/etc/postfix/main.cf' }),
    change: z.enum(['create', 'change', 'remove']),
    edited: z
      .boolean()
      .describe('By hand, since Signpost wrote it. Such a file is replaced only when that is asked for.'),
    diff: z.string().nullable().describe('In unified form; null: it is a folder, or holds a secret.'),
  })
  .openapi('MailFile');

const mailServerPlanOut = z
  .strictObject({
    ...server,
    files: z.array(mailFileOut).describe('That would change; the server reloads if there are any.'),
  })
  .openapi('MailServerPlan');

const mailServerResultOut = z
  .strictObject({
    name: server.name,
    outcome: z
      .enum(['unchanged', 'applied', 'refused', 'rolled-back'])
      .describe(
        '`refused`: nothing was touched. `rolled-back`: it did not serve with the new files, and has the old ones again.',
      ),
    detail: z.string().nullable().describe('Why, or where what was there before is kept.'),
  })
  .openapi('MailServerResult');

const state = {
  agentProblem: z.string().nullable().describe('Why the agent was not asked, and what to do; null: it was.'),
  accepted: z
    .boolean()
    .describe('Whether a plan was applied once, so that changes are applied by themselves since.'),
  waiting: z
    .boolean()
    .describe(
      'Whether something changed that the servers do not have yet, and get by themselves in some seconds.',
    ),
  lastApplied: z
    .strictObject({
      at: time('When.'),
      problem: z.string().nullable(),
      servers: z.array(mailServerResultOut),
    })
    .nullable()
    .describe('Since the box was started.'),
};

export const mailStatusOut = z
  .strictObject({ ...state, servers: z.array(mailServerOut) })
  .openapi('MailStatus');

export const mailPlanOut = z
  .strictObject({
    ...state,
    install: z
      .string()
      .nullable()
      .describe('The command that installs what is missing.')
      .openapi({ example: null }),
    servers: z.array(mailServerPlanOut),
  })
  .openapi('MailPlan');

export const mailApplyIn = z
  .strictObject({
    replaceEdited: z
      .boolean()
      .default(false)
      .describe('Replace files that were edited by hand; a copy of each is kept.'),
  })
  .openapi('MailApply', { example: { replaceEdited: false } });

export const mailAppliedOut = z
  .strictObject({ servers: z.array(mailServerResultOut) })
  .openapi('MailApplied');

function serverJson({
  name,
  detected,
  managed,
  running,
  problem,
}: DriverStatus): z.infer<typeof mailServerOut> {
  const reason = detected.kind === 'unsupported' ? detected.reason : undefined;
  const version = detected.kind === 'missing' ? null : detected.version;
  return { name, version, managed, running, problem: reason ?? problem ?? null };
}

function planJson(plan: DriverPlan): z.infer<typeof mailServerPlanOut> {
  const files = plan.changes.map(({ path, kind, edited, diff }) => {
    return { path, change: kind, edited, diff: diff ?? null };
  });
  return { ...serverJson(plan), files };
}

export function resultJson({ name, outcome, detail }: DriverResult): z.infer<typeof mailServerResultOut> {
  return { name, outcome, detail: detail ?? null };
}

function stateJson({ agentProblem, accepted, waiting, last }: MailStatus) {
  const lastApplied = last
    ? { at: toRfc3339(last.at), problem: last.problem ?? null, servers: last.results.map(resultJson) }
    : null;
  return { agentProblem: agentProblem ?? null, accepted, waiting, lastApplied };
}

export function mailStatusJson(status: MailStatus): z.infer<typeof mailStatusOut> {
  return { ...stateJson(status), servers: status.servers.map(serverJson) };
}

export function mailPlanJson(plan: MailPlan): z.infer<typeof mailPlanOut> {
  return { ...stateJson(plan), install: plan.install ?? null, servers: plan.servers.map(planJson) };
}
