import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { Clock } from '../../core/clock.ts';
import { AcmeError } from './problem.ts';

export interface CaAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface CaTransport {
  /** @throws AcmeError `unreachable`, `untrusted`, `slow` or `malformedAnswer` */
  send(method: 'GET' | 'HEAD' | 'POST', url: string, body?: string): Promise<CaAnswer>;
  close(): void;
}

/** Milliseconds that one request may take in all. */
const LONGEST = 30_000;
/** Octets: a chain is some KB. */
const LARGEST = 1024 * 1024;

/** HTTPS to the CA. `roots` (PEM) are trusted besides the public ones. */
export function createTransport(options: {
  roots: string | undefined;
  userAgent: string;
  clock: Clock;
}): CaTransport {
  const { roots, userAgent, clock } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ...(roots === undefined ? {} : { ca: roots }) });
  return {
    send: (method, url, body) =>
      new Promise((resolve, reject) => {
        if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
          // RFC 8555 §6.1: HTTPS only.
          reject(failure('malformedAnswer', `${url} is no https URL`));
          return;
        }
        const headers = {
          'user-agent': userAgent,
          ...(body === undefined ? {} : { 'content-type': 'application/jose+json' }),
        };
        const call = request(url, { method, agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            chunks.push(chunk);
            if (size > LARGEST) call.destroy(failure('malformedAnswer', 'an answer of more than 1 MiB'));
          });
          response.on('error', (error) => call.destroy(error));
          response.on('end', () => {
            timer.cancel();
            const { statusCode = 0, headers } = response;
            resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') });
          });
        });
        const timer = clock.after(LONGEST, () =>
          call.destroy(failure('slow', `no answer within ${LONGEST / 1000} seconds`)),
        );
        call.on('error', (error) => {
          timer.cancel();
          reject(error instanceof AcmeError ? error : connectionFailure(error));
        });
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

const untrusted = /CERT|ISSUER|SIGNATURE|ALTNAME|CHAIN/;

function connectionFailure(error: NodeJS.ErrnoException): AcmeError {
  return failure(
    untrusted.test(error.code ?? '') ? 'untrusted' : 'unreachable',
    error.message || error.code!,
  );
}

function failure(type: string, detail: string): AcmeError {
  return new AcmeError({ type, detail, retryAt: undefined });
}
