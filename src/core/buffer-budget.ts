/** Octets that many clients may make a server hold, all together. */
export interface BufferBudget {
  readonly held: number;
  /** `evict` is called when others need the room more: from then on nothing of this account is held. */
  open(evict: () => void): BufferAccount;
}

/** What one client makes the server hold. */
export interface BufferAccount {
  /** Says how much it is now, octets. */
  hold(octets: number): void;
  close(): void;
}

interface Holder {
  octets: number;
  evict: () => void;
}

/** Keeps to `limit` octets: beyond it, who holds the most is evicted. So those that hold little are never touched by those that hold much. */
export function createBufferBudget(limit: number): BufferBudget {
  const holders = new Set<Holder>();
  let held = 0;

  const set = (holder: Holder, octets: number): void => {
    if (octets > 0) holders.add(holder);
    else holders.delete(holder);
    held += octets - holder.octets;
    holder.octets = octets;
  };
  const evictLargest = (): void => {
    let largest: Holder | undefined;
    for (const holder of holders) if (holder.octets > (largest?.octets ?? 0)) largest = holder;
    if (!largest) return;
    set(largest, 0);
    largest.evict();
  };

  return {
    get held() {
      return held;
    },
    open(evict) {
      const holder: Holder = { octets: 0, evict };
      let closed = false;
      return {
        hold(octets) {
          if (closed || octets === holder.octets) return;
          set(holder, octets);
          while (held > limit) evictLargest();
        },
        close() {
          closed = true;
          set(holder, 0);
        },
      };
    },
  };
}
