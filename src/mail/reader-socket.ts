import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Log } from '../core/log.ts';
import { letReadersIn } from '../core/readers-folder.ts';

/** A socket at which the mail servers ask the box something. */
export interface ReaderSocket {
  close(): Promise<void>;
}

/**
 * Listens in the folder of the directory, for those who may read that: the folder gives the socket its group. A socket that cannot be made is
 * logged, and nobody is answered: Postfix knows what to do then.
 */
export function serveReaders(path: string, serve: (socket: Socket) => void, log: Log): Promise<ReaderSocket> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    serve(socket);
  });
  const close = (): Promise<void> => {
    for (const socket of open) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      log.error({ err: error, path }, 'the mail servers cannot ask there');
      resolve({ close });
    };
    server.on('error', failed);
    try {
      makeFolder(dirname(path));
      rmSync(path, { force: true });
      server.listen(path, () => {
        chmodSync(path, 0o660);
        resolve({ close });
      });
    } catch (error) {
      // A folder that is only to be read, or a disk that is full.
      failed(error);
    }
  });
}

function makeFolder(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(path);
  letReadersIn(path);
}
