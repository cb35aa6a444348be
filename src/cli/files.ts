import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';

/** The text of a file; `-` is standard input. @throws CliError usage */
export function readText(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : orSayWhy(readFile(path, 'utf8'));
}

/** @throws CliError usage */
export function writeText(path: string, content: string): Promise<void> {
  return orSayWhy(writeFile(path, content));
}

/** The words of the system name the file. */
async function orSayWhy<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), exitCodes.usage);
  }
}
