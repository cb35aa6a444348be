import { createConnection } from 'node:net';
import { AppError } from '../../core/errors.ts';
import type { AgentAnswer, AgentRequest } from '../agent/protocol.ts';

/** Asks the agent; one request and its answer on a connection of their own. */
export type AskAgent = (request: AgentRequest) => Promise<AgentAnswer & { ok: true }>;

/** @throws AppError (of the returned function) when nobody answers there, or when the agent refuses */
export function agentAt(path: string): AskAgent {
  return (request) =>
    new Promise((resolve, reject) => {
      const socket = createConnection(path);
      let said = '';
      const fail = (why: string, cause?: unknown): void => {
        socket.destroy();
        reject(new AppError('mail-agent-unavailable', why, { cause }));
      };
      socket.on('error', (error) => fail(unavailable(path), error));
      socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
      socket.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (!said.endsWith('\n')) return;
        socket.destroy();
        const answer = JSON.parse(said) as AgentAnswer;
        if (answer.ok) resolve(answer);
        else reject(new AppError('mail-refused', answer.problem));
      });
      socket.on('end', () => fail(unavailable(path)));
    });
}

const unavailable = (path: string): string =>
  `The agent does not answer at ${path}; start it as root: systemctl enable --now signpost-agent, or signpost-agent where there is no systemd.`;
