/**
 * What of the zones' memory is read for longer than a moment: the arenas of versions under transfer, in words that a worker writes and the
 * supervisor reads. They belong to the supervisor, so those of a worker that crashed are not kept for ever.
 */
export interface Pins {
  /** Keeps an arena; gives the way to let it go, or undefined when as many are kept as may be. */
  take(arena: number): (() => void) | undefined;
}

/** Transfers of more than a moment that one worker has under way. */
const PINS = 32;

export function createPinMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * PINS);
}

/** To be called by the worker. It pins what it found before it pauses: afterwards it may be gone. */
export function openPins(memory: SharedArrayBuffer): Pins {
  const words = new Uint32Array(memory);
  return {
    take(arena) {
      const free = words.indexOf(0);
      if (free < 0) return undefined;
      Atomics.store(words, free, arena);
      return () => void Atomics.store(words, free, 0);
    },
  };
}

/** The arenas that are kept now. */
export function pinned(memory: SharedArrayBuffer): number[] {
  const words = new Uint32Array(memory);
  return Array.from(words, (_, i) => Atomics.load(words, i)).filter((arena) => arena !== 0);
}

/** Of a worker that ended. */
export function clearPins(memory: SharedArrayBuffer): void {
  new Uint32Array(memory).fill(0);
}
