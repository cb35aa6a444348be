import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Machine } from '../drivers/driver.ts';
import {
  isChosen,
  pageCollector,
  type QueueAction,
  type QueueChoice,
  type QueuedMessage,
  queuedMessage,
} from './queued-message.ts';
import type { AgentAnswer, AgentRequest } from './protocol.ts';

/** Messages of one call of postsuper(1). */
const BATCH = 500;
/** Messages that are tried at once by name; one call of postqueue(1) each. */
const MOST_RETRIED = 200;

/** Milliseconds: nothing else is done meanwhile. */
const LONGEST_READ = 60_000;

/** Postfix's queue, by its own programs and with no argument but these. */
export interface Queue {
  answer(request: AgentRequest & { do: 'queue' | 'queue-act' }): Promise<AgentAnswer>;
}

/** postsuper(1): what each does to messages. */
const options: Record<Exclude<QueueAction, 'retry'>, string> = {
  hold: '-h',
  release: '-H',
  requeue: '-r',
  delete: '-d',
};

/** Reads the queue as it is, message by message. @throws Error in Postfix's words */
export type ReadQueue = (each: (message: QueuedMessage) => void) => Promise<void>;

/** `postqueue -j`, which root may call while Postfix does not run, too. */
export const readQueue: ReadQueue = (each) =>
  new Promise((resolve, reject) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn('postqueue', ['-j'], { cwd: '/', env, stdio, timeout: LONGEST_READ });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 4096)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = queuedMessage(line);
      if (message) each(message);
    });
    child.on('error', () => reject(new Error('Postfix is not installed')));
    child.on('close', (status) =>
      status === 0
        ? resolve()
        : reject(new Error(complaint.trim() || 'postqueue -j failed, or took longer than a minute')),
    );
  });

export function mailQueue(machine: Machine, read: ReadQueue): Queue {
  async function chosenIds(choice: QueueChoice): Promise<string[]> {
    const ids: string[] = [];
    await read((message) => {
      if (isChosen(message, choice)) ids.push(message.id);
    });
    return ids;
  }

  async function act(action: QueueAction, choice: QueueChoice | undefined): Promise<AgentAnswer> {
    if (!choice) return ran(await machine.run('postqueue', ['-f']), 0);
    const ids = await chosenIds(choice);
    if (action === 'retry') return retry(ids);
    for (let from = 0; from < ids.length; from += BATCH) {
      const args = ids.slice(from, from + BATCH).flatMap((id) => [options[action], id]);
      const answer = ran(await machine.run('postsuper', args), 0);
      if (!answer.ok) return answer;
    }
    return { ok: true, messages: ids.length };
  }

  /** Of many at once the whole queue is tried. */
  async function retry(ids: readonly string[]): Promise<AgentAnswer> {
    if (ids.length > MOST_RETRIED) return ran(await machine.run('postqueue', ['-f']), ids.length);
    for (const id of ids) {
      const answer = ran(await machine.run('postqueue', ['-i', id]), 0);
      if (!answer.ok) return answer;
    }
    return { ok: true, messages: ids.length };
  }

  return {
    async answer(request) {
      if (request.do === 'queue-act') return act(request.action, request.choice);
      const collector = pageCollector(request.query);
      await read((message) => collector.take(message));
      return { ok: true, queue: collector.part() };
    },
  };
}

const ran = ({ status, output }: { status: number; output: string }, messages: number): AgentAnswer =>
  status === 0 ? { ok: true, messages } : { ok: false, problem: output.trim() };
