import { CommanderError } from 'commander';
import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command; errors go to standard error (as JSON with `--json`), and their code is the exit code. */
async function main(argv: string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, argv.includes('--json'));
  }
}

function report(error: unknown, json: boolean): number {
  // Commander has printed what was wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof CliError)) {
    // A fault of this program: its stack is what mends it.
    console.error(error);
    return exitCodes.failed;
  }
  console.error(json ? JSON.stringify(error.problem ?? { detail: error.message }) : printable(error.message));
  return error.exitCode;
}

/** What a file or another server said must not write on the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '\ufffd');
}

// Who reads only the first lines (`| head`) closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await main(process.argv.slice(2));
