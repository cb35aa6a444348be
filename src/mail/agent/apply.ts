import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, sleep } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Detected, Driver, Machine, RefusedAddition, RenderedFile, Service } from '../drivers/driver.ts';
import type { MailModel } from '../drivers/model.ts';
import { compare, stageFiles, withDiffs } from './compare.ts';
import { makeFolder, ownersOf, sha256, writeWhole } from './files.ts';
import type { DriverPlan, DriverResult, DriverStatus, FileChange } from './protocol.ts';
import type { Services } from './services.ts';
import type { AgentState } from './state.ts';

/** Milliseconds that a daemon may take until it serves. */
const PATIENCE = 30_000;

export interface AgentTools {
  machine: Machine;
  services: Services;
  state: AgentState;
  systemd: boolean;
  clock: Clock;
  log: Log;
}

/** How this machine's version of it is started. */
export function serviceOf({ service }: Driver, detected: Detected): Service {
  if (detected.kind === 'missing' || !service.ofVersion) return service;
  return { ...service, ...service.ofVersion(detected.version) };
}

export async function statusOf(driver: Driver, tools: AgentTools): Promise<DriverStatus> {
  const { machine, services, state } = tools;
  const detected = await driver.detect(machine);
  const managed = state.applied(driver.name) !== undefined;
  const running = managed && (await services.running(serviceOf(driver, detected)));
  const problem = managed && detected.kind === 'installed' ? await driver.health(machine) : undefined;
  return { name: driver.name, detected, managed, running, ...(problem === undefined ? {} : { problem }) };
}

/** What applying would do; it changes nothing. */
export async function planOf(driver: Driver, model: MailModel, tools: AgentTools): Promise<DriverPlan> {
  const status = await statusOf(driver, tools);
  if (status.detected.kind !== 'installed') return { ...status, changes: [] };
  const wanted = render(driver, model, status.detected.version, tools);
  const stage = tools.state.stage(driver.name);
  try {
    stageFiles(stage, wanted);
    return {
      ...status,
      changes: await withDiffs(compare(driver, wanted, tools.state), stage, tools.machine),
    };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function render(driver: Driver, model: MailModel, version: string, { systemd }: AgentTools): RenderedFile[] {
  const there = [...driver.additions, ...inFolders(driver)].filter((path) => existsSync(path));
  const additions = new Map(there.map((path) => [path, readFileSync(path, 'utf8')]));
  return driver.render(model, { version, systemd, additions });
}

/** Names that need no quoting anywhere. */
function inFolders({ additionFolders }: Driver): string[] {
  if (!additionFolders) return [];
  const { folders, suffix } = additionFolders;
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(suffix) && /^[\w][\w.-]*$/.test(name))
        .sort()
        .map((name) => join(folder, name)),
    );
}

/**
 * Stages, checks, swaps, reloads and probes one driver. Whatever fails after the check puts back what was there, and has the daemon read
 * that again; what fails before has changed nothing.
 */
