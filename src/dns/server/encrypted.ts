import type { Log } from '../../core/log.ts';
import { claimAll, type Interfaces, sameAddresses, withPorts } from './claim-all.ts';
import type { ListenProblem } from './claim-port.ts';
import { type Crew, type CrewOptions, reportFailures, startCrew } from './crew.ts';
import { expandAddresses } from './interfaces.ts';
import type { TlsIdentity } from './tls.ts';
import type { SocketAddress } from './transport.ts';

/**
 * The thread that serves DNS over TLS: one, apart from those that answer in clear text and with less priority, as a handshake costs more
 * than a hundred answers. A flood of them keeps nobody waiting but clients of TLS.
 */
export interface EncryptedPlane {
  /** What is bound now. */
  readonly addresses: readonly SocketAddress[];
  /** Shows this from the next handshake on; the first time it begins to listen. Resolves with why it cannot. */
  show(identity: TlsIdentity): Promise<ListenProblem | undefined>;
  /** Looks at the machine's addresses again. */
  rescan(): Promise<void>;
  /** What is sent to the workers goes to this one, too. */
  crew(): Crew | undefined;
  close(): Promise<void>;
}

export function createEncryptedPlane(
  requested: readonly SocketAddress[],
  options: Omit<CrewOptions, 'workers' | 'begin'> & {
    begin: () => Omit<ReturnType<CrewOptions['begin']>, 'addresses' | 'tls'>;
    log: Log;
    interfaces: Interfaces;
  },
): EncryptedPlane {
  let crew: Crew | undefined;
  let shown: TlsIdentity | undefined;
  let addresses: SocketAddress[] = [];
  let wanted = requested;
  /** Something of it could not be bound at the last look. */
  let incomplete = false;
  let closed = false;
  const { interfaces, log } = options;
  let starting: Promise<ListenProblem | undefined> | undefined;
  /** Two may ask for it at once: a new certificate, and a look at the addresses. */
  const start = (): Promise<ListenProblem | undefined> =>
    (starting ??= startOnce().finally(() => (starting = undefined)));
  const startOnce = async (): Promise<ListenProblem | undefined> => {
    const claimed = await claimAll(requested, interfaces, log, ['tcp']);
    if ('problem' in claimed) return claimed.problem;
    if (closed) return undefined;
    ({ addresses } = claimed);
    wanted = withPorts(requested, addresses);
    crew = startCrew({
      ...options,
      workers: 1,
      begin: () => ({ ...options.begin(), addresses, tls: shown }),
    });
    // What could not be bound is in the log.
    incomplete = (await crew.ready).some((failures) => failures !== undefined && failures.length > 0);
    return undefined;
  };
  return {
    get addresses() {
      return addresses;
    },
    async show(identity) {
      shown = identity;
      if (requested.length === 0) return undefined;
      if (!crew) return start();
      await crew.request({ kind: 'show', identity });
      return undefined;
    },
    async rescan() {
      if (!crew && shown && requested.length > 0) {
        // What had the port may be gone, and an address be ready.
        await start();
        return;
      }
      const now = expandAddresses(wanted, interfaces());
      if (!crew || (!incomplete && sameAddresses(now, addresses))) return;
      addresses = now;
      const failures = await crew.request({ kind: 'listen', addresses: now });
      incomplete = failures.length > 0;
      reportFailures(failures, log);
    },
    crew: () => crew,
    async close() {
      closed = true;
      await starting;
      await crew?.close();
    },
  };
}
