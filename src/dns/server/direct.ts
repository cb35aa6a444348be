import type { SharedZones } from '../zone/served-zones.ts';
import { answer, createAnswerContext, MAX_MESSAGE } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
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
  /** See `createCounterMemory`. */
  counters: SharedArrayBuffer;
  onWanted: (wire: Uint8Array) => void;
  onError: (error: unknown) => void;
}

/**
 * It offers questions alone: transfers, updates and what is signed are for transports that know of them. Zones are read between two turns of
 * the event loop, in which nothing is given back.
 */
export function createDirectAnswerer(options: DirectOptions): DirectAnswerer {
  const { features, onError } = options;
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
  return {
    addSlab: (slab) => zones.addSlab(slab),
    dropPages: (pages) => zones.dropPages(pages),
    ask(query, from) {
      setClientText(client, from);
      const length = answer(query, query.length, zones, out, context);
      counting.count(context, length);
      return length === 0 ? undefined : out.slice(0, length);
    },
  };
}
