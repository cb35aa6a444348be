import type { Socket } from 'node:net';
import type { SendLimits } from './limits.ts';

/** Octets of a request; Postfix's have some hundred. */
const LONGEST = 64 * 1024;

/**
 * Postfix's protocol for policies: lines of `name=value`, ended by an empty one, and an action for each
 * (https://www.postfix.org/SMTPD_POLICY_README.html). One connection has many requests, one after the other.
 */
export function servePolicy(socket: Socket, action: (request: ReadonlyMap<string, string>) => string): void {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      socket.write(`action=${action(new Map(lines.map(pair)))}\n\n`);
    }
    if (text.length > LONGEST) socket.destroy();
  });
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** access(5): what to do with a message of somebody who signed in, once all its recipients are known. */
export function limitAction(limits: SendLimits, request: ReadonlyMap<string, string>): string {
  const address = request.get('sasl_username') ?? '';
  if (address === '' || request.get('protocol_state') !== 'DATA') return 'DUNNO';
  const refusal = limits.take(address.toLowerCase(), Math.max(1, Number(request.get('recipient_count'))));
  if (!refusal) return 'DUNNO';
  return `${refusal.later ? '450 4.7.1' : '554 5.7.1'} ${refusal.text}`;
}
