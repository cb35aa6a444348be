import { type Clock, epochSeconds } from '../../core/clock.ts';
import {
  putUnsignedError,
  readTsig,
  type SignedBy,
  unsignedErrorSize,
  withoutTsig,
} from '../message/tsig.ts';
import { Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import type { SharedZones } from '../zone/served-zones.ts';
import { answer, createAnswerContext, DEFERRED, MAX_MESSAGE } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { Ede } from './codes.ts';
import { openCounters } from './counters.ts';
import type { Features } from './features.ts';
import { openZoneSet, type ZoneSet } from './zone-set.ts';

/** Answers in the calling thread, for what brings queries another way than by a transport of DNS. */
export interface DirectAnswerer extends Pick<ZoneSet, 'addSlab' | 'dropPages'> {
  /** The response to a query of an encrypted stream; undefined when there must be none. `client` is its address as text. */
  ask(query: Uint8Array, client: string): Uint8Array | undefined;
}

export interface DirectOptions {
  zones: SharedZones;
  features: Features;
  clock: Clock;
  /** See `createCounterMemory`. */
  counters: SharedArrayBuffer;
  onWanted: (wire: Uint8Array) => void;
  onError: (error: unknown) => void;
}

/**
 * It offers questions alone: transfers and updates are for transports that know of them, and so are keys; who signs is told that we have none (RFC 8945 §5.2.1). Zones are read between two turns of
 * the event loop, in which nothing is given back.
 */
export function createDirectAnswerer(options: DirectOptions): DirectAnswerer {
  const { features, clock, onError } = options;
  const zones = openZoneSet({
    zones: options.zones,
    onWanted: options.onWanted,
    // Whoever sends slabs has sent them here in the turn in which they came to be.
    onMissing: () => undefined,
  });
  const counting = openCounters(options.counters, 'https');
  const context = createAnswerContext(
    'tcp',
    (error) => {
      counting.countFailure();
      onError(error);
    },
    features,
  );
  context.encrypted = true;
  const client = createClientAddress();
  context.client = client;
  const out = new Uint8Array(MAX_MESSAGE);
  const plainly = (message: Uint8Array): number => {
    context.defers = false;
    return answer(message, message.length, zones, out, context);
  };
  const answerDeferred = (query: Uint8Array): number => {
    const signed = tsigOf(query);
    if (!signed) return plainly(query);
    const refusal = { rcode: Rcode.NOTAUTH, ede: Ede.none };
    Object.assign(context, { refusal, reserved: unsignedErrorSize(signed) });
    const length = plainly(withoutTsig(query, signed));
    Object.assign(context, { refusal: undefined, reserved: 0 });
    return putUnsignedError(out, length, signed, Rcode.BADKEY, epochSeconds(features.clock));
  };
  return {
    addSlab: (slab) => zones.addSlab(slab),
    dropPages: (pages) => zones.dropPages(pages),
    ask(query, from) {
      const began = clock.monotonic();
      setClientText(client, from);
      context.defers = true;
      let length = answer(query, query.length, zones, out, context);
      if (length === DEFERRED) length = answerDeferred(query);
      counting.count(context, length);
      counting.countLatency(clock.monotonic() - began, 1);
      return length === 0 ? undefined : out.slice(0, length);
    },
  };
}

/** undefined, too, for one that is broken: the answer says so. */
function tsigOf(query: Uint8Array): SignedBy | undefined {
  try {
    return readTsig(query);
  } catch (error) {
    if (error instanceof FormErr) return undefined;
    throw error;
  }
}
