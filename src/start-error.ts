/** What the process ends with when it cannot start; docs/errors.md lists them. */
export const startExitCodes = {
  /** Something is wrong with the program. */
  fault: 1,
  /** With what it was started with. */
  flags: 2,
  /** With the data folder: to start again is of no use. */
  data: 3,
  /** With an address to listen at. */
  network: 4,
} as const;

export type StartFailure = keyof typeof startExitCodes;

/** Something that the person must put right before the box can start; `message` says what. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** What the process ends with. */
  readonly exitCode: number;

  constructor(failure: StartFailure, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.exitCode = startExitCodes[failure];
  }
}
