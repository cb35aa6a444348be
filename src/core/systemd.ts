import { spawn } from 'node:child_process';

/**
 * Tells systemd that the service is ready, reloading or stopping (sd_notify(3)). Node has no datagrams over unix sockets, so
 * `systemd-notify` sends it, and the unit says `NotifyAccess=all`. Does nothing outside of systemd.
 */
export function notifySystemd(state: 'READY=1' | 'RELOADING=1' | 'STOPPING=1', env: NodeJS.ProcessEnv): void {
  if (env['NOTIFY_SOCKET'] === undefined) return;
  const child = spawn('systemd-notify', [`--pid=${process.pid}`, state], { stdio: 'ignore', env });
  child.on('error', () => undefined);
  child.unref();
}
