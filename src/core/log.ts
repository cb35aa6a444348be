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
    // By the names that --log-level takes.
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  };
  if (options.terminal) return pino(settings, pretty());
  const destination = pino.destination({ dest: 2, sync: true });
  // A full disk or a reader that went away costs lines of the log, and nothing else; what did not fit is written later.
  destination.on('error', () => undefined);
  return pino(settings, destination);
}
