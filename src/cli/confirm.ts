import { createInterface } from 'node:readline';
import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';

/** Asks on the terminal before something that cannot be taken back. @throws CliError when the answer is no, or nobody can be asked. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new CliError('Nobody is there to confirm this; add --yes.', exitCodes.usage);
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('Nothing was changed.', exitCodes.refused);
}

/** An end of input (Ctrl-D, Ctrl-C) is no answer, and so a no. */
function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.on('close', () => resolve(''));
    terminal.question(question, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
