import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Clock, sleep } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Machine, Service } from '../drivers/driver.ts';
import { makeFolder } from './files.ts';
import { keptLines } from './log-tail.ts';
import type { Services } from './services.ts';

/** Milliseconds before a daemon that ended is started again: doubled each time, from the first to the last. */
const [FIRST_PAUSE, LAST_PAUSE] = [500, 60_000];
/** One that ran for so long has recovered. */
const RECOVERED = 60_000;
/** How long a daemon may take to end in order. */
const PATIENCE = 10_000;

interface Supervised {
  service: Service;
  child: ChildProcess | undefined;
  /** What it printed. */
  said: ReturnType<typeof keptLines>;
  ended: Promise<void>;
  pause: number;
  wanted: boolean;
}

/** Without systemd: daemons are children of this process, and are started again when they end. */
export function directServices({
  machine,
  clock,
  log,
}: {
  machine: Machine;
  clock: Clock;
  log: Log;
}): Services {
  const all = new Map<string, Supervised>();

  function start(one: Supervised): void {
    const { foreground, folders } = one.service;
    for (const folder of folders) makeFolder({ ...folder, content: undefined });
    const startedAt = clock.monotonic();
    // Whatever becomes of this process, no daemon is left behind that the next one would not know of.
    const user =
      foreground.user === undefined
        ? []
        : [`--reuid=${foreground.user}`, `--regid=${foreground.user}`, '--init-groups'];
    const child = spawn(
      'setpriv',
      [...user, '--pdeathsig=TERM', '--', foreground.command, ...foreground.args],
      {
        cwd: '/',
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
        stdio: ['ignore', 'pipe', 'pipe'],
        // A process group of its own: Postfix's master signals all of its group when it ends.
        detached: true,
      },
    );
    one.child = child;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.info({ daemon: foreground.command }, line);
        one.said.add(line, clock.now());
      });
    one.ended = new Promise((resolve) => {
      const end = (): void => {
        if (one.child !== child) return;
        one.child = undefined;
        resolve();
        if (one.wanted) again(one, clock.monotonic() - startedAt);
      };
      child.on('exit', end);
      child.on('error', end);
    });
  }

  function again(one: Supervised, ran: number): void {
    one.pause = ran > RECOVERED ? FIRST_PAUSE : Math.min(one.pause * 2, LAST_PAUSE);
    log.error(
      { daemon: one.service.foreground.command, pause: one.pause },
      'a daemon ended; starting it again',
    );
    clock.after(one.pause, () => {
      if (one.wanted && !one.child) start(one);
    });
  }

  async function end(one: Supervised): Promise<void> {
    one.wanted = false;
    const { child } = one;
    if (!child) return;
    child.kill(one.service.foreground.stop);
    const late = clock.after(PATIENCE, () => child.kill('SIGKILL'));
    await one.ended;
    late.cancel();
  }

  async function restart(one: Supervised): Promise<void> {
    await end(one);
    Object.assign(one, { wanted: true, pause: FIRST_PAUSE });
    start(one);
  }

  return {
    running: ({ unit }) => Promise.resolve(all.get(unit)?.child !== undefined),

    async reload(service) {
      const { unit, reload, foreground } = service;
      const { leftover } = foreground;
      if (leftover && !all.has(unit)) await machine.run(leftover.command, leftover.args);
      const one = all.get(unit) ?? {
        service,
        child: undefined,
        said: keptLines(),
        ended: Promise.resolve(),
        pause: FIRST_PAUSE,
        wanted: true,
      };
      all.set(unit, one);
      if (!one.child || reload === undefined) {
        await restart(one);
        return undefined;
      }
      if (reload === 'SIGHUP') {
        one.child.kill('SIGHUP');
        return undefined;
      }
      const { status, output } = await machine.run(reload.command, reload.args);
      // It takes a moment to take notice.
      await sleep(clock, 100);
      return status === 0 ? undefined : output.trim();
    },

    said: ({ unit }, count) => Promise.resolve(all.get(unit)?.said.tail(count) ?? { lines: [] }),

    async stop({ unit }) {
      const one = all.get(unit);
      if (one) await end(one);
      all.delete(unit);
    },

    async close() {
      for (const one of [...all.values()].reverse()) await end(one);
    },
  };
}
