import { pino, type Logger } from 'pino';
import { pretty } from './log-pretty.ts';

export type Log = Logger;

/** Fields that must never be printed, wherever they turn up. */
const secrets = ['token', 'authorization', 'password', 'privateKey', 'secret', 'cookie'];

/**
 * The structured log, on standard error so that standard output keeps to what the person asked for.
 * JSON lines; readable text on a terminal.
 */
export function createLog(options: { level?: string; terminal?: boolean } = {}): Log {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const settings = {
    level: options.level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  };
  return options.terminal
    ? pino(settings, pretty())
    : pino(settings, pino.destination({ dest: 2, sync: true }));
}
