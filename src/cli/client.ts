import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** Where the API is: the box's own unix socket, or a URL with a token. */
export type Target = { kind: 'socket'; path: string } | { kind: 'url'; url: URL; token: string | undefined };

/** A refusal or a failure, with the exit code it ends the command with. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** The API's problem document, for `--json`. */
  readonly problem: unknown;

  constructor(message: string, exitCode: ExitCode, problem?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, query included. */
  path: string;
  body?: unknown;
  /** Media type asked for; JSON by default. */
  accept?: string;
}

export type Client = (call: Call) => Promise<unknown>;

/** A longer wait than any change of the API takes; an import of a big zone included. */
const timeout = 120_000;

/** Calls the API; JSON answers come parsed, others as text. @throws CliError */
export function createClient(target: Target): Client {
  return async (call) => {
    const response = await send(target, call);
    const text = await bodyText(response).catch((error: unknown) => {
      throw unreachable(target, error);
    });
    const status = response.statusCode ?? 0;
    const json = /[/+]json/.test(response.headers['content-type'] ?? '');
    const answer = json && text !== '' ? parsed(text, target) : text;
    if (status < 400 && (json || status === 204 || call.accept !== undefined)) return answer;
    throw status < 400 ? notSignpost(target) : refusal(status, answer);
  };
}

function parsed(text: string, target: Target): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notSignpost(target);
  }
}

/** A web site, a proxy's own page: anything but our API. */
function notSignpost(target: Target): CliError {
  return new CliError(`What answers at ${place(target)} is not Signpost.`, exitCodes.unreachable);
}

function place(target: Target): string {
  return target.kind === 'socket' ? target.path : target.url.origin;
}

function send(target: Target, call: Call): Promise<IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: Record<string, string> = { accept: call.accept ?? 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (target.kind === 'url' && target.token !== undefined)
    headers['authorization'] = `Bearer ${target.token}`;
  const path = `/api/v1${call.path}`;
  const options: RequestOptions =
    target.kind === 'socket' ? { socketPath: target.path, path } : remote(target.url, path);
  const secure = target.kind === 'url' && target.url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(
      { ...options, method: call.method, headers, timeout },
      resolve,
    );
    request.on('timeout', () => request.destroy(new Error('no answer in two minutes')));
    request.on('error', (error) => reject(unreachable(target, error)));
    request.end(body);
  });
}

/** The URL may have a path, where a proxy has put the API below one; an IPv6 address has brackets there and none here. */
function remote(url: URL, path: string): RequestOptions {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port, path: url.pathname.replace(/\/+$/, '') + path };
}

function unreachable(target: Target, cause: unknown): CliError {
  const hint =
    target.kind === 'socket'
      ? 'Is Signpost running, and is this its data folder (--data)?'
      : 'Is the address right, and is Signpost running there?';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError(
    `Signpost does not answer at ${place(target)} (${why}). ${hint}`,
    exitCodes.unreachable,
  );
}

async function bodyText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** An RFC 9457 problem as one readable text. */
function refusal(status: number, answer: unknown): CliError {
  const problem = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    detail?: string;
    title?: string;
    errors?: { path: string; message: string }[];
  };
  const detail = problem.detail ?? problem.title ?? `The API answered ${status}.`;
  // The detail says what the first error says.
  const others = (problem.errors ?? []).filter(({ message }) => !detail.includes(message.replace(/\.$/, '')));
  const lines = others.map(({ path, message }) => `  ${path}: ${message}`);
  return new CliError([detail, ...lines].join('\n'), exitCodeOf(status), answer);
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.forbidden;
  if (status === 404) return exitCodes.notFound;
  // 502: another server did not give what was asked for; the text says which and why.
  if (status === 502) return exitCodes.refused;
  if (status === 503) return exitCodes.unreachable;
  return status >= 500 ? exitCodes.failed : exitCodes.refused;
}
