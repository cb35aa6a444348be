import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Mutex } from '../../core/mutex.ts';
import type { EventHub, SignpostEvent } from '../../work/events.ts';
import type { LogTail } from '../agent/log-tail.ts';
import type { DriverPlan, DriverResult, DriverStatus } from '../agent/protocol.ts';
import { type Driver, type DriverName, isWanted, type Machine, type Wants } from '../drivers/driver.ts';
import type { MailModel } from '../drivers/model.ts';
import type { AskAgent } from './agent-client.ts';
import { createCalm } from './calm.ts';

/** What may change the model. Domains, mailboxes and aliases are not among them: the servers read them from the directory. */
const changing: ReadonlySet<SignpostEvent['type']> = new Set([
  'box.changed',
  'certificate.installed',
  // The servers have the old file open.
  'mail.directory-rebuilt',
  'mail.settings-changed',
  'web.changed',
]);
/** What may change which keys sign. */
const changingKeys: ReadonlySet<SignpostEvent['type']> = new Set([
  'domain.added',
  'domain.changed',
  'domain.removed',
]);

export interface MailStatus {
  servers: DriverStatus[];
  /** Why the agent was not asked; a public sentence. */
  agentProblem: string | undefined;
  /** Whether a person accepted a plan, so that changes are applied by themselves. */
  accepted: boolean;
  /** Whether something changed that the servers do not have yet, and get by themselves. */
  waiting: boolean;
  /** When it was applied last, and what came of it. */
  last: { at: number; results: DriverResult[]; problem: string | undefined } | undefined;
}

export interface MailPlan extends MailStatus {
  servers: DriverPlan[];
  /** The command that installs what is missing. */
  install: string | undefined;
}

/** The mail servers of this machine, as the API shows them. */
export interface MailServers {
  status(): Promise<MailStatus>;
  plan(): Promise<MailPlan>;
  /** @throws AppError */
  apply(replaceEdited: boolean): Promise<DriverResult[]>;
  /** What one of them logged last, the newest last. @throws AppError mail-agent-unavailable; mail-refused */
  log(server: DriverName, lines: number): Promise<LogTail>;
}

export interface MailServersPart extends MailServers {
  /** Follows what happens, and applies what changes by it. */
  start(): void;
  /** What serves changed: a certificate, a key. */
  changed(): void;
  /** Other DKIM keys sign than before. */
  keysChanged(): void;
  /** What could not be configured when it was tried last, and serves as before; public sentences. */
  problems(): string[];
  stop(): Promise<void>;
}

export interface MailServersOptions {
  model(): MailModel | undefined;
  /** Brings the DKIM keys to what is committed. */
  syncKeys(): Promise<void>;
  ask: AskAgent;
  drivers: readonly Driver[];
  /** What this box is to have beside what all have. */
  wants: Wants;
  machine: Machine;
  events: EventHub;
  clock: Clock;
  log: Log;
}

