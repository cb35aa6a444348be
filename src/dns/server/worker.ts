import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { MAX_MESSAGE, answer, createAnswerContext } from './answer.ts';
import { openCounters } from './counters.ts';
import { createListeners } from './listeners.ts';
import type { Answerer } from './transport.ts';
import type { ZoneImage } from '../zone/image.ts';
import type { FromWorker, Refusal, ToWorker, WorkerStart } from './worker-messages.ts';
import { createZoneSet } from './zone-set.ts';

/** The entry of a data-plane thread: its own sockets, its own view of the zones, nothing else. */

/** A broken zone asked for in a loop must not fill the log: one report in so many milliseconds. */
const FAILURE_INTERVAL = 10_000;

const start = workerData as WorkerStart;
const port = parentPort!;
const log = createLog({ level: start.logLevel });
const zones = createZoneSet();
const out = new Uint8Array(MAX_MESSAGE);
let lastFailure = -Infinity;

function send(message: FromWorker): void {
  port.postMessage(message);
}

/** One image that cannot be read must not keep the others from being served. */
function setImages(images: readonly ZoneImage[]): Refusal[] {
  return images.flatMap((image, index) => {
    const reason = zones.set(image);
    return reason === undefined ? [] : { index, reason };
  });
}

function createAnswerer(transport: 'udp' | 'tcp'): Answerer {
  const counting = openCounters(start.counters, transport);
  const context = createAnswerContext(transport, (error) => {
    counting.countFailure();
    if (systemClock.monotonic() - lastFailure < FAILURE_INTERVAL) return;
    lastFailure = systemClock.monotonic();
    send({
      kind: 'failure',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  });
  return {
    out,
    answer(query, length) {
      const size = answer(query, length, zones, out, context);
      counting.count(context, size);
      return size;
    },
    shed: () => counting.countShed(),
  };
}

const listeners = createListeners(
  { udp: createAnswerer('udp'), tcp: createAnswerer('tcp') },
  systemClock,
  log,
);

async function handle(message: ToWorker): Promise<void> {
  const { id } = message;
  switch (message.kind) {
    case 'apply': {
      const refused = setImages(message.set);
      for (const originKey of message.remove) zones.remove(originKey);
      send({ kind: 'done', id, refused });
      break;
    }
    case 'listen':
      send({ kind: 'done', id, failed: await listeners.set(message.addresses) });
      break;
    case 'close':
      await listeners.set([]);
      send({ kind: 'done', id });
      port.close();
  }
}

const refused = setImages(start.images);
port.on('message', (message: ToWorker) => void handle(message));
send({ kind: 'ready', failed: await listeners.set(start.addresses), refused });
