/** Zones that have a number, at most: those beyond have 0, as what is none. */
export const NUMBERED_ZONES = 262_144;

/** A number rests until so many others were given back: what was counted for a zone that went is long looked at when another has its number. */
const RESTING = 1024;

/** Small numbers for zones, each its own for as long as it is served, so that counters of zones are a plain list. */
export interface ZoneNumbers {
  /** For the zone at this address; 0 when all are taken. */
  take(address: number): number;
  /** A zone that has one is at another address. */
  move(number: number, address: number): void;
  give(number: number): void;
  /** The address of the zone that has it; 0 is none. */
  addressOf(number: number): number;
  /** No zone has this number or a greater one. */
  readonly end: number;
}

export function createZoneNumbers(): ZoneNumbers {
  let addresses = new Uint32Array(64);
  const given: number[] = [];
  let end = 1;
  const next = (): number => {
    if (given.length > RESTING) return given.shift()!;
    if (end < NUMBERED_ZONES) return end++;
    return given.shift() ?? 0;
  };
  const move = (number: number, address: number): void => {
    if (number === 0) return;
    if (number >= addresses.length) {
      const more = new Uint32Array(2 * addresses.length);
      more.set(addresses);
      addresses = more;
    }
    addresses[number] = address;
  };
  return {
    take(address) {
      const number = next();
      move(number, address);
      return number;
    },
    move,
    give(number) {
      if (number === 0) return;
      addresses[number] = 0;
      given.push(number);
    },
    addressOf: (number) => addresses[number] ?? 0,
    get end() {
      return end;
    },
  };
}
