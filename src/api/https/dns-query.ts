import { lifetimeOf } from '../../dns/message/lifetime.ts';
import type { Answer } from '../http-server.ts';
import { isBox } from './hosts.ts';

/** Where DNS over HTTPS is asked (RFC 8484 §4.1 leaves the path to the server; all have this one). */
export const DNS_QUERY_PATH = '/dns-query';
const MEDIA_TYPE = 'application/dns-message';
/** Octets of the longest message. */
const LONGEST_QUERY = 0xffff;

export interface DnsQueryOptions {
  /** The response to a query; undefined when there must be none. */
  ask: (query: Uint8Array, client: string) => Uint8Array | undefined;
  /** The box's hostnames. */
  hostnames: () => readonly string[];
}

/** DNS over HTTPS (RFC 8484) at the box's own name, before all else that is answered there. */
export function answerDnsQueries(next: Answer, { ask, hostnames }: DnsQueryOptions): Answer {
  return async (request, peer) => {
    const { hostname, pathname, searchParams } = new URL(request.url);
    if (pathname !== DNS_QUERY_PATH || !isBox(hostname.replace(/\.$/, ''), hostnames()))
      return next(request, peer);
    const query = await readQuery(request, searchParams);
    if (query instanceof Response) return query;
    const response = ask(query, peer.kind === 'network' ? peer.address : '');
    if (!response) return refusal(400, 'This is no DNS query.');
    return new Response(Buffer.from(response), {
      headers: {
        'Content-Type': MEDIA_TYPE,
        'Cache-Control': `max-age=${lifetimeOf(response)}`,
      },
    });
  };
}

/** RFC 8484 §4.1: the query of a GET is in the URL, that of a POST is its body. */
async function readQuery(request: Request, parameters: URLSearchParams): Promise<Uint8Array | Response> {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const text = parameters.get('dns') ?? '';
      if (text === '' || !/^[\w-]*$/.test(text))
        return refusal(400, 'Put the query into the parameter dns, in base64url (RFC 8484).');
      return new Uint8Array(Buffer.from(text, 'base64url'));
    }
    case 'POST': {
      if (request.headers.get('content-type')?.toLowerCase() !== MEDIA_TYPE)
        return refusal(415, `Send the query as ${MEDIA_TYPE} (RFC 8484).`);
      const body = await readBody(request);
      return body ?? refusal(413, `A query has ${LONGEST_QUERY} octets at most.`);
    }
    default:
      return refusal(405, 'Ask by GET or POST (RFC 8484).', { Allow: 'GET, HEAD, POST' });
  }
}

/** undefined for one that is longer than a message can be. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > LONGEST_QUERY) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  });
}
