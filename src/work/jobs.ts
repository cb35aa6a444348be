import type { Actor } from './actor.ts';
import type { Page, PageRequest } from './page.ts';
import { RowsKey } from './rows.ts';

/** Work that goes on after its request was answered. */
export interface JobView {
  id: string;
  /** What it does, such as `domains.add`. */
  kind: string;
  /** `failed`: it could not go on, for `detail`. What went wrong with single items is in `failed`, and lets the rest be done. */
  state: 'running' | 'done' | 'failed';
  /** Items that were seen to, those that failed included. */
  done: number;
  total: number;
  /** The first 1,000. */
  failed: JobFailure[];
  /** All of them. */
  failedCount: number;
  /** RFC 3339. */
  createdAt: string;
  finishedAt: string | undefined;
  /** Name of who started it. */
  actor: string;
  /** Why the job as a whole failed, in a sentence. */
  detail?: string | undefined;
}

/** An item that could not be done. */
export interface JobFailure {
  /** As it was given. */
  name: string;
  /** A code of an error. */
  code: string;
  detail: string;
}

export interface JobService {
  /** Newest first. */
  list(page: PageRequest): Page<JobView>;
  get(id: string): JobView | undefined;
  /** All that failed, in the order in which it did; undefined: there is no such job. */
  failures(id: string, page: PageRequest): Page<JobFailure> | undefined;
}

/** A domain among many: its name is free text, and one that is none fails alone. */
export interface BulkDomain {
  name: string;
  dns: 'local' | 'external';
  mail: boolean;
  web: boolean;
  ttl: number | undefined;
}

/** Adds many domains as one job. */
export interface BulkDomains {
  /** Resolves with the job as soon as it is sure to be done. */
  add(actor: Actor, requests: readonly BulkDomain[]): Promise<JobView>;
}

/** A job as it is kept, without its failures. */
export interface JobRow extends Omit<JobView, 'failed' | 'actor'> {
  actor: Actor;
}

export interface JobReads {
  /** Newest first, from before `before` on. */
  jobs(before: number | undefined, limit: number): (JobRow & { sequence: number })[];
  job(id: string): JobRow | undefined;
  /** The oldest first. */
  running(): JobRow[];
  /** In the order in which they came, from after the row `after` on. */
  failures(id: string, limit: number, after?: number): (JobFailure & { row: number })[];
  /** What is still to be done, in order: each as JSON. */
  items(id: string, limit: number): { sequence: number; item: unknown }[];
}

export interface JobWrites extends JobReads {
  insertJob(job: JobRow, items: Iterable<unknown>): void;
  updateJob(job: JobRow): void;
  /** One more item, the last of those that are left. */
  addItem(id: string, item: unknown): void;
  /** They are done: the first that were left. */
  deleteItems(id: string, through: number): void;
  addFailures(id: string, failures: readonly JobFailure[]): void;
  /** Drops what is kept of jobs that ended before `time` (RFC 3339). @returns how many rows, at most `limit` */
  dropJobs(time: string, limit: number): number;
}

export const jobRows = new RowsKey<JobReads, JobWrites>('jobs');
