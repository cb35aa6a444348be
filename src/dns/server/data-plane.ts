import { networkInterfaces } from 'node:os';
import type { Log } from '../../core/log.ts';
import { programBeside } from '../../core/program.ts';
import { Name } from '../wire/name.ts';
import { createServedZones, type RefusedZone, type ServedZones } from '../zone/served-zones.ts';
import { claimAll, type Interfaces, sameAddresses, withPorts } from './claim-all.ts';
import type { ListenProblem } from './claim-port.ts';
import { createCounterMemory, readCounters, type SeatCounters, zoneCounts } from './counters.ts';
import { type Crew, reportFailures, startCrew } from './crew.ts';
import type { CookieSecrets } from './cookies.ts';
import { createDirectAnswerer } from './direct.ts';
import { createEncryptedPlane } from './encrypted.ts';
import { expandAddresses } from './interfaces.ts';
import { openFeatures, type ProtocolOptions, startProtocol } from './protocol.ts';
import type { AnswerQuestion, Question } from './questions.ts';
import { startReclaiming } from './reclaim.ts';
import type { TlsIdentity } from './tls.ts';
import { nobody, type TransferPolicy } from './transfer-policy.ts';
import { addressKey, type SocketAddress } from './transport.ts';
import type { ListenFailure } from './worker-messages.ts';
import type { ZoneCounts } from './zone-tally.ts';

export interface DataPlaneOptions extends ProtocolOptions {
  /** `0.0.0.0` and `::` stand for every address of the machine, now and later. Port 0 is one free port for all. */
  addresses: readonly SocketAddress[];
  /** Where DNS over TLS is served once there is a certificate (see `show`). Default nowhere. */
  tlsAddresses?: readonly SocketAddress[];
  /** Number of threads, without the one that serves TLS. */
  workers: number;
  log: Log;
  /** What is served, from the first packet on; the plane takes care of the memory that is not needed any more. */
  zones?: ServedZones;
  /** Who may transfer zones. Default nobody. */
  transfers?: TransferPolicy;
  /** Told of a zone that a client wants and that is not loaded, once; while zones are announced, of a name that may be in one. */
  onWanted?: (name: Name) => void;
  /** The module whose `listenUdp` serves UDP in each worker. Default node:dgram. */
  udp?: URL | undefined;
  /** Default those of the system. */
  interfaces?: Interfaces;
  /** The worker's program, for tests of its failure. */
  program?: URL;
}

export interface DataPlane {
  /**
   * Resolves when every worker serves what was committed. That is so already when the commit returns, as all of them look into one table:
   * a worker that is busy, starts or hangs keeps nobody waiting, unless so much waits for it to be given back that memory would run out.
   */
  apply(): Promise<void>;
  /** Resolves when every worker knows who may transfer zones from now on. */
  setTransfers(policy: TransferPolicy): Promise<void>;
  /** Serves DNS over TLS with this from now on. Resolves with why it cannot be. */
  show(identity: TlsIdentity): Promise<ListenProblem | undefined>;
  /** For a plane that was started with such secrets: from now on these. */
  setCookieSecrets(secrets: CookieSecrets): void;
  /** Who answers what workers ask, from now on; until then nobody does. */
  answerWith(answer: AnswerQuestion): void;
  /** Zones whose newest version cannot be read: the workers answer SERVFAIL for them, or from the version before. */
  refused(): RefusedZone[];
  /** The response to a query that came over HTTPS, made in this thread; undefined when there must be none. */
  ask(query: Uint8Array, client: string): Uint8Array | undefined;
  /** One entry for each worker; counts go on over its replacements. */
  counters(): SeatCounters[];
  /** What zones were asked. */
  zoneCounts(): ZoneCounts;
  /** Of what `ask` answered. */
  ownCounters(): SeatCounters;
  /** What is bound now. */
  readonly addresses: readonly SocketAddress[];
  readonly tlsAddresses: readonly SocketAddress[];
  close(): Promise<void>;
}

/** How often the machine's addresses are looked at again, milliseconds. */
const RESCAN = 60_000;
/**
 * Starts the threads that answer queries, and keeps them running. Resolves when all of them listen, or with the problem when they
 * cannot.
 */
