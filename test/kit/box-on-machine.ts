import type { MailMachine } from './mail-machine.ts';
import { programs } from './programs.ts';

/** A box that runs on a machine, as whoever is there reaches it: over its socket. */
export interface BoxOnMachine {
  /** @throws Error when there is no answer, or one that is no JSON */
  api: (method: string, path: string, body?: unknown) => unknown;
  /** The `signpost` command. */
  cli: (...args: string[]) => { status: number; output: string };
}

/** `machine` is asked for each time: tests start it later. */
export function boxOn(machine: () => Pick<MailMachine, 'ask'>, data: string): BoxOnMachine {
  return {
    api(method, path, body) {
      const json = ['-H', 'content-type: application/json', '--data-binary', '@-'];
      const socket = ['--unix-socket', `${data}/signpost.sock`, `http://box/api/v1${path}`];
      const args = ['-sS', '-X', method, ...(body === undefined ? [] : json), ...socket];
      const { status, output } = machine().ask('curl', args, JSON.stringify(body));
      if (status !== 0) throw new Error(`${method} ${path}: ${output}`);
      return output === '' ? undefined : (JSON.parse(output) as unknown);
    },
    cli: (...args) =>
      machine().ask(process.execPath, [
        ...['--disable-warning=ExperimentalWarning', programs.cli, '--data', data],
        ...args,
      ]),
  };
}