export function createMailServers(options: MailServersOptions): MailServersPart {
  const { ask, drivers, machine, events, clock, log } = options;
  const mutex = new Mutex();
  const needed = new Set(drivers.filter(({ wanted }) => wanted === undefined).map(({ name }) => name));
  let last: MailStatus['last'];
  // What changed is counted, and up to where it was applied: what changes meanwhile is not taken for it.
  let changes = 0;
  let appliedTo = 0;
  let unsubscribe = (): void => undefined;

  function model(): MailModel {
    const now = options.model();
    if (now) return now;
    throw new AppError(
      'not-configured',
      'Give the box its hostname and public addresses first: signpost box set',
    );
  }

  /** Without the agent the box looks itself for what anybody may see. */
  async function found(besides: readonly DriverStatus[] = []): Promise<DriverPlan[]> {
    const all: DriverPlan[] = [];
    const known = new Set(besides.map(({ name }) => name));
    for (const driver of drivers) {
      if (known.has(driver.name) || !isWanted(driver, options.wants)) continue;
      const detected = await driver.detect(machine);
      all.push({ name: driver.name, detected, managed: false, running: false, changes: [] });
    }
    return all;
  }

  /** What this box alone wants is accepted by itself. */
  const accepted = (servers: readonly DriverStatus[]): boolean =>
    servers.every(({ name, managed }) => managed || !needed.has(name));

  async function plan(): Promise<MailPlan> {
    const now = model();
    try {
      const answer = await ask({ do: 'plan', model: now });
      const servers = 'plan' in answer ? answer.plan : [];
      return {
        servers,
        install: installCommand(servers),
        agentProblem: undefined,
        ...standing(servers),
      };
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const servers = await found();
      return {
        servers,
        install: installCommand(servers),
        agentProblem: error.message,
        ...standing(undefined),
      };
    }
  }

  /** `servers`: undefined where the agent does not say. */
  function standing(servers: readonly DriverStatus[] | undefined) {
    const isAccepted = servers !== undefined && accepted(servers);
    return { accepted: isAccepted, waiting: isAccepted && appliedTo < changes, last };
  }

  function installCommand(servers: readonly DriverStatus[]): string | undefined {
    const missing = new Set(
      servers.filter(({ detected }) => detected.kind === 'missing').map(({ name }) => name),
    );
    const packages = drivers.filter(({ name }) => missing.has(name)).flatMap((driver) => driver.packages);
    return packages.length === 0
      ? undefined
      : `apt-get install --no-install-recommends ${packages.join(' ')}`;
  }

  async function apply(replaceEdited: boolean, modelNow: () => MailModel = model): Promise<DriverResult[]> {
    return mutex.run(async () => {
      const at = clock.now();
      try {
        // Before what signs with them; where something is missing, the agent says so to the other request.
        if (await isComplete()) await options.syncKeys();
        const upTo = changes;
        const answer = await ask({ do: 'apply', model: modelNow(), replaceEdited });
        const results = 'results' in answer ? answer.results : [];
        appliedTo = upTo;
        last = { at, results, problem: undefined };
        tell(results);
        return results;
      } catch (error) {
        const problem = error instanceof AppError ? error.message : 'Something went wrong inside the box.';
        last = { at, results: [], problem };
        throw error;
      }
    });
  }

  async function isComplete(): Promise<boolean> {
    const answer = await ask({ do: 'status' });
    if (!('status' in answer)) return false;
    return answer.status.every(({ name, detected }) => detected.kind === 'installed' || !needed.has(name));
  }

  function tell(results: readonly DriverResult[]): void {
    for (const { name, outcome, detail } of results) {
      if (outcome === 'applied') events.publish('mail.applied', { server: name });
      if (outcome === 'refused' || outcome === 'rolled-back')
        events.publish('mail.failed', { server: name, outcome, detail: detail ?? '' });
    }
  }

  /** Nobody waits for these. Before a person accepted the first plan, nothing is done. @returns whether to try again */
  async function alone(what: (status: readonly DriverStatus[]) => Promise<void>): Promise<boolean> {
    try {
      const answer = await ask({ do: 'status' });
      if ('status' in answer && accepted(answer.status)) await what(answer.status);
      return false;
    } catch (error) {
      // A box that is a nameserver alone has no agent, and nothing to say about that.
      if (isUnavailable(error) && last === undefined) return false;
      log.error({ err: error }, 'could not configure the mail servers; trying again');
      return true;
    }
  }

  /** Of what was never accepted nothing is done by itself. */
  function acceptedModel(status: readonly DriverStatus[]): MailModel {
    const { web, ...rest } = model();
    const managed = new Set(status.filter((one) => one.managed).map(({ name }) => name));
    return drivers.every(({ name }) => needed.has(name) || managed.has(name)) ? { web, ...rest } : rest;
  }

  const applying = createCalm(clock, () =>
    alone(async (status) => {
      const results = await apply(false, () => acceptedModel(status));
      for (const { name, outcome, detail } of results)
        if (outcome !== 'unchanged') log.info({ server: name, outcome, detail }, 'mail server configured');
    }),
  );
  function changed(): void {
    changes++;
    applying.changed();
  }
  const keys = createCalm(clock, () => alone(() => mutex.run(() => options.syncKeys())));

  return {
    plan,
    apply: (replaceEdited) => apply(replaceEdited),
    async log(server, lines) {
      const answer = await ask({ do: 'log', server, lines });
      return 'log' in answer ? answer.log : { lines: [] };
    },
    async status() {
      try {
        const answer = await ask({ do: 'status' });
        const managed = 'status' in answer ? answer.status : [];
        const servers = [...managed, ...(await found(managed))];
        return { servers, agentProblem: undefined, ...standing(managed) };
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        return { servers: await found(), agentProblem: error.message, ...standing(undefined) };
      }
    },
    problems: () => (last === undefined ? [] : problemsOf(last)),
    changed,
    keysChanged: () => keys.changed(),
    start() {
      unsubscribe = events.subscribe(undefined, ({ type }) => {
        if (changing.has(type)) changed();
        if (changingKeys.has(type)) keys.changed();
      });
      // What changed while it was not running; keys come before what is applied.
      changed();
    },
    async stop() {
      unsubscribe();
      await Promise.all([applying.stop(), keys.stop()]);
    },
  };
}

/** The checker's words are many lines; the first of them says what. */
function problemsOf({ results, problem }: NonNullable<MailStatus['last']>): string[] {
  const failed = results.filter(({ outcome }) => outcome === 'refused' || outcome === 'rolled-back');
  return [
    ...(problem === undefined ? [] : [`The mail servers could not be configured: ${problem}`]),
    ...results.flatMap(({ refused = [] }) => refused.map(additionSentence)),
    ...failed.map(({ name, outcome, detail }) => {
      const what = outcome === 'refused' ? 'was not configured anew' : 'was put back as it was';
      const why = detail?.split('\n')[0]?.replace(/\.$/, '') ?? 'no reason was given';
      return `The mail server ${name} ${what} and goes on as before (${why}): signpost mail plan shows what was to change, signpost mail apply tries again.`;
    }),
  ];
}

const additionSentence = (refused: string): string =>
  `An addition of your own was left as it was, and the mail servers go on without it: ${refused.replace(/\.$/, '')}; mend it, then: signpost mail apply`;

function isUnavailable(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'mail-agent-unavailable';
}