export async function applyDriver(
  driver: Driver,
  model: MailModel,
  replaceEdited: boolean,
  tools: AgentTools,
): Promise<DriverResult> {
  const { name } = driver;
  const { machine, services, state } = tools;
  const detected = await driver.detect(machine);
  if (detected.kind === 'unsupported') return { name, outcome: 'refused', detail: detected.reason };
  if (detected.kind === 'missing') return { name, outcome: 'refused', detail: notInstalled(driver) };
  const rendered = render(driver, model, detected.version, tools);
  const all = compare(driver, rendered, state);
  const edited = all.filter((change) => change.edited).map(({ path }) => path);
  if (edited.length > 0 && !replaceEdited)
    return {
      name,
      outcome: 'refused',
      detail: `${edited.join(', ')}: edited by hand since Signpost wrote it`,
    };
  const service = serviceOf(driver, detected);
  const opens = driver.readsDirectory && fileAt(model.directory);
  const isOpen = opens === undefined || state.opened(name) === opens;
  const serves = async (): Promise<boolean> =>
    isOpen && (await services.running(service)) && !(await driver.health(machine));
  if (all.length === 0 && (await serves())) return { name, outcome: 'unchanged' };
  const stage = state.stage(name);
  let refused: RefusedAddition[];
  try {
    stageFiles(stage, rendered);
    refused = (await driver.refused?.(stage, machine)) ?? [];
    const wrong = await driver.check(stage, machine);
    if (wrong !== undefined) return { name, outcome: 'refused', detail: wrong.replaceAll(stage, '') };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  const isTaken = ({ path }: { path: string }): boolean => refused.every((one) => one.path !== path);
  const changes = all.filter(isTaken);
  const named = refused.map(({ source, why }) => `${source} is not used as it is: ${why}`);
  if (changes.length === 0 && (await serves())) return withRefused({ name, outcome: 'unchanged' }, named);
  const result = await swap({ driver, service }, rendered.filter(isTaken), changes, tools);
  if (result.outcome === 'applied' && opens !== undefined) state.setOpened(name, opens);
  return withRefused(result, named);
}

function withRefused(result: DriverResult, refused: string[]): DriverResult {
  if (refused.length === 0) return result;
  const { detail } = result;
  return { ...result, refused, detail: [...(detail === undefined ? [] : [detail]), ...refused].join('\n') };
}

/** Tells a file from another one that took its place. */
function fileAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

interface Started {
  driver: Driver;
  service: Service;
}

const notInstalled = ({ name, packages }: Driver): string =>
  `${name} is not installed: apt-get install --no-install-recommends ${packages.join(' ')}`;

async function swap(
  started: Started,
  wanted: readonly RenderedFile[],
  changes: readonly FileChange[],
  tools: AgentTools,
): Promise<DriverResult> {
  const { driver, service } = started;
  const { name } = driver;
  const { services, state, clock, log } = tools;
  const ranBefore = await services.running(service);
  const first = state.applied(name) === undefined;
  const kept = keepForeign(driver, changes, tools);
  const paths = changes.map(({ path }) => path);
  const files = wanted.filter(({ content, path }) => content !== undefined && paths.includes(path));
  const removed = changes.filter(({ kind }) => kind === 'remove').map(({ path }) => path);
  state.beginSwap(name, [...files.map(({ path }) => path), ...removed]);
  const wrong = await putInPlace();
  if (wrong === undefined) {
    const now = wanted.flatMap(({ path, content }) =>
      content === undefined ? [] : [{ path, sha256: sha256(content) }],
    );
    // What was refused anew has its earlier form.
    const gone = new Set([...removed, ...now.map(({ path }) => path)]);
    state.setApplied(name, [...now, ...(state.applied(name) ?? []).filter(({ path }) => !gone.has(path))]);
    state.endSwap(name);
    log.info({ driver: name, files: paths }, 'applied');
    return {
      name,
      outcome: 'applied',
      ...(kept.length > 0 ? { detail: `what was there before is in ${kept.join(', ')}` } : {}),
    };
  }
  log.error({ driver: name, problem: wrong }, 'rolling back');
  state.undoSwap(name);
  if (ranBefore) await services.reload(service, first);
  else await services.stop(service);
  const still = ranBefore ? await untilHealthy(started, tools) : undefined;
  const detail = still === undefined ? wrong : `${wrong}\nAfter the files were put back: ${still}`;
  return { name, outcome: 'rolled-back', detail };

  /** @returns what went wrong */
  async function putInPlace(): Promise<string | undefined> {
    try {
      for (const file of wanted) {
        if (file.content === undefined) makeFolder(file);
        else if (files.includes(file))
          writeWhole(file.path, {
            content: Buffer.from(file.content),
            mode: file.mode,
            settled: file.settled,
            ...ownersOf(file),
          });
      }
      for (const path of removed) rmSync(path, { force: true });
      const before = ranBefore ? await driver.serving?.(tools.machine) : undefined;
      const problem = (await driver.prepare?.(tools.machine)) ?? (await services.reload(service, first));
      if (problem !== undefined) return problem;
      // A daemon that reads its files and ends at once has answered just before.
      await sleep(clock, 200);
      return await untilHealthy(started, tools, before);
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** Copies of files that Signpost did not write, or that a person edited: they are never lost. */
function keepForeign(driver: Driver, changes: readonly FileChange[], { state, clock }: AgentTools): string[] {
  const known = new Set((state.applied(driver.name) ?? []).map(({ path }) => path));
  const at = toRfc3339(clock.now());
  return changes
    .filter(({ kind, edited, path }) => kind !== 'create' && (edited || !known.has(path)))
    .filter(({ path }) => existsSync(path))
    .map(({ path }) => state.keep(path, at));
}

/** @param before - the processes that served, which are to be followed by others (`Driver.serving`); where none was seen, none is waited for */
async function untilHealthy(
  { driver, service }: Started,
  tools: AgentTools,
  before?: readonly string[],
): Promise<string | undefined> {
  const { machine, services, clock } = tools;
  const end = clock.monotonic() + (service.patience ?? PATIENCE);
  const hasTaken = async (): Promise<boolean> =>
    !before?.length || ((await driver.serving?.(machine)) ?? []).some((one) => !before.includes(one));
  for (;;) {
    const problem =
      (await driver.health(machine)) ??
      ((await hasTaken()) ? undefined : `${driver.name} has not taken the new files over.`);
    if (problem === undefined || clock.monotonic() > end) return problem;
    if (!(await services.running(service))) return `${problem} It ended; its log says why.`;
    await sleep(clock, 100);
  }
}
