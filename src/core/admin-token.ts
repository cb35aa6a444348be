import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the admin token may come from; the first two exclude each other, and go before the third. */
export interface AdminTokenSources {
  /** The token itself. */
  text: string | undefined;
  file: string | undefined;
  /** systemd's folder of credentials (systemd.exec(5)): `admin-token` in it, if it is there. */
  credentials: string | undefined;
}

export type AdminTokenResult = { ok: true; token: string | undefined } | { ok: false; problem: string };

/** What a header can carry, and nobody guesses. */
const form = /^[\x21-\x7e]{32,}$/;
const expected = 'a token of 32 visible ASCII characters or more';

export function readAdminToken({ text, file, credentials }: AdminTokenSources): AdminTokenResult {
  if (text !== undefined && file !== undefined)
    return refuse('--admin-token and --admin-token-file exclude each other: give one of them');
  if (text !== undefined)
    return form.test(text)
      ? { ok: true, token: text }
      : refuse(`--admin-token (SIGNPOST_ADMIN_TOKEN): "…" is not ${expected}`);
  if (file !== undefined) return readToken(file, 'The file of --admin-token-file');
  if (credentials === undefined) return { ok: true, token: undefined };
  return readToken(join(credentials, 'admin-token'), 'The credential', { ok: true, token: undefined });
}

/** `absent`: what it means that there is no such file; an error unless it is said. */
function readToken(file: string, what: string, absent?: AdminTokenResult): AdminTokenResult {
  try {
    const token = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return form.test(token) ? { ok: true, token } : refuse(`${what} ${file} does not hold ${expected}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && absent) return absent;
    return refuse(`${what} ${file} cannot be read: ${message}`);
  }
}

function refuse(problem: string): AdminTokenResult {
  return { ok: false, problem };
}
