import { fileURLToPath } from 'node:url';
import { programBeside } from '../core/program.ts';
import { Name } from '../dns/wire/name.ts';
import type { Database } from './database.ts';
import { runProgram } from './run-program.ts';

export interface Remade {
  /** The zones whose nodes could not be read: they are to be derived and signed anew. */
  lost: Name[];
  /** What else is wrong with the database. */
  faults: string[];
}

const program = fileURLToPath(programBeside(import.meta.url, 'nodes-program'));

/**
 * Makes the table of the zones' nodes anew: the largest by far, all of which follows from the others. Changes wait meanwhile; what is served goes on,
 * and so do reads.
 * @throws Error when that failed; then all is as before
 */
export async function remakeNodes(database: Database, path: string, signal: AbortSignal): Promise<Remade> {
  const lines = await database.alone(() => runProgram(program, [path], signal));
  const after = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { lost: after('zone').map((name) => Name.parse(name)), faults: after('fault') };
}
