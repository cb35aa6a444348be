import type { DkimSigner, MailModel } from './model.ts';

/** In the order in which they are started. */
export const driverNames = [
  'unbound',
  'mta-sts',
  'redis',
  'rspamd',
  'dovecot',
  'postfix',
  'roundcube',
  'nginx',
] as const;
export type DriverName = (typeof driverNames)[number];

/** A file or folder as it shall be. */
export interface RenderedFile {
  /** Absolute. */
  path: string;
  /** Names as in passwd(5) and group(5). */
  owner: string;
  group: string;
  mode: number;
  /** Undefined for a folder, which stays when it is wanted no more. */
  content: string | undefined;
  /** Never shown, not even in a diff. */
  secret?: boolean;
  /** As if it had been there for some seconds, for a daemon that does not trust a file which was changed just now. */
  settled?: boolean;
}

/** What a driver found on the machine. */
export type Detected =
  | { kind: 'installed'; version: string }
  | { kind: 'missing' }
  /** Why Signpost cannot configure this version: a public sentence. */
  | { kind: 'unsupported'; version: string; reason: string };

/** What rendering needs to know of the machine. */
export interface RenderTarget {
  /** As `detect` found it. */
  version: string;
  /** Whether systemd starts the daemon (and its journal takes what it logs), or the agent. */
  systemd: boolean;
  /** What a person added, by its path; only files that are there. */
  additions: ReadonlyMap<string, string>;
}

/** The machine as drivers see it, so that tests may look over their shoulder. */
export interface Machine {
  /** Never throws: a program that is not there ends with 127. */
  run(command: string, args: readonly string[]): Promise<Ran>;
  /**
   * What a server says first, or undefined; `send` goes before, octet by
   * octet, for protocols in which the client begins. Waits for a second.
   */
  greeting(at: { port: number } | { path: string }, send?: string): Promise<string | undefined>;
}

export interface Ran {
  status: number;
  /** Both streams, in the order they came. */
  output: string;
}

/** How the daemon is kept running. */
export interface Service {
  /** Of systemd. */
  unit: string;
  /** What of it is not the same for each version. */
  ofVersion?: (version: string) => Partial<Pick<Service, 'unit' | 'foreground'>>;
  /** In the foreground, for machines without systemd. */
  foreground: {
    command: string;
    args: readonly string[];
    user?: string;
    stop: NodeJS.Signals;
    /** Ends one that was started by somebody else, where it would outlive who started it. */
    leftover?: { command: string; args: readonly string[] };
  };
  /** Milliseconds that it may take until it serves; 30,000 if nothing is said. */
  patience?: number;
  /** Folders that systemd would make: path, owner, group, mode. */
  folders: readonly { path: string; owner: string; group: string; mode: number }[];
  /** Where it writes its log itself; undefined: what it says goes to the journal, or to the agent. */
  logFile?: (systemd: boolean) => string | undefined;
  /** How it takes a new configuration while it serves; without one it is restarted. */
  reload?: { command: string; args: readonly string[] } | 'SIGHUP';
}

/** What a box has only if somebody wants it; undefined: it does not. */
export interface Wants {
  web?: object | undefined;
}

/**
 * One mail server. A driver says everything that is special about it; the agent does the same with all of them: stage, check, swap, reload,
 * probe, and roll back. docs/drivers.md tells how to write one, and `test/kit/driver-contract.ts` what each must keep.
 */
export interface Driver {
  readonly name: DriverName;
  /** Of Debian. */
  readonly packages: readonly string[];
  /** Whether this box is to have it; all are to have it when nothing is said. What is not wanted (any more) is left as it is. */
  readonly wanted?: (wants: Wants) => boolean;
  readonly service: Service;
  /** Files of the person's that rendering puts at the end of its own, for daemons that include none themselves. */
  readonly additions: readonly string[];
  /** Folders of such files: those in them whose name ends so are additions, too. */
  readonly additionFolders?: { readonly folders: readonly string[]; readonly suffix: string };
  detect(machine: Machine): Promise<Detected>;
  /** A pure function; the order is that in which the files are put in place. */
  render(model: MailModel, target: RenderTarget): RenderedFile[];
  /**
   * Asks the daemon's own checker about the files below `root` (`/etc/x` lies in `root/etc/x`); nothing is in place yet.
   * @returns what is wrong, in the checker's words
   */
  check(root: string, machine: Machine): Promise<string | undefined>;
  /**
   * Additions, each a file of its own below `root`, that the daemon would not take. What is in place of them stays, and all else goes on.
   */
  refused?(root: string, machine: Machine): Promise<RefusedAddition[]>;
  /** Where the daemon looks for the DKIM keys of a domain, each time: `DOMAIN/NAME` below the folder. */
  readonly keys?: {
    folder: string;
    group: string;
    file: (key: DkimSigner) => { name: string; content: string };
  };
  /** It keeps the directory open, and reads another file in its place only once it is told. */
  readonly readsDirectory?: true;
  /** Makes what the daemon wants made of the files once they are in place. @returns what went wrong */
  prepare?(machine: Machine): Promise<string | undefined>;
  /** @returns what is wrong with the running daemon */
  health(machine: Machine): Promise<string | undefined>;
  /**
   * The processes that serve, for daemons that read new files at leisure after the signal to reload: while they do, those of before go on
   * serving as before, and `health` has nothing to say against them. Undefined if the machine cannot tell.
   */
  serving?(machine: Machine): Promise<readonly string[] | undefined>;
}

export interface RefusedAddition {
  /** As it was rendered. */
  path: string;
  /** The person's own. */
  source: string;
  /** In the daemon's words, in one line. */
  why: string;
}

/** Whether this box is to have it. */
export const isWanted = (driver: Driver, wants: Wants): boolean => driver.wanted?.(wants) ?? true;
