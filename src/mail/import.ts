import { AppError, isPassing } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Sealer } from '../core/seal.ts';
import type { Actor } from '../work/actor.ts';
import type { JobKind, Jobs } from '../work/job-runner.ts';
import { type JobFailure, type JobReads, type JobRow, jobRows, type JobView } from '../work/jobs.ts';
import type { Change } from '../work/unit-of-work.ts';
import { addAlias, type NewAlias } from './aliases/service.ts';
import { addMailbox, type MailboxTools, type NewMailbox, passwordOf } from './mailboxes/service.ts';

/** One of many: what is wrong with it is said with the line of the file that it came from, where it came from one. */
export type Imported<T> = T & { line?: number | undefined };

/** Adds many mailboxes or aliases as one job. */
export interface MailImports {
  /** Resolves with the job as soon as it is sure to be done. */
  mailboxes(actor: Actor, mailboxes: readonly Imported<NewMailbox>[]): Promise<JobView>;
  aliases(actor: Actor, aliases: readonly Imported<NewAlias>[]): Promise<JobView>;
}

export interface MailImportOptions extends MailboxTools {
  sealer: Sealer;
  log: Log;
}

export const MAILBOX_KIND = 'mailboxes.add';
export const ALIAS_KIND = 'aliases.add';

/** Of one change: they share its way to the disk and to the directory, and other changes have their turn after them. */
const BATCH = 20;
/** How often an alias is put off because what it leads to may come later. */
const MOST_TRIES = 10;
/** What the passwords of a job that waits are sealed in. */
const CONTEXT = 'mailboxes.add';

/** As it waits in the job: a password is sealed until its hash takes its place. */
interface WaitingMailbox extends Omit<Imported<NewMailbox>, 'password'> {
  sealedPassword?: string;
}

interface WaitingAlias extends Imported<NewAlias> {
  tries?: number;
}

type Item<T> = Omit<ReturnType<JobReads['items']>[number], 'item'> & { item: T };
type Note = Parameters<JobKind['step']>[1];

export function createMailImports(
  { work, sealer }: Pick<MailImportOptions, 'work' | 'sealer'>,
  jobs: Pick<Jobs, 'begin'>,
): MailImports {
  const begin = (actor: Actor, kind: string, what: string, items: readonly unknown[]): Promise<JobView> =>
    work.change({ actor, cause: `${items.length} ${what} wanted` }, (change) => {
      change.audit(kind, `${items.length} ${what}`, { count: items.length });
      return jobs.begin(change, kind, items.length, items);
    });
  return {
    mailboxes: (actor, mailboxes) =>
      begin(
        actor,
        MAILBOX_KIND,
        'mailboxes',
        mailboxes.map(({ password, ...rest }): WaitingMailbox => {
          if (typeof password !== 'string') return rest;
          const sealed = sealer.seal(Buffer.from(password), CONTEXT);
          return { ...rest, sealedPassword: Buffer.from(sealed).toString('base64') };
        }),
      ),
    aliases: (actor, aliases) => begin(actor, ALIAS_KIND, 'aliases', aliases),
  };
}

/** Mailboxes in batches; when one of them is refused, each in a change of its own, so that it alone fails. */
export function mailboxImportJob(options: MailImportOptions): JobKind {
  return {
    kind: MAILBOX_KIND,
    async step(job, note) {
      const items = itemsOf<WaitingMailbox>(options, job);
      const ready: { item: Item<WaitingMailbox>; request: NewMailbox; password: string | undefined }[] = [];
      const failed: JobFailure[] = [];
      for (const item of items) {
        const { line: _line, ...request } = opened(options, item.item);
        try {
          const password = await passwordOf(options.hashing, request.address, request);
          ready.push({ item, request, password });
        } catch (error) {
          failed.push(failureOf(options, item.item, error));
        }
      }
      const add = (change: Change, { request, password }: (typeof ready)[number]): void =>
        addMailbox(change, options, request, password);
      await settleEach(options, job, note, { items, ready, failed }, add);
    },
  };
}

