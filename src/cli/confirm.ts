import { createInterface } from 'node:readline/promises';
import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';

/** Asks on the terminal before something that cannot be taken back. @throws CliError when the answer is no, or nobody can be asked. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new CliError('Nobody is there to confirm this; add --yes.', exitCodes.usage);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('Nothing was changed.', exitCodes.refused);
}
