import pinoPretty from 'pino-pretty';

/** The terminal form of the log. */
export function pretty(): NodeJS.WritableStream {
  return pinoPretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
}
