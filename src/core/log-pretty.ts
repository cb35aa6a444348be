import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The terminal form of the log; loaded only where there is a terminal, as a start waits for it. */
export function pretty(): NodeJS.WritableStream {
  const { PinoPretty } = require('pino-pretty') as typeof import('pino-pretty');
  return PinoPretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
}
