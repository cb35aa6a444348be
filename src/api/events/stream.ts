import type { Clock, Timer } from '../../core/clock.ts';
import type { EventFeed, SignpostEvent } from '../../work/events.ts';

/** Milliseconds between comments that keep proxies from closing a silent connection. */
const KEEPALIVE = 20_000;
/** Events that wait for a slow client; then the stream ends, and the client resumes where it was. */
const QUEUE = 2_000;

export interface EventStreamOptions {
  events: EventFeed;
  /** Whether the client may know of an event. */
  mayFollow: (event: SignpostEvent) => boolean;
  clock: Clock;
  lastId: number | undefined;
  /** Called when the stream starts; what it gives, when it ends. */
  count: () => () => void;
  /** Ends the stream. */
  stopping: AbortSignal | undefined;
  /** Calls `ended` when the client may follow no more; returns how to wait no more. */
  whenEnded: (ended: () => void) => () => void;
}

/**
 * Server-sent events (HTML Living Standard §9.2). Subscribes when the first octet is asked for, so that an answer nobody
 * reads (HEAD) holds nothing.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  let stop: (() => void) | undefined;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        stop ??= follow(options, controller);
      },
      cancel() {
        stop?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Writes events into the stream; gives the function that ends it. */
function follow(
  options: EventStreamOptions,
  controller: ReadableStreamDefaultController<Uint8Array>,
): () => void {
  const { events, clock, stopping } = options;
  const encoder = new TextEncoder();
  let timer: Timer | undefined;
  let unsubscribe = (): void => undefined;
  let unwatch = (): void => undefined;
  const countOff = options.count();
  const state = { ended: false };

  const stop = (): void => {
    if (state.ended) return;
    state.ended = true;
    timer?.cancel();
    countOff();
    unsubscribe();
    unwatch();
    stopping?.removeEventListener('abort', end);
  };
  const end = (): void => {
    if (state.ended) return;
    stop();
    controller.close();
  };
  const write = (text: string): void => {
    if (state.ended) return;
    if ((controller.desiredSize ?? 0) < -QUEUE) end();
    else controller.enqueue(encoder.encode(text));
  };
  const keepAlive = (): void => {
    write(': keepalive\n\n');
    if (!state.ended) timer = clock.after(KEEPALIVE, keepAlive);
  };

  write('retry: 3000\n\n');
  stopping?.addEventListener('abort', end);
  timer = clock.after(KEEPALIVE, keepAlive);
  unsubscribe = events.subscribe(options.lastId, (event) => {
    if (options.mayFollow(event)) write(printEvent(event));
  });
  unwatch = options.whenEnded(end);
  // What was missed may have been too much already, and the token may have ended since it was looked at.
  if (state.ended) {
    unsubscribe();
    unwatch();
  }
  return stop;
}

/** JSON holds no line breaks, so one `data` line is enough. */
export function printEvent(event: SignpostEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
