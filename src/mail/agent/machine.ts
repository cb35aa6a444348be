import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { Machine } from '../drivers/driver.ts';

/** Milliseconds that a checker may take. */
const LONGEST_RUN = 60_000;
/** Milliseconds for which output of a program that has ended is waited for. */
const LAST_WORDS = 500;
/** Octets of output that are kept. */
const MOST_OUTPUT = 64 * 1024;

/** The machine that this process runs on. */
export function thisMachine(clock: Clock): Machine {
  return {
    run: (command, args) =>
      new Promise((resolve) => {
        const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
        const child = spawn(command, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        const read = (chunk: Buffer): void =>
          void (output = (output + chunk.toString()).slice(0, MOST_OUTPUT));
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        const timer = clock.after(LONGEST_RUN, () => child.kill('SIGKILL'));
        const end = (status: number): void => {
          timer.cancel();
          resolve({ status, output });
        };
        child.on('error', () => end(127));
        child.on('exit', (status) => {
          // What it said may come after its end; what it left running in the background may keep the pipes open.
          const closing = clock.after(LAST_WORDS, () => {
            child.stdout.destroy();
            child.stderr.destroy();
          });
          child.on('close', () => {
            closing.cancel();
            end(status ?? 128);
          });
        });
      }),

    greeting: (at, send) =>
      new Promise((resolve) => {
        const socket = createConnection('port' in at ? { host: '127.0.0.1', ...at } : at);
        const end = (said: string | undefined): void => {
          timer.cancel();
          socket.destroy();
          resolve(said);
        };
        const timer = clock.after(1000, () => end(undefined));
        socket.on('connect', () => send !== undefined && socket.write(send, 'latin1'));
        socket.once('data', (chunk) => end(chunk.toString('latin1')));
        socket.on('error', () => end(undefined));
        socket.on('end', () => end(undefined));
      }),
  };
}
