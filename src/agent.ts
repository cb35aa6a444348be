import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from './core/clock.ts';
import { createLog } from './core/log.ts';
import { notifySystemd } from './core/systemd.ts';
import { createAgent } from './mail/agent/agent.ts';
import { directServices } from './mail/agent/direct.ts';
import { thisMachine } from './mail/agent/machine.ts';
import { serveAgent } from './mail/agent/server.ts';
import { agentState } from './mail/agent/state.ts';
import { systemdServices } from './mail/agent/systemd.ts';
import { drivers } from './mail/drivers/registry.ts';
import { peerCredentials } from './native/peer-credentials.ts';

/** The root agent: a program of its own, which puts the files of mail servers in place for the box. docs/mail.md tells what it may. */
const { values } = parseArgs({
  options: {
    socket: { type: 'string', default: '/run/signpost-agent.sock' },
    state: { type: 'string', default: '/var/lib/signpost-agent' },
    /** Whose requests are taken, besides root's: the name of a user. */
    user: { type: 'string', default: 'signpost' },
  },
});
const [clock, log] = [systemClock, createLog({ terminal: process.stderr.isTTY })];
if (process.getuid?.() !== 0) {
  process.stderr.write('signpost: the agent needs root.\n');
  process.exit(2);
}
process.umask(0o022);
const machine = thisMachine(clock);
const systemd = existsSync('/run/systemd/system');
const services = systemd ? systemdServices(machine) : directServices({ machine, clock, log });
const agent = createAgent(drivers, {
  machine,
  services,
  state: agentState(values.state),
  systemd,
  clock,
  log,
});
await agent.start();
const server = await serveAgent({ agent, path: values.socket, peerOf: peerCredentials, allowed, log });
log.info({ socket: values.socket }, 'the agent listens');
notifySystemd('READY=1', process.env);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

async function stop(): Promise<void> {
  server.close();
  await agent.close();
  process.exit(0);
}

/** Asked each time: a user that systemd makes for a unit has a number only while that runs. */
function allowed(uid: number): boolean {
  const { stdout } = spawnSync('id', ['-u', values.user], { encoding: 'utf8' });
  return stdout.trim() === String(uid);
}
