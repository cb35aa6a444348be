import type { DirectoryRows } from './derive.ts';

/** The file that the mail servers read, open for writing. */
export interface DirectoryFile {
  /** The last change of the model that is in it. */
  readonly generation: number;
  /** Puts what hangs on some keys, in one transaction with the generation that they bring it to. */
  apply(rows: Iterable<DirectoryRows>, generation: number): void;
  /** Leaves it so that others can read it while nobody writes. */
  close(): void;
}

/** Where the directory lives. */
export interface DirectoryStorage {
  readonly path: string;
  /** undefined: there is none, it is damaged, or it is none of ours. */
  open(): DirectoryFile | undefined;
  /** The last change that is in it, where it can be read though not written; undefined: it cannot. */
  generation(): number | undefined;
  /** Whether an error says that the file is damaged. */
  isDamage(error: unknown): boolean;
  /** Makes an empty one beside it and puts it into its place. */
  create(): DirectoryFile;
  /** Makes a whole one beside it, in a thread of its own, of what is committed. @returns what puts it into its place */
  rebuild(signal: AbortSignal): Promise<{ generation: number; keys: number; replace(): DirectoryFile }>;
}