/** Aliases one after the other: each may lead to the one before it. What leads to one that is not there yet waits for the others. */
export function aliasImportJob(options: MailImportOptions): JobKind {
  return {
    kind: ALIAS_KIND,
    async step(job, note) {
      const items = itemsOf<WaitingAlias>(options, job);
      const ready = items.map((item) => ({ item }));
      const add = (change: Change, { item }: { item: Item<WaitingAlias> }): void => {
        const { line: _line, tries: _tries, ...request } = item.item;
        addAlias(change, options, request);
      };
      await settleEach(options, job, note, { items, ready, failed: [] }, add, ({ item }, error) => {
        const tries = (item.item.tries ?? 0) + 1;
        const comesLater = error instanceof AppError && error.code === 'no-such-target' && tries < MOST_TRIES;
        return comesLater ? { ...item.item, tries } : undefined;
      });
    },
  };
}

function itemsOf<T>({ work }: MailImportOptions, job: JobRow): Item<T>[] {
  return work.committed.rows(jobRows).items(job.id, BATCH) as Item<T>[];
}

function opened({ sealer }: MailImportOptions, item: WaitingMailbox): Imported<NewMailbox> {
  const { sealedPassword, ...rest } = item;
  if (sealedPassword === undefined) return rest;
  const password = Buffer.from(sealer.open(Buffer.from(sealedPassword, 'base64'), CONTEXT)).toString();
  return { ...rest, password };
}

interface Batch<T extends Named, R extends { item: Item<T> }> {
  items: readonly Item<T>[];
  /** Those that can be tried. */
  ready: readonly R[];
  /** Those of which it is clear already that they fail. */
  failed: readonly JobFailure[];
}

interface Named {
  address: string;
  line?: number | undefined;
}

/**
 * Adds what is ready in one change in which the job has all of the batch behind it, or each in its own when one is refused.
 * @param later what of an item is tried again after the others; undefined: it fails
 */
async function settleEach<T extends Named, R extends { item: Item<T> }>(
  options: MailImportOptions,
  job: JobRow,
  note: Note,
  { items, ready, failed }: Batch<T, R>,
  add: (change: Change, one: R) => void,
  later: (one: R, error: unknown) => T | undefined = () => undefined,
): Promise<void> {
  try {
    await settle(options, job, note, items, (change) => {
      for (const one of ready) add(change, one);
      return { failed };
    });
    return;
  } catch (error) {
    if (isPassing(error)) throw error;
  }
  const byItem = new Map<Item<T>, R>(ready.map((one) => [one.item, one]));
  let refused = 0;
  for (const item of items) {
    const one = byItem.get(item);
    if (!one) {
      const failure = failed[refused++]!;
      await settle(options, job, note, [item], () => ({ failed: [failure] }));
      continue;
    }
    try {
      await settle(options, job, note, [item], (change) => {
        add(change, one);
        return { failed: [] };
      });
    } catch (error) {
      if (isPassing(error)) throw error;
      const again = later(one, error);
      await settle(options, job, note, [item], () =>
        again ? { failed: [], again } : { failed: [failureOf(options, item.item, error)] },
      );
    }
  }
}

/** One change in which the job has these items behind it. */
async function settle(
  { work }: MailImportOptions,
  job: JobRow,
  note: Note,
  items: readonly Item<Named>[],
  act: (change: Change) => { failed: readonly JobFailure[]; again?: unknown },
): Promise<void> {
  const what = job.kind === MAILBOX_KIND ? 'mailboxes' : 'aliases';
  const cause = items.length === 1 ? `${items[0]!.item.address} added` : `${items.length} ${what} added`;
  await work.change({ actor: job.actor, cause }, (change) => {
    const { failed, again } = act(change);
    const rows = change.rows(jobRows);
    if (again !== undefined) rows.addItem(job.id, again);
    const last = items.at(-1);
    if (last) rows.deleteItems(job.id, last.sequence);
    const done = items.length - (again === undefined ? 0 : 1);
    note(change, { done, failed, finished: rows.items(job.id, 1).length === 0 });
  });
}

function failureOf({ log }: MailImportOptions, { address, line }: Named, error: unknown): JobFailure {
  const name = line === undefined ? address : `line ${line}, ${address}`;
  if (error instanceof AppError) return { name, code: error.code, detail: error.message };
  log.error({ err: error, address }, 'an address could not be added');
  return { name, code: 'internal', detail: 'Something went wrong inside the box; its log has the cause.' };
}
