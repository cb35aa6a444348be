import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

export interface SignalActions {
  /** Called once, however many signals come: Ctrl-C reaches all processes of a terminal, and npm passes it on as well. */
  stop: (signal: NodeJS.Signals) => void;
  reload: () => void;
}

/** SIGTERM and SIGINT stop; SIGHUP reloads, but stops when it says that the terminal was closed. */
export function handleSignals({ stop, reload }: SignalActions): void {
  const hadTerminal = [0, 1, 2].some(isatty);
  let stopping = false;
  const end = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    stop(signal);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', (signal) => {
    if (hadTerminal && terminalClosed()) end(signal);
    else if (!stopping) reload();
  });
}

/** The kernel takes the terminal from all processes of its session before it sends them SIGHUP; /dev/tty opens for none then. */
function terminalClosed(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
