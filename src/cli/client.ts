import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { refusal } from './refusal.ts';
import { suggestion } from './suggest.ts';
import { connectTo, distrust, type Trust } from './trust.ts';
import { notSignpost, unreachable } from './unreachable.ts';

export { CliError } from './error.ts';

/** Where the API is: the box's own unix socket, or a URL with a token. */
export type Target =
  { kind: 'socket'; path: string } | { kind: 'url'; url: URL; token: string | undefined; trust: Trust };

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, query included. */
  path: string;
  body?: unknown;
  /** Media type asked for; JSON by default. */
  accept?: string;
  /** Counts over the socket, too: then the call may do what the token may, and no more. */
  token?: string;
}

export type Client = (call: Call) => Promise<unknown>;

/** A longer wait than any change of the API takes; an import of a big zone included. */
const timeout = 120_000;

/** Calls the API; JSON answers come parsed, others as text. @throws CliError */
export function createClient(target: Target): Client {
  const plain = createPlainClient(target);
  return (call) =>
    plain(call).catch(async (error: unknown) => {
      if (!(error instanceof CliError) || error.exitCode !== exitCodes.notFound) throw error;
      const hint = await suggestion(call, error.message, (path) => plain({ method: 'GET', path }));
      throw new CliError(error.message + hint, error.exitCode, error.problem);
    });
}

function createPlainClient(target: Target): Client {
  return async (call) => {
    const response = await send(target, call).catch(async (error: unknown) => {
      throw await failure(target, error);
    });
    const text = await bodyText(response).catch((error: unknown) => {
      // It did answer: why that broke off says nothing about where it was.
      throw unreachable(target, new Error(error instanceof Error ? error.message : String(error)));
    });
    const status = response.statusCode ?? 0;
    const json = /[/+]json/.test(response.headers['content-type'] ?? '');
    const answer = json && text !== '' ? parsed(text, target) : text;
    if (status < 400 && (json || status === 204 || call.accept !== undefined)) return answer;
    throw status < 400 ? notSignpost(target) : refusal(status, answer, call);
  };
}

async function failure(target: Target, error: unknown): Promise<CliError> {
  if (error instanceof CliError) return error;
  const distrusted = target.kind === 'url' ? await distrust(target, error) : undefined;
  return distrusted ?? unreachable(target, error);
}

function parsed(text: string, target: Target): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notSignpost(target);
  }
}

async function send(target: Target, call: Call): Promise<IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: Record<string, string> = { accept: call.accept ?? 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const token = call.token ?? (target.kind === 'url' ? target.token : undefined);
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const path = `/api/v1${call.path}`;
  const options = target.kind === 'socket' ? { socketPath: target.path, path } : await remote(target, path);
  const secure = target.kind === 'url' && target.url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(
      { ...options, method: call.method, headers, timeout },
      resolve,
    );
    request.on('timeout', () => request.destroy(new Error('no answer in two minutes')));
    request.on('error', reject);
    request.end(body);
  });
}

/** The URL may have a path, where a proxy has put the API below one; an IPv6 address has brackets there and none here. */
async function remote({ url, trust }: Target & { kind: 'url' }, path: string): Promise<RequestOptions> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options = { host, port: url.port, path: url.pathname.replace(/\/+$/, '') + path };
  if (url.protocol !== 'https:') return options;
  if (trust.fingerprint === undefined)
    return { ...options, ...(trust.ca === undefined ? {} : { ca: trust.ca }) };
  const socket = await connectTo(url, trust.fingerprint);
  // Without an agent, or else it would connect by itself.
  return { ...options, createConnection: () => socket };
}

async function bodyText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
