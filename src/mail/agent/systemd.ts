import type { Machine } from '../drivers/driver.ts';
import { journalArguments, journalTail } from './log-tail.ts';
import type { Services } from './services.ts';

/** Under systemd: units of Debian's packages. */
export function systemdServices(machine: Machine): Services {
  const systemctl = async (...args: string[]): Promise<string | undefined> => {
    const { status, output } = await machine.run('systemctl', args);
    return status === 0 ? undefined : output.trim() || `systemctl ${args.join(' ')} ended with ${status}`;
  };
  return {
    running: async ({ unit }) => (await systemctl('--quiet', 'is-active', unit)) === undefined,
    async reload({ unit, reload }, anew = false) {
      // Without it the next boot would come up without mail. Units that others pull in cannot be enabled, and need not.
      await systemctl('--quiet', '--no-reload', 'enable', unit);
      // And drop-ins may be among what was put in place, or put back.
      await systemctl('daemon-reload');
      return systemctl(anew || reload === undefined ? 'restart' : 'reload-or-restart', unit);
    },
    said: async ({ unit }, count) =>
      journalTail(await machine.run('journalctl', journalArguments(unit, count)), count),
    async stop({ unit }) {
      await systemctl('stop', unit);
    },
    close: () => Promise.resolve(),
  };
}
