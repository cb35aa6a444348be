import type { ExitCode } from './exit-codes.ts';

/** A refusal or a failure, with the exit code it ends the command with. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** The API's problem document, for `--json`. */
  readonly problem: unknown;

  constructor(message: string, exitCode: ExitCode, problem?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}
