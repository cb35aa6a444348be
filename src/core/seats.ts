import { clientNetwork } from './client-network.ts';

/** The connections that a server has room for. */
export interface Seats {
  readonly taken: number;
  /** More than half are taken. */
  readonly busy: boolean;
  /**
   * Takes a seat; returns the function that gives it back, or undefined when the client has as many as it may. `evict` is
   * called when somebody else needs the seat more: as long as others are idle, it is theirs. Without `isIdle` it always is.
   * Undefined, too, when all are at work that are not to be disturbed.
   */
  take(address: string, evict: () => void, isIdle?: () => boolean): (() => void) | undefined;
}

export interface SeatLimits {
  connections: number;
  connectionsPerClient: number;
  /** Whether who is at work keeps its seat, though a newcomer then finds none. */
  sparesWork?: boolean;
}

interface Seat {
  network: string;
  evict: () => void;
  isIdle: () => boolean;
}

const always = (): boolean => true;

/**
 * Shares connections out among clients; a client is an IPv4 address or an IPv6 /64 (RFC 7766 §6.2.2). Every newcomer finds room: in a full house the client with the most connections gives up its oldest
 * idle one, else whoever has an idle one, else the one with the most its oldest, unless those at work are spared. So it takes more networks than there are seats, and a flood without pause, to keep others out.
 */
export function createSeats(limits: SeatLimits): Seats {
  const seats = new Set<Seat>();
  const held = new Map<string, Set<Seat>>();

  const leave = (seat: Seat): void => {
    const own = held.get(seat.network);
    if (!seats.delete(seat) || !own) return;
    own.delete(seat);
    if (own.size === 0) held.delete(seat.network);
  };
  const makeRoom = (): void => {
    let most: Set<Seat> | undefined;
    for (const own of held.values()) if (own.size > (most?.size ?? 1)) most = own;
    const idle = idleOf(most ?? []) ?? idleOf(seats);
    const oldest = idle ?? (limits.sparesWork ? undefined : firstOf(most ?? seats));
    if (!oldest) return;
    leave(oldest);
    oldest.evict();
  };

  return {
    get taken() {
      return seats.size;
    },
    get busy() {
      return seats.size > limits.connections / 2;
    },
    take(address, evict, isIdle = always) {
      const network = clientNetwork(address);
      if ((held.get(network)?.size ?? 0) >= limits.connectionsPerClient) return undefined;
      if (seats.size >= limits.connections) makeRoom();
      if (seats.size >= limits.connections) return undefined;
      const seat = { network, evict, isIdle };
      seats.add(seat);
      const own = held.get(network);
      if (own) own.add(seat);
      else held.set(network, new Set([seat]));
      return () => leave(seat);
    },
  };
}

/** The first that is idle; they are in the order in which they came. */
function idleOf(seats: Iterable<Seat>): Seat | undefined {
  for (const seat of seats) if (seat.isIdle()) return seat;
  return undefined;
}

function firstOf(seats: Iterable<Seat>): Seat | undefined {
  const [first] = seats;
  return first;
}
