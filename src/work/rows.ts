/**
 * Names what one part of the box keeps. The part declares the key beside its interface, db says how it is stored: nobody reaches the
 * rows of another part but by its key, and so by what that part allows.
 */
export class RowsKey<Reads extends object, Writes extends Reads = Reads> {
  /** Only the compiler looks at these. */
  declare readonly reads: Reads;
  declare readonly writes: Writes;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** One state of all that is kept: what is committed, or what a change has made of it so far. */
export interface Snapshot {
  /** What a part keeps, as it is in this state. */
  readonly rows: <Reads extends object, Writes extends Reads>(key: RowsKey<Reads, Writes>) => Reads;
}

export type Apart<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** The state inside a change. */
export interface WritableSnapshot extends Snapshot {
  readonly rows: <Reads extends object, Writes extends Reads>(key: RowsKey<Reads, Writes>) => Writes;
  /**
   * What goes wrong in `action` undoes what it wrote and no more: the change can go on. Rejects when it cannot, as there is no room, say.
   */
  readonly apart: <T>(action: () => Promise<T>) => Promise<Apart<T>>;
}

/** Where all parts keep their rows. */
export interface RowStorage {
  /** Sees only what is committed. */
  readonly committed: Snapshot;
  /**
   * Runs `action` in one transaction: all of it is committed or, when it throws, nothing. One at a time, in the order of asking;
   * never to be called from inside itself. `committed` runs right after the commit, before the next transaction begins.
   * @throws AppError storage-full, storage-read-only
   */
  transact<T>(action: (state: WritableSnapshot) => Promise<T> | T, committed: () => void): Promise<T>;
}
