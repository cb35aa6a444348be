import type { Clock } from '../../core/clock.ts';
import { DNS_TLS_PORT, type TlsTrust } from './tls.ts';

/** A server to ask: an IP address in text form (no host name) and a port, 53 when left out, or 853 over TLS. */
export interface Server {
  address: string;
  port?: number | undefined;
  /** Over TCP it is spoken to by TLS, and never in clear text. */
  tls?: TlsTrust | undefined;
}

/** Why no message came back; `detail` is a sentence about it. */
export interface Failure {
  kind: 'timeout' | 'unreachable' | 'malformed' | 'aborted' | 'untrusted';
  detail: string;
}

/** How long to wait for one step, and what ends the wait early. */
export interface WaitOptions {
  clock: Clock;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

export const DNS_PORT = 53;

/** Where TCP goes to. */
export function portOf({ port, tls }: Server): number {
  return port ?? (tls ? DNS_TLS_PORT : DNS_PORT);
}

/** `192.0.2.1` or `192.0.2.1#5300`, as dig writes it. */
export function serverText(server: Server): string {
  const port = portOf(server);
  return port === DNS_PORT ? server.address : `${server.address}#${port}`;
}

export function timedOut(server: Server, timeout: number): Failure {
  return { kind: 'timeout', detail: `${serverText(server)} did not answer within ${timeout} ms` };
}

export function unreachable(server: Server, reason: string): Failure {
  return { kind: 'unreachable', detail: `${serverText(server)} cannot be reached: ${reason}` };
}

export function untrusted(server: Server, reason: string): Failure {
  return { kind: 'untrusted', detail: `${serverText(server)} is not trusted over TLS: ${reason}` };
}

export function malformed(server: Server, reason: string): Failure {
  return { kind: 'malformed', detail: `${serverText(server)} sent what is no answer: ${reason}` };
}

export const aborted: Failure = { kind: 'aborted', detail: 'the question was withdrawn' };
