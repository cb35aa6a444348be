import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

/** The text of a file; `-` is standard input. @throws CliError usage */
export function readText(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : orSayWhy(path, 'read', readFile(path, 'utf8'));
}

/** @throws CliError usage */
export function writeText(path: string, content: string): Promise<void> {
  return orSayWhy(path, 'written', writeFile(path, content));
}

/** The certificates of a file, in PEM. @throws CliError usage */
export async function readCertificates(path: string): Promise<string> {
  const pem = await readText(path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new CliError(
    `${path} holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.`,
    exitCodes.usage,
  );
}

/** The private key of a file, in PEM. @throws CliError usage */
export async function readKey(path: string): Promise<string> {
  const pem = await readText(path);
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem))
    throw new CliError(
      `The key in ${path} is encrypted. openssl pkey -in ${path} -out plain.key decrypts it.`,
      exitCodes.usage,
    );
  if (/-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(pem)) return pem;
  throw new CliError(
    `${path} holds no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----.`,
    exitCodes.usage,
  );
}

async function orSayWhy<T>(path: string, done: 'read' | 'written', action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    throw new CliError(fileProblem(path, done, error), exitCodes.usage);
  }
}

/** What keeps a file from being read or written, in a sentence that names it. */
export function fileProblem(path: string, done: 'read' | 'written', error: unknown): string {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
      return done === 'read'
        ? `There is no file ${path}.`
        : `There is no folder ${dirname(path)} to write ${path} to; make it first.`;
    case 'EISDIR':
      return `${path} is a folder; name a file.`;
    case 'ENOTDIR':
      return `${dirname(path)} is no folder, so ${path} cannot be ${done}.`;
    case 'EACCES':
    case 'EPERM':
      return `The user ${userInfo().username} may not have ${path} ${done}; see its owner and mode (ls -l).`;
    case 'ENOSPC':
      return `There is no room left for ${path}.`;
    case 'EROFS':
      return `${path} cannot be written: its file system is read-only.`;
    default:
      return `${path} cannot be ${done}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
