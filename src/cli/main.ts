import { CommanderError } from 'commander';
import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command; errors go to standard error (as JSON with `--json`), and their code is the exit code. */
async function main(argv: string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    else if (error instanceof CliError) {
      console.error(
        argv.includes('--json') ? JSON.stringify(error.problem ?? { detail: error.message }) : error.message,
      );
      process.exitCode = error.exitCode;
    } else throw error;
  }
}

await main(process.argv.slice(2));
