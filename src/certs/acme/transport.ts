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
/** Connections that are kept, each of which the CA may have closed. */
const MOST_IDLE = 8;
/** Octets: a chain is some KB. */
const LARGEST = 1024 * 1024;

/** HTTPS to the CA. `roots` (PEM) are trusted besides the public ones. */
export function createTransport(options: {
  roots: string | undefined;
  userAgent: string;
  clock: Clock;
}): CaTransport {
  const { roots, userAgent, clock } = options;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: MOST_IDLE,
    ...(roots === undefined ? {} : { ca: roots }),
  });
  type Send = CaTransport['send'];

  const once = (...[method, url, body]: Parameters<Send>): ReturnType<Send> =>
    new Promise((resolve, reject) => {
      const headers = {
        // RFC 8555 §6.1: who asks, and by what; and which language its words are shown in.
        'user-agent': `${userAgent} node/${process.versions.node}`,
        'accept-language': 'en',
        ...(body === undefined ? {} : { 'content-type': 'application/jose+json' }),
      };
      let isAnswered = false;
      const call = request(url, { method, agent, headers }, (response) => {
        isAnswered = true;
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
      call.on('error', (error: NodeJS.ErrnoException) => {
        timer.cancel();
        if (error instanceof AcmeError) reject(error);
        else if (call.reusedSocket && !isAnswered && closed.has(error.code ?? ''))
          reject(new ClosedIdle(error));
        else reject(connectionFailure(error));
      });
      call.end(body);
    });

  return {
    async send(method, url, body) {
      // RFC 8555 §6.1: HTTPS only.
      if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
        throw failure('malformedAnswer', `${url} is no https URL`);
      for (let tries = 1; ; tries++) {
        try {
          return await once(method, url, body);
        } catch (error) {
          if (!(error instanceof ClosedIdle)) throw error;
          if (tries > MOST_IDLE) throw connectionFailure(error.cause);
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** What a connection ends with that the CA closed while it was idle, in the moment in which it was used again. */
const closed: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Such a request was not read, and goes over another connection: a failure would have an order rest for minutes. Were it read all the same,
 * its nonce is used up (RFC 8555 §6.5), and it is not done twice.
 */
class ClosedIdle extends Error {
  override readonly cause: NodeJS.ErrnoException;

  constructor(cause: NodeJS.ErrnoException) {
    super('the connection had been closed');
    this.cause = cause;
  }
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
