import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CliError, type Client, createClient, type Target } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import { fileProblem } from './files.ts';
import { readTrust } from './trust.ts';

/** What every command works with. */
export interface Context {
  client: Client;
  /** Prints the JSON form when `--json` was given, else the text for people. */
  show: (value: unknown, text: () => string) => void;
}

interface GlobalOptions {
  json?: boolean;
  data?: string;
  url?: string;
  token?: string;
  tokenFile?: string;
  ca?: string;
  fingerprint?: string;
}

/** The context of a command from its global options. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  return {
    client: createClient(targetOf(options)),
    show: (value, text) => console.log(options.json ? JSON.stringify(value, null, 2) : text()),
  };
}

/** The token to take a private key out with: over the socket, too, that needs one. @throws CliError */
export function keyToken(command: Command): string {
  const options = command.optsWithGlobals<GlobalOptions>();
  if (targetOf(options).kind === 'url')
    throw new CliError(
      'Private keys leave the box over its unix socket alone: run this on the machine of the box, without --url and SIGNPOST_URL.',
      exitCodes.usage,
    );
  const token = readToken(options);
  if (token !== undefined) return token;
  throw new CliError(
    'A private key leaves the box only for a token with a scope of its own, on the machine itself, too. Make one, signpost token create NAME --scope certificates:export-key, and give it with --token-file, --token or SIGNPOST_TOKEN.',
    exitCodes.forbidden,
  );
}

function targetOf(options: GlobalOptions): Target {
  const url = options.url ?? process.env['SIGNPOST_URL'];
  // A folder on the command line is nearer than a URL in the environment.
  if (url !== undefined && (options.url !== undefined || options.data === undefined)) {
    const ca = options.ca ?? process.env['SIGNPOST_CA'];
    const fingerprint = options.fingerprint ?? process.env['SIGNPOST_FINGERPRINT'];
    const trust = readTrust({ ...(ca && { ca }), ...(fingerprint && { fingerprint }) });
    return { kind: 'url', url: readUrl(url), token: readToken(options), trust };
  }
  return { kind: 'socket', path: socketIn(options.data ?? process.env['SIGNPOST_DATA']) };
}

/** Where the unit of packaging/ keeps the data; nobody but root may look into it. */
const serviceData = '/var/lib/signpost';

/** In `data`, the folder here where that is what runs, or else that of the service. */
function socketIn(data: string | undefined): string {
  const [here, service] = ['data', serviceData].map((folder) => join(folder, 'signpost.sock'));
  if (data !== undefined) return join(data, 'signpost.sock');
  return !existsSync(here!) && existsSync(service!) ? service! : here!;
}

/** A header could not carry what is no token, and the message of that would not name it. */
function readToken(options: GlobalOptions): string | undefined {
  const text = tokenText(options)?.trim();
  if (text === undefined || text === '' || /^[\x21-\x7e]+$/.test(text)) return text === '' ? undefined : text;
  throw new CliError(
    'What --token, SIGNPOST_TOKEN or the file with it has is no token: there are blanks or strange characters in it. Tokens begin with sp_.',
    exitCodes.usage,
  );
}

/** What is on the command line is nearer than the environment. @throws CliError usage */
function tokenText({ token, tokenFile }: GlobalOptions): string | undefined {
  if (token !== undefined && tokenFile !== undefined)
    throw new CliError('--token and --token-file exclude each other: give one of them.', exitCodes.usage);
  if (token !== undefined) return token;
  if (tokenFile !== undefined) return readTokenFile(tokenFile);
  const { SIGNPOST_TOKEN: inEnvironment, SIGNPOST_TOKEN_FILE: file } = process.env;
  return inEnvironment ?? (file === undefined ? undefined : readTokenFile(file));
}

function readTokenFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(`The token: ${fileProblem(path, 'read', error)}`, exitCodes.usage);
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError(
    `"${text}" (--url, or SIGNPOST_URL) is no URL of a box; write it as https://box.example.com.`,
    exitCodes.usage,
  );
}

/** A path segment. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

interface PageAnswer {
  items: unknown[];
  next: string | null;
}

/** All items of a paged list, page after page. */
export function allItems<T>(client: Client, path: string): Promise<T[]> {
  return firstItems(client, path, Infinity);
}

/** The first items of a paged list; a page may have fewer than it could, and others follow. */
export async function firstItems<T>(client: Client, path: string, count: number): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null && items.length < count) {
    const limit = Math.min(count - items.length, 500);
    const query = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor ? `&cursor=${segment(cursor)}` : ''}`;
    const page = (await client({ method: 'GET', path: path + query })) as PageAnswer;
    items.push(...(page.items as T[]));
    cursor = page.next;
  }
  return items;
}
