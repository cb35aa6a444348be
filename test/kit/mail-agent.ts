import type { ChildProcess } from 'node:child_process';
import type { AgentAnswer, AgentRequest } from '../../src/mail/agent/protocol.ts';
import type { DomainKeys, MailModel } from '../../src/mail/drivers/model.ts';
import type { MailMachine } from './mail-machine.ts';
import { programs } from './programs.ts';
import { until } from './until.ts';

const socket = '/run/signpost-agent.sock';
const log = '/var/log/signpost-agent.log';

/** The agent as it runs on a machine. */
export interface RunningAgent {
  ask(request: AgentRequest): AgentAnswer;
  /** Asks, and does not wait for the answer. */
  begin(request: AgentRequest): void;
  /** The octets of a line, as any user. */
  say(line: string, user?: string): AgentAnswer;
  output(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Gives the agent the DKIM keys of some domains as all that there are. */
export function putKeys(agent: RunningAgent, domains: DomainKeys[]): void {
  const parts: AgentRequest[] = [
    { do: 'put-keys', part: 'first', domains, at: null },
    { do: 'put-keys', part: 'last', domains: [], at: { sequence: 1, mark: 'test' } },
  ];
  for (const part of parts) {
    const answer = agent.ask(part);
    if (!answer.ok) throw new Error(answer.problem);
  }
}

/** Has it apply a model, of which nobody edited a file. @throws Error with its answer when anything did not become so */
export function applyAll(agent: RunningAgent, model: MailModel): void {
  const answer = agent.ask({ do: 'apply', model, replaceEdited: false });
  const text = JSON.stringify(answer);
  if (!answer.ok || /refused|rolled-back/.test(text)) throw new Error(`${text}\n${agent.output()}`);
}

const client = `
const socket = require('node:net').connect(process.argv[1]);
let said = '';
socket.on('data', (chunk) => { said += chunk; if (said.endsWith('\\n')) { process.stdout.write(said); process.exit(); } });
socket.on('error', (error) => { process.stderr.write(String(error)); process.exit(1); });
process.stdin.pipe(socket, { end: false });
`;

export async function startAgent(machine: MailMachine): Promise<RunningAgent> {
  // A file, and no pipe: a test that asks one thing after the other reads nothing meanwhile, and who writes into a full pipe waits.
  const start = `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${programs.agent}' > ${log} 2>&1`;
  machine.run('rm', '-f', log);
  const child: ChildProcess = machine.start('sh', '-c', start);
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const output = (): string => machine.ask('tail', ['-c', '500000', log]).output;
  await until(
    60,
    () => Promise.resolve(output().includes('the agent listens') || undefined),
    () => Promise.resolve(output()),
  );
  const inside = (): string => machine.run('pgrep', '-f', programs.agent).trim().split('\n').at(-1)!;
  const say: RunningAgent['say'] = (line, user) => {
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, '--clear-groups', '--'];
    const [command, ...args] = [...as, process.execPath, '-e', client, socket];
    const { status, output: text } = machine.ask(command, args, `${line}\n`);
    if (status !== 0) throw new Error(text);
    return JSON.parse(text) as AgentAnswer;
  };
  return {
    say,
    ask: (request) => say(JSON.stringify(request)),
    begin(request) {
      const asking = machine.start(process.execPath, '-e', client, socket);
      asking.on('error', () => undefined);
      asking.stdin!.on('error', () => undefined).write(`${JSON.stringify(request)}\n`);
    },
    output,
    async stop() {
      machine.run('kill', '-TERM', inside());
      await exited;
    },
    async kill() {
      machine.run('kill', '-KILL', inside());
      await exited;
    },
  };
}
