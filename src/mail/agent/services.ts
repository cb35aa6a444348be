import type { Service } from '../drivers/driver.ts';
import type { LogTail } from './log-tail.ts';

/** What keeps the daemons running: systemd, or the agent itself where there is none. */
export interface Services {
  /** Whether it is meant to run, and does. */
  running(service: Service): Promise<boolean>;
  /**
   * Starts it, or has it take its new configuration if it runs. `anew`: by a restart, as it was not ours until now, and some settings, such as
   * the addresses at which it listens, are read but once.
   * @returns what went wrong
   */
  reload(service: Service, anew?: boolean): Promise<string | undefined>;
  /** What it said last, as far as it keeps no log itself. */
  said(service: Service, count: number): Promise<LogTail>;
  stop(service: Service): Promise<void>;
  /** Stops what would end with this process, in the reverse order of their start. */
  close(): Promise<void>;
}