export async function startDataPlane(
  options: DataPlaneOptions,
): Promise<{ ok: true; plane: DataPlane } | { ok: false; problem: ListenProblem }> {
  const { clock, log, interfaces = networkInterfaces } = options;
  const claimed = await claimAll(options.addresses, interfaces, log);
  if ('problem' in claimed) return { ok: false, problem: claimed.problem };
  const requested = withPorts(options.addresses, claimed.addresses);
  const zones = options.zones ?? createServedZones();
  let { addresses } = claimed;
  let transfers = options.transfers ?? nobody;

  const protocol = startProtocol(options);

  let answerQuestion: AnswerQuestion = () => Promise.resolve(undefined);
  const forCrews = {
    program: options.program ?? programBeside(import.meta.url, 'worker'),
    clock,
    log,
    onWanted: (name: Name) => options.onWanted?.(name),
    onReleased: () => reclaiming.letGo(),
    onAsked: (question: Question) =>
      answerQuestion(question).catch((error: unknown) => {
        log.error({ err: error, what: question.what }, 'a question of a DNS worker has no answer');
        return undefined;
      }),
  };
  const udp = options.udp?.href;
  const begin = () => ({ zones: zones.share(), transfers, protocol: protocol.shared, udp });
  const crew = startCrew({
    ...forCrews,
    workers: options.workers,
    begin: () => ({ ...begin(), addresses }),
  });
  const encrypted = createEncryptedPlane(options.tlsAddresses ?? [], { ...forCrews, begin, interfaces });
  const directCounters = createCounterMemory();
  const direct = createDirectAnswerer({
    zones: zones.share(),
    features: openFeatures(protocol.shared, clock),
    clock,
    counters: directCounters,
    onWanted: (wire) => options.onWanted?.(Name.trusted(wire)),
    onError: (error) => log.error({ err: error }, 'an answer failed inside; the client got SERVFAIL'),
  });
  const crews = (): Crew[] => [crew, encrypted.crew() ?? []].flat();
  const request: Crew['request'] = async (asked) => {
    if (asked.kind === 'pause') direct.dropPages(asked.pages);
    return (await Promise.all(crews().map((each) => each.request(asked)))).flat();
  };
  const reclaiming = startReclaiming(
    zones,
    {
      request,
      sendSlab(slab) {
        direct.addSlab(slab);
        for (const each of crews()) each.sendSlab(slab);
      },
      pinned: () => new Set(crews().flatMap((each) => [...each.pinned()])),
    },
    log,
  );
  const failed = await crew.ready;

  let incomplete = failed.some((list) => list !== undefined && list.length > 0);
  const rescan = async (): Promise<void> => {
    rescanning = clock.after(RESCAN, () => void rescan());
    await encrypted.rescan();
    const now = expandAddresses(requested, interfaces());
    if (!incomplete && sameAddresses(now, addresses)) return;
    log.info({ addresses: now.map(addressKey) }, 'listening on the addresses that this machine has now');
    addresses = now;
    const failures = await crew.request({ kind: 'listen', addresses: now });
    incomplete = failures.length > 0;
    reportFailures(failures, log);
  };
  let rescanning = clock.after(RESCAN, () => void rescan());

  const plane: DataPlane = {
    apply: () => reclaiming.keepUp(),
    async setTransfers(policy) {
      transfers = policy;
      await request({ kind: 'transfers', policy });
    },
    setCookieSecrets: (secrets) => protocol.setCookieSecrets(secrets),
    answerWith: (answer) => void (answerQuestion = answer),
    show: (identity) => encrypted.show(identity),
    ask: (query, client) => direct.ask(query, client),
    counters: () => crews().flatMap((each) => each.counters()),
    zoneCounts: () => ({
      threads: [...crews().flatMap((each) => each.zoneCounts()), zoneCounts(directCounters)],
      end: zones.numbersEnd,
      nameOf: (number) => zones.numbered(number)?.toText(),
    }),
    ownCounters: () => ({ ...readCounters(directCounters), restarts: 0, running: true, isOwn: true }),
    refused: () => zones.refused(),
    get addresses() {
      return addresses;
    },
    get tlsAddresses() {
      return encrypted.addresses;
    },
    async close() {
      rescanning.cancel();
      protocol.stop();
      reclaiming.stop();
      await Promise.all([crew.close(), encrypted.close()]);
    },
  };
  if (failed.every((list) => list?.every(isPassing))) return { ok: true, plane };
  const failure = failed.flatMap((list) => list ?? []).find((each) => !isPassing(each));
  await plane.close();
  return { ok: false, problem: problemOf(failure, addresses) };
}

/** An address that went between two looks at the machine, or is not ready: the next look settles it. */
function isPassing({ code }: ListenFailure): boolean {
  return code === 'EADDRNOTAVAIL';
}

function problemOf(failure: ListenFailure | undefined, addresses: readonly SocketAddress[]): ListenProblem {
  if (!failure)
    return {
      code: 'listen-failed',
      address: addresses[0] ?? { address: '', port: 0 },
      message: 'the DNS workers ended while they started; the log says why',
    };
  const { address, transport, message } = failure;
  return {
    code: failure.code === 'EADDRINUSE' ? 'port-in-use' : 'listen-failed',
    address,
    message: `${transport.toUpperCase()} ${addressKey(address)} cannot be bound: ${message}`,
  };
}
