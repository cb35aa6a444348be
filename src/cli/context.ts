import { join } from 'node:path';
import type { Command } from 'commander';
import { CliError, type Client, createClient, type Target } from './client.ts';
import { exitCodes } from './exit-codes.ts';

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
}

/** The context of a command from its global options. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  return {
    client: createClient(targetOf(options)),
    show: (value, text) => console.log(options.json ? JSON.stringify(value, null, 2) : text()),
  };
}

function targetOf(options: GlobalOptions): Target {
  const url = options.url ?? process.env['SIGNPOST_URL'];
  if (url !== undefined) {
    return { kind: 'url', url: readUrl(url), token: options.token ?? process.env['SIGNPOST_TOKEN'] };
  }
  const data = options.data ?? process.env['SIGNPOST_DATA'] ?? 'data';
  return { kind: 'socket', path: join(data, 'signpost.sock') };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError(`"${text}" is no URL such as https://box.example.com.`, exitCodes.usage);
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
export async function allItems<T>(client: Client, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = `${path.includes('?') ? '&' : '?'}limit=500${cursor ? `&cursor=${segment(cursor)}` : ''}`;
    const page = (await client({ method: 'GET', path: path + query })) as PageAnswer;
    items.push(...(page.items as T[]));
    cursor = page.next;
  }
  return items;
}
