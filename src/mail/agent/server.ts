import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../../core/log.ts';
import type { Agent } from './agent.ts';
import { type AgentAnswer, LONGEST_REQUEST, parseRequest } from './protocol.ts';

/** Who is at the other end of a unix socket, by the kernel's word. */
export interface Peer {
  pid: number;
  uid: number;
}

export interface AgentServerOptions {
  agent: Agent;
  path: string;
  /** @throws Error when the kernel does not tell */
  peerOf(socket: Socket): Peer;
  /** Whether this user may ask; root always may. */
  allowed(uid: number): boolean;
  log: Log;
}

/** Serves the agent at a unix socket. Everybody may connect; who is not allowed is told so, and nothing of theirs is read. */
export function serveAgent(options: AgentServerOptions): Promise<Server> {
  const { path, log } = options;
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    try {
      const peer = options.peerOf(socket);
      if (peer.uid === 0 || options.allowed(peer.uid)) serve(socket, options, peer.uid);
      else {
        log.warn({ peer }, 'refused');
        end(socket, `User ${peer.uid} may not ask the agent.`);
      }
    } catch (error) {
      log.error({ err: error }, 'a peer that the kernel does not name');
      end(socket, 'The agent cannot tell who asks.');
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o666);
      resolve(server);
    });
  });
}

function end(socket: Socket, problem: string): void {
  socket.end(`${JSON.stringify({ ok: false, problem } satisfies AgentAnswer)}\n`);
}

function serve(socket: Socket, { agent }: AgentServerOptions, uid: number): void {
  let parts: Buffer[] = [];
  let length = 0;
  let last: Promise<void> = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    for (let rest = chunk; rest.length > 0;) {
      const newline = rest.indexOf(0x0a);
      const part = newline < 0 ? rest : rest.subarray(0, newline);
      parts.push(part);
      length += part.length;
      if (length > LONGEST_REQUEST) {
        // Of what comes yet nothing is kept.
        parts = [];
        socket.removeAllListeners('data').resume();
        end(socket, 'The request is too long.');
        return;
      }
      if (newline < 0) return;
      const line = Buffer.concat(parts).toString();
      [parts, length, rest] = [[], 0, rest.subarray(newline + 1)];
      last = last.then(() => answer(line));
    }
  });

  async function answer(line: string): Promise<void> {
    let said: AgentAnswer;
    try {
      said = await agent.answer(parseRequest(line), uid);
    } catch (error) {
      said = { ok: false, problem: (error as Error).message };
    }
    if (socket.writable) socket.write(`${JSON.stringify(said)}\n`);
  }
}
