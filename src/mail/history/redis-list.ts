import { createConnection } from 'node:net';
import type { Clock } from '../../core/clock.ts';

/** How a Redis is reached, and as whom. */
export interface RedisAccess {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Milliseconds that an answer may take. */
const PATIENCE = 3000;
/** Octets of an answer. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** Reads a part of a list. @throws Error when there is no answer, or another one */
export type ReadList = (key: string, from: number, to: number) => Promise<string[]>;

/** A client of the little of RESP2 that reading a list needs; a connection for each reading. */
export function redisList({ host, port, user, password }: RedisAccess, clock: Clock): ReadList {
  return (key, from, to) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host, port });
      let said = Buffer.alloc(0);
      const end = (outcome: string[] | Error): void => {
        timer.cancel();
        socket.destroy();
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      const timer = clock.after(PATIENCE, () => end(new Error('Redis does not answer')));
      socket.on('error', (error) => end(error));
      socket.on('end', () => end(new Error('Redis ended the connection')));
      socket.on('connect', () =>
        socket.write(command('AUTH', user, password) + command('LRANGE', key, String(from), String(to))),
      );
      socket.on('data', (chunk: Buffer) => {
        said = Buffer.concat([said, chunk]);
        if (said.length > LONGEST_ANSWER) {
          end(new Error('Redis says too much'));
          return;
        }
        try {
          const items = listIn(said);
          if (items) end(items);
        } catch (error) {
          end(error as Error);
        }
      });
    });
}

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** The items after the answer to AUTH; undefined: there is more to come. @throws Error for another answer */
export function listIn(said: Buffer): string[] | undefined {
  let at = 0;
  function line(): string | undefined {
    const end = said.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const text = said.toString('latin1', at, end);
    at = end + 2;
    if (text.startsWith('-')) throw new Error(`Redis says ${text.slice(1)}`);
    return text;
  }
  const signedIn = line();
  const head = signedIn === undefined ? undefined : line();
  if (head === undefined) return undefined;
  const count = /^\*(\d{1,6})$/.exec(head)?.[1];
  if (signedIn !== '+OK' || count === undefined) throw new Error('what answers is no Redis');
  const items: string[] = [];
  while (items.length < Number(count)) {
    const size = line();
    if (size === undefined) return undefined;
    const length = Number(/^\$(\d{1,9})$/.exec(size)?.[1] ?? NaN);
    if (Number.isNaN(length)) throw new Error('what answers is no Redis');
    if (said.length < at + length + 2) return undefined;
    items.push(said.toString('utf8', at, at + length));
    at += length + 2;
  }
  return items;
}
