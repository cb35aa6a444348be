import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Target } from './client.ts';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

/** The API did not answer: why, and what to do. */
export function unreachable(target: Target, cause: unknown): CliError {
  const text =
    target.kind === 'socket' ? socketText(target.path, codeOf(cause)) : urlText(target.url, codeOf(cause));
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError(
    text ?? `Signpost does not answer at ${place(target)} (${why}). ${hint(target)}`,
    exitCodes.unreachable,
  );
}

/** A web site, a proxy's own page: anything but our API. */
export function notSignpost(target: Target): CliError {
  const what =
    target.kind === 'socket'
      ? 'Is this its data folder (--data)?'
      : 'Give the address of the box with --url, such as https://box.example.com.';
  return new CliError(`What answers at ${place(target)} is not Signpost. ${what}`, exitCodes.unreachable);
}

function place(target: Target): string {
  return target.kind === 'socket' ? target.path : target.url.origin;
}

function hint(target: Target): string {
  return target.kind === 'socket'
    ? 'Is Signpost running, and is this its data folder (--data)?'
    : 'Is the address right, and is Signpost running there?';
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}

function socketText(path: string, code: string | undefined): string | undefined {
  const folder = dirname(path);
  const start = 'Start it (npm start), or name the data folder of the box with --data or SIGNPOST_DATA.';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return forbiddenText(path);
    case 'ECONNREFUSED':
      return `Signpost is not running: nobody answers at ${path}, which an earlier run left behind. Start it again (npm start).`;
    case 'ENOTDIR':
      return `${folder} is not a folder. Name the data folder of the box with --data or SIGNPOST_DATA.`;
    case 'ENOENT':
      return exists(folder)
        ? `Signpost is not running with the data folder ${folder}: there is no ${path}. ${start}`
        : `There is no folder ${folder}. ${start}`;
    default:
      return undefined;
  }
}

/** Only the owner of a running box may talk to it through its socket. */
function forbiddenText(path: string): string {
  const owner = ownerOf(path);
  const { username } = userInfo();
  const as = owner === undefined ? 'the user that runs the box' : `the user ${owner}`;
  const sudo = `sudo ${owner === undefined || owner === 'root' ? '' : `-u ${owner} `}signpost …`;
  return `The user ${username} may not open ${path}; only ${as} may. Run the command as that one (${sudo}), or with --url and --token.`;
}

/** The name of the owner of the first of the path and the folders above it that can be looked at. */
function ownerOf(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    try {
      return userName(statSync(at).uid);
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}

function userName(uid: number): string {
  if (uid === 0) return 'root';
  const lines = exists('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  const line = lines.map((text) => text.split(':')).find(([, , id]) => id === String(uid));
  return line?.[0] ?? `#${uid}`;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function urlText(url: URL, code: string | undefined): string | undefined {
  const { host, hostname } = url;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `No address is found for ${hostname} (${code}). Check --url, or whether this machine reaches its nameservers.`;
    case 'ECONNREFUSED':
      return `Signpost does not answer at ${url.origin} (connection refused). Is the port right, and is Signpost running there?`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${host} cannot be reached (${code}). Check --url, the network and the firewalls between.`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `What answers at ${url.origin} does not speak HTTPS. Is the port right, or is it http:// there?`;
    case 'HPE_INVALID_CONSTANT':
      return `What answers at ${url.origin} does not speak HTTP. Is the port right, or is it https:// there?`;
    case 'ECONNRESET':
      return `What answers at ${url.origin} breaks off. Is the port right, and is it ${url.protocol === 'http:' ? 'http://, not https://' : 'https://'} there?`;
    default:
      return undefined;
  }
}
