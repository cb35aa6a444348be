import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Log } from '../../core/log.ts';
import { clientAddress, createProxyList } from '../client-address.ts';
import { sessionCookies } from '../session/cookie.ts';

/** Milliseconds without an octet before the web server is given up, or a kept connection to it: it keeps them for longer itself. */
const SILENCE = 180_000;
/** Connections to it; further requests wait. */
const CONNECTIONS = 256;

/** RFC 9110 §7.6.1: what is between two neighbours alone. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/**
 * What a Connection header cannot take away: without its length a body would be another request to the web server, answered to whoever
 * comes next (RFC 9112 §11.2).
 */
const ALWAYS = new Set(['content-length', 'host']);
/** What only we say, or have answered. */
const OURS = new Set([
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]);

export interface HandOnOptions {
  /** Where the web server listens. */
  to: { host: string; port: number };
  trustedProxies?: readonly string[] | undefined;
  log: Log;
}

/** By name. */
type Headers = Readonly<Record<string, string>>;

export interface HandOn {
  /** Has the web server answer; `headers` are put on its answer. */
  answer(incoming: IncomingMessage, outgoing: ServerResponse, headers: Headers): void;
  close(): void;
}

/** Hands requests on to a web server on this machine as they come, octet by octet, and its answers back. */
export function createHandOn({ to, trustedProxies = [], log }: HandOnOptions): HandOn {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: SILENCE });
  const isProxy = createProxyList(trustedProxies);

  function ask(incoming: IncomingMessage, outgoing: ServerResponse, extra: Headers, again: boolean): void {
    const { method, url: path } = incoming;
    const headers = forwarded(incoming, isProxy);
    const asking = request({ ...to, agent, method, path, headers, setHost: false }, (answered) => {
      const { statusCode = 502, statusMessage, rawHeaders } = answered;
      const passed = rawHeaders.filter((_, index) => !isOf(HOP_BY_HOP, rawHeaders[index - (index % 2)]!));
      outgoing.writeHead(statusCode, statusMessage, [...passed, ...Object.entries(extra).flat()]);
      // Whichever end breaks off, the other one is broken off, too.
      pipeline(answered, outgoing, () => undefined);
    });
    asking.on('timeout', () => asking.destroy(new Error('it was silent for too long')));
    asking.on('error', (error) => {
      if (outgoing.headersSent || outgoing.destroyed) return;
      // A kept connection that ended as the request was sent, such as with a reload: nobody has read it.
      if (again && asking.reusedSocket && !hasBody(incoming)) ask(incoming, outgoing, extra, false);
      else refuse(outgoing, error);
    });
    outgoing.on('close', () => !outgoing.writableFinished && asking.destroy());
    if (hasBody(incoming)) incoming.pipe(asking);
    else asking.end();
  }

  function refuse(outgoing: ServerResponse, error: Error): void {
    log.warn({ err: error }, 'the web server of the box did not answer');
    const type = 'text/plain; charset=utf-8';
    outgoing.writeHead(502, { 'Content-Type': type, 'Cache-Control': 'no-store', Connection: 'close' });
    outgoing.end('The web server of the box does not answer. Try again in a moment.\n');
  }

  return {
    answer: (incoming, outgoing, headers) => ask(incoming, outgoing, headers, true),
    close: () => agent.destroy(),
  };
}

const isOf = (names: ReadonlySet<string>, name: string): boolean => names.has(name.toLowerCase());

/** Cookies without that of a session of the panel, which is nothing for programs behind us; undefined when there is no other. */
function withoutSession(cookies: string): string | undefined {
  const others = cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !sessionCookies.includes(pair.split('=', 1)[0]!.trim()));
  return others.length > 0 ? others.join('; ') : undefined;
}

/** What the client sent, and for whom we ask; in the form of rawHeaders, so that what is there twice stays so. */
function forwarded(incoming: IncomingMessage, isProxy: (address: string) => boolean): string[] {
  const { rawHeaders, headers, socket } = incoming;
  // What the Connection header names is for us alone.
  const words = (headers.connection ?? '').toLowerCase().split(/[\s,]+/);
  const named = new Set(words.filter((name) => !ALWAYS.has(name)));
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (isOf(HOP_BY_HOP, name) || isOf(OURS, name) || isOf(named, name)) continue;
    const value = name.toLowerCase() === 'cookie' ? withoutSession(rawHeaders[at + 1]!) : rawHeaders[at + 1]!;
    if (value !== undefined) kept.push(name, value);
  }
  const peer = { kind: 'network', address: socket.remoteAddress ?? '' } as const;
  const before = headers['x-forwarded-for'];
  const client = clientAddress(peer, Array.isArray(before) ? before.join(',') : before, isProxy);
  // A body of unknown length goes on in pieces; Node writes the header for it.
  const pieces = headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked'];
  return [...kept, ...pieces, 'X-Forwarded-For', client ?? '', 'X-Forwarded-Proto', 'https'];
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
