import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './files.ts';

/**
 * A password that is not seen: of a file (`-` is standard input), else typed twice on the terminal. Never of the command line, which
 * others on the machine can read.
 * @throws CliError usage
 */
export async function readPassword(file: string | undefined): Promise<string> {
  if (file !== undefined) return (await readText(file)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY)
    throw new CliError(
      'Nobody is there to type a password; give it with --password-file (- is standard input).',
      exitCodes.usage,
    );
  const password = await typed('Password: ');
  if (password !== (await typed('Once more: ')))
    throw new CliError('The two are not the same; nothing was changed.', exitCodes.usage);
  return password;
}

/** An end of input is no password. */
function typed(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.on('close', () => reject(new CliError('Nothing was changed.', exitCodes.refused)));
    terminal.question('', (answer) => {
      process.stderr.write('\n');
      resolve(answer);
      terminal.close();
    });
  });
}
