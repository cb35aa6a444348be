import { type Driver, isWanted } from '../drivers/driver.ts';
import { applyDriver, type AgentTools, planOf, serviceOf, statusOf } from './apply.ts';
import { keyFiles } from './keys.ts';
import { tailOfFile } from './log-tail.ts';
import type { AgentAnswer, AgentRequest, DriverPlan, DriverResult, DriverStatus } from './protocol.ts';
import { mailQueue, readQueue } from './queue.ts';
import { shareDirectory } from './share.ts';
import { mailboxUsage, readUsage } from './usage.ts';

/** Does what requests say, one at a time; what mailboxes hold and what servers logged is told beside that. */
export interface Agent {
  /** Undoes what a crash left half done, and starts what was applied before. */
  start(): Promise<void>;
  /** `uid`: of who asks. */
  answer(request: AgentRequest, uid: number): Promise<AgentAnswer>;
  close(): Promise<void>;
}

export function createAgent(drivers: readonly Driver[], tools: AgentTools): Agent {
  const { state, services, log } = tools;
  const keys = keyFiles(drivers.find((driver) => driver.keys)?.keys, tools);
  const queue = mailQueue(tools.machine, readQueue);
  const usage = mailboxUsage(tools.machine, readUsage(tools.clock));
  let last: Promise<unknown> = Promise.resolve();

  /** The one command that installs what is missing. */
  function installCommand(all: readonly Pick<DriverStatus, 'name' | 'detected'>[]): string | undefined {
    const missing = drivers.filter(({ name }) =>
      all.some((one) => one.name === name && one.detected.kind === 'missing'),
    );
    const packages = missing.flatMap((driver) => driver.packages);
    return packages.length === 0
      ? undefined
      : `apt-get install --no-install-recommends ${packages.join(' ')}`;
  }

  async function each<T>(some: readonly Driver[], make: (driver: Driver) => Promise<T>): Promise<T[]> {
    const made: T[] = [];
    for (const driver of some) made.push(await make(driver));
    return made;
  }

  /** What everybody has, and what was applied because somebody wanted it. */
  const present = (): Driver[] =>
    drivers.filter(({ name, wanted }) => wanted === undefined || state.applied(name) !== undefined);

  async function run(
    request: Exclude<AgentRequest, { do: 'usage' | 'log' }>,
    uid: number,
  ): Promise<AgentAnswer> {
    if (request.do === 'status')
      return { ok: true, status: await Promise.all(present().map((driver) => statusOf(driver, tools))) };
    if (request.do === 'keys') return { ok: true, keys: keys.at() };
    if (request.do === 'put-keys') return keys.put(request);
    if (request.do === 'queue' || request.do === 'queue-act') return queue.answer(request);
    const wanted = drivers.filter((driver) => isWanted(driver, request.model));
    if (request.do === 'apply') return apply(wanted, request, uid);
    const plan: DriverPlan[] = await each(wanted, (driver) => planOf(driver, request.model, tools));
    const install = installCommand(plan);
    return { ok: true, plan, ...(install === undefined ? {} : { install }) };
  }

  async function apply(
    wanted: readonly Driver[],
    { model, replaceEdited }: AgentRequest & { do: 'apply' },
    uid: number,
  ): Promise<AgentAnswer> {
    // Half of a mail server would refuse mail: all of it, or nothing. What is wanted beside it is refused by itself.
    const needed = wanted.filter((driver) => driver.wanted === undefined);
    const status = await Promise.all(
      needed.map(async (driver) => ({ name: driver.name, detected: await driver.detect(tools.machine) })),
    );
    const install = installCommand(status);
    if (install !== undefined)
      return { ok: false, problem: `Mail servers are missing. Install them: ${install}` };
    const unsupported = status.flatMap(({ detected }) =>
      detected.kind === 'unsupported' ? [detected.reason] : [],
    );
    if (unsupported.length > 0) return { ok: false, problem: unsupported.join(' ') };
    const unreadable = await shareDirectory(model.directory, uid, tools.machine);
    if (unreadable !== undefined) return { ok: false, problem: unreadable };
    const results: DriverResult[] = await each(wanted, (driver) =>
      applyDriver(driver, model, replaceEdited, tools),
    );
    return { ok: true, results };
  }

  async function resume(driver: Driver): Promise<void> {
    const undone = state.undoSwap(driver.name);
    if (undone) log.warn({ driver: driver.name }, 'undid what a crash cut short');
    const service = serviceOf(driver, await driver.detect(tools.machine));
    const runs = await services.running(service);
    const managed = state.applied(driver.name) !== undefined;
    // One that runs may have read what was undone.
    if (undone ? !runs && !managed : runs || !managed) return;
    const problem = await services.reload(service);
    if (problem !== undefined) log.error({ driver: driver.name, problem }, 'could not start');
  }

  /** Where the log is its driver says, and nobody who asks. */
  async function tail({ server, lines }: AgentRequest & { do: 'log' }): Promise<AgentAnswer> {
    const driver = drivers.find(({ name }) => name === server);
    const detected = await driver?.detect(tools.machine);
    if (!driver || !detected || detected.kind === 'missing')
      return { ok: true, log: { lines: [], problem: `There is no log of ${server}: it is not installed.` } };
    const service = serviceOf(driver, detected);
    const path = service.logFile?.(tools.systemd);
    const written = path === undefined ? undefined : tailOfFile(path, lines);
    const isThere = written && (written.lines.length > 0 || written.problem !== undefined);
    const found = isThere ? written : await services.said(service, lines);
    if (found.lines.length > 0 || found.problem !== undefined) return { ok: true, log: found };
    const problem = `The log of ${server} is empty: it has said nothing yet, or does not run.`;
    return { ok: true, log: { lines: [], problem } };
  }

  function failed(error: unknown): AgentAnswer {
    log.error({ err: error }, 'a request failed');
    return { ok: false, problem: `The agent could not do it: ${(error as Error).message}.` };
  }

  return {
    async start() {
      for (const driver of drivers) await resume(driver);
    },
    answer(request, uid) {
      if (request.do === 'usage') return usage(request.addresses).catch(failed);
      if (request.do === 'log') return tail(request).catch(failed);
      const mine = last.then(() => run(request, uid)).catch(failed);
      last = mine;
      return mine;
    },
    async close() {
      await last;
      await services.close();
    },
  };
}
