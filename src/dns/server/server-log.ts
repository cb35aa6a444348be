import type { Log } from '../../core/log.ts';
import type { FromWorker } from './worker-messages.ts';

type Say = (fields: Record<string, unknown>, message: string) => void;

/** What sockets have to say. */
export type ServerLog = Record<'debug' | 'warn' | 'error', Say>;

/** The log of a worker: the control plane writes it, which has a logger already. One of its own is a MiB or two for each worker. */
export function remoteLog(level: string, send: (message: FromWorker) => void): ServerLog {
  const say =
    (severity: keyof ServerLog): Say =>
    (fields, message) =>
      send({ kind: 'said', severity, fields, message });
  // A stranger can cause these at will.
  const debug = level === 'debug' || level === 'trace' ? say('debug') : () => undefined;
  return { debug, warn: say('warn'), error: say('error') };
}

/** Writes what a worker said. */
export function writeSaid(log: Log, { severity, fields, message }: FromWorker & { kind: 'said' }): void {
  log[severity](fields, message);
}
