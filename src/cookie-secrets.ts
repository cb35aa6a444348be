import { readFileSync } from 'node:fs';
import { parseCookieSecrets } from './dns/server/cookie-secrets.ts';
import type { CookieSecrets } from './dns/server/cookies.ts';
import { StartError } from './start-error.ts';

/** The secrets in the file of `--dns-cookie-secrets`. @throws StartError */
export function readCookieSecrets(file: string | undefined): CookieSecrets | undefined {
  if (file === undefined) return undefined;
  const secrets = parseCookieSecrets(textOf(file));
  if (typeof secrets === 'string') throw refused(file, secrets);
  return secrets;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission is denied' : code;
    throw refused(file, why ?? 'it cannot be read', error);
  }
}

function refused(file: string, why: string, cause?: unknown): StartError {
  return new StartError(
    'flags',
    `The secrets of DNS cookies in ${file} (--dns-cookie-secrets) cannot be used: ${why}.`,
    { cause },
  );
}
