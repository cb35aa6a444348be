import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../core/clock.ts';
import { workInBackground } from '../../core/priority.ts';
import { answer, createAnswerContext, DEFERRED, MAX_MESSAGE } from './answer.ts';
import { createBatchClock } from './batch-clock.ts';
import { openCounters } from './counters.ts';
import { createListeners } from './listeners.ts';
import { openPins } from './pins.ts';
import { openFeatures } from './protocol.ts';
import { createQuestions } from './questions.ts';
import { createRequests } from './requests.ts';
import { remoteLog } from './server-log.ts';
import type { TlsIdentity } from './tls.ts';
import type { TlsListeners } from './tls-listeners.ts';
import { type Answerer, LATER, type ListenUdp } from './transport.ts';
import { listenUdp } from './udp.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';
import { openZoneSet } from './zone-set.ts';

/** The entry of a data-plane thread: its own sockets, and the zones that all threads share. */

/** A broken zone asked for in a loop must not fill the log: one report in so many milliseconds. */
const FAILURE_INTERVAL = 10_000;

const start = workerData as WorkerStart;
const port = parentPort!;
const log = remoteLog(start.logLevel, send);
const zones = openZoneSet({
  zones: start.zones,
  onWanted: (wire) => send({ kind: 'wanted', wire }),
  onMissing: takeSlabs,
});
const batchClock = createBatchClock(systemClock);
const features = openFeatures(start.protocol, batchClock, (): number => listeners.idle());
const out = new Uint8Array(MAX_MESSAGE);
const questions = createQuestions((id, question) => send({ kind: 'asked', id, question }), systemClock);
const requests = createRequests({
  zones,
  out,
  pins: openPins(start.pins),
  questions,
  clock: systemClock,
  onReleased: () => send({ kind: 'released' }),
});
requests.setPolicy(start.transfers);
let lastFailure = -Infinity;

function send(message: FromWorker): void {
  port.postMessage(message);
}

/**
 * Takes in the slabs that were sent and not received yet, in the middle of a query. Everything else waits for its turn: a pause, above
 * all, is none now.
 */
function takeSlabs(): void {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    const message = next.message as ToWorker;
    if (message.kind === 'slab') zones.addSlab(message.slab);
    else queueMicrotask(() => void handle(message));
  }
}

/** False where that fails: an answer tries again, and says what went wrong. */
function beginZones(): boolean {
  try {
    zones.begin();
    return true;
  } catch {
    return false;
  }
}

function createAnswerer(name: 'udp' | 'tcp' | 'tls', transfers = true): Answerer {
  const counting = openCounters(start.counters, name);
  const transport = name === 'udp' ? 'udp' : 'tcp';
  const report = (error: unknown): void => {
    counting.countFailure();
    if (systemClock.monotonic() - lastFailure < FAILURE_INTERVAL) return;
    lastFailure = systemClock.monotonic();
    send({
      kind: 'failure',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  };
  const context = createAnswerContext(transport, report, features);
  context.defers = true;
  context.encrypted = name === 'tls';
  context.transfers = transfers;
  let began = 0;
  let begun = false;
  return {
    out,
    begin() {
      batchClock.read();
      begun = beginZones();
      began = systemClock.monotonic();
    },
    end: (messages) => counting.countLatency(systemClock.monotonic() - began, messages),
    answer(query, length, client, to = out, memory?) {
      context.client = client;
      context.memory = memory;
      context.begun = begun;
      let size = answer(query, length, zones, to, context);
      // What is answered otherwise may be in another turn, and elsewhere.
      context.begun = false;
      context.memory = undefined;
      if (size === DEFERRED) {
        size = requests.answer(query, length, client, context);
        if (size > 0 && to !== out) to.set(out.subarray(0, size));
      }
      if (size !== LATER) counting.count(context, size);
      return size;
    },
    takeLater() {
      const later = requests.takeLater();
      return (done) =>
        later((size) => {
          counting.count(context, size);
          done(size);
        });
    },
    takeRest: () => requests.takeRest(),
    shed: () => counting.countShed(),
  };
}

/** The module that composition names, else node:dgram: a machine where that one cannot work is served all the same. */
async function findUdp(): Promise<ListenUdp> {
  if (start.udp === undefined) return listenUdp;
  try {
    return ((await import(start.udp)) as { listenUdp: ListenUdp }).listenUdp;
  } catch (error) {
    log.warn({ err: error }, 'UDP is served without batches, at three times the CPU time');
    return listenUdp;
  }
}

/** OpenSSL's part of Node is loaded by the one thread that needs it. */
async function listenEncrypted(identity: TlsIdentity): Promise<TlsListeners> {
  const { createTlsListeners } = await import('./tls-listeners.ts');
  const answerers = { transfers: createAnswerer('tls'), questions: createAnswerer('tls', false) };
  return createTlsListeners(answerers, identity, systemClock, log);
}

const encrypted = start.tls && (await listenEncrypted(start.tls));
// A handshake costs more than answers do, and these come first.
if (encrypted) workInBackground();
const listeners =
  encrypted ??
  createListeners(
    { udp: createAnswerer('udp'), tcp: createAnswerer('tcp') },
    await findUdp(),
    systemClock,
    log,
  );

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'slab':
      zones.addSlab(message.slab);
      break;
    case 'pause':
      zones.dropPages(message.pages);
      send({ kind: 'done', id: message.id });
      break;
    case 'transfers':
      requests.setPolicy(message.policy);
      send({ kind: 'done', id: message.id });
      break;
    case 'answered':
      batchClock.read();
      questions.answered(message.question, message.answer);
      break;
    case 'end-transfers':
      requests.endTransfers();
      send({ kind: 'done', id: message.id });
      break;
    case 'listen':
      send({ kind: 'done', id: message.id, failed: await listeners.set(message.addresses) });
      break;
    case 'show':
      try {
        encrypted?.show(message.identity);
      } catch (error) {
        log.error({ err: error }, 'a certificate cannot be served over DNS over TLS');
      }
      send({ kind: 'done', id: message.id });
      break;
    case 'close':
      await listeners.set([]);
      send({ kind: 'done', id: message.id });
      port.close();
  }
}

port.on('message', (message: ToWorker) => void handle(message));
send({ kind: 'ready', failed: await listeners.set(start.addresses) });
