import { type Clock, sleep } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { query } from '../../dns/client/query.ts';
import { printRdata } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { Rcode } from '../../dns/wire/codes.ts';
import type { Message } from '../../dns/message/message.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Box } from '../../zones/model.ts';
import { isCurrent, serialAt } from '../../zones/secondaries/serials.ts';
import { AcmeError } from '../acme/problem.ts';
import { isGivenUp, type SecondaryPlace, type SecondaryTroubles } from './secondary-troubles.ts';

/** Milliseconds between two looks at a secondary. */
const POLL = 1000;
/** Milliseconds within which it must have got the zone. */
const PATIENCE = 2 * 60_000;
/** The same for one that is known to be behind. */
const SHORT_PATIENCE = 30_000;
/** Milliseconds for the look-up of its addresses. */
const LOOK_UP = 5000;

/** What a CA looks for. */
export interface PlacedChallenge {
  owner: Name;
  value: string;
}

/**
 * Resolves when every secondary that is not given up serves the challenges, or `stopping`: a CA may ask any of them.
 * @throws AcmeError `secondaryBehind`
 */
export type WaitForSecondaries = (
  challenges: readonly PlacedChallenge[],
  stopping: () => boolean,
) => Promise<void>;

export interface SecondaryOptions {
  box: () => Pick<Box, 'secondaries'> | undefined;
  /** Addresses of a host, in text form. */
  resolve: (hostname: string) => Promise<readonly string[]>;
  /** The zone that holds a name, with the serial that the box serves. */
  zoneOf: (name: Name) => { name: Name; serial: number | undefined } | undefined;
  troubles: SecondaryTroubles;
  clock: Clock;
  random: Random;
  log: Log;
  /** Where they serve; 53 when left out. */
  port?: number;
}

export function createSecondaries(options: SecondaryOptions): WaitForSecondaries {
  return async (challenges, stopping) => {
    const since = options.clock.monotonic();
    const waits = (options.box()?.secondaries ?? []).map(async (secondary) => {
      const addresses = await addressesOf(options, secondary);
      const places = addresses.map((address) => ({ secondary, address }));
      await Promise.all(
        places.flatMap((place) => challenges.map((one) => waitFor(options, place, one, { since, stopping }))),
      );
    });
    await Promise.all(waits);
  };
}

type Place = SecondaryPlace & { address: string };

/** @throws AcmeError `secondaryBehind` */
async function waitFor(
  options: SecondaryOptions,
  place: Place,
  challenge: PlacedChallenge,
  { since, stopping }: { since: number; stopping: () => boolean },
): Promise<void> {
  const { clock, troubles } = options;
  const known = troubles.of(place);
  // A CA passes over it as well; it is asked again when it has rested.
  if (known?.reason === 'silent' && known.retryAt > clock.now()) return;
  // Orders for other names have something better to do than to wait for the same once more.
  const until = since + (known?.reason === 'behind' ? SHORT_PATIENCE : PATIENCE);
  for (;;) {
    const found = await look(options, place.address, challenge);
    if (found === 'silent') troubles.note(place, 'silent', () => answers(options, place, challenge));
    else if (found === 'has' || known?.reason === 'silent') troubles.clear(place);
    if (found !== 'lacks' || stopping()) return;
    if (known && isGivenUp(known, clock.now())) return;
    if (clock.monotonic() >= until) {
      troubles.note(place, 'behind', () => hasCaughtUp(options, place, challenge));
      throw behind(place, challenge);
    }
    await sleep(clock, POLL);
  }
}

/** One without an address is asked by nobody. */
async function addressesOf(options: SecondaryOptions, secondary: Name): Promise<readonly string[]> {
  const place = { secondary, address: undefined };
  const { troubles, clock, log } = options;
  const known = troubles.of(place);
  if (known && known.retryAt > clock.now()) return [];
  try {
    const found = await resolved(options, secondary);
    troubles.clear(place);
    return found;
  } catch (error) {
    log.warn({ secondary, err: error }, 'the name of a secondary does not resolve');
    troubles.note(place, 'unresolved', async () => (await resolved(options, secondary)).length > 0);
    return [];
  }
}

/** @throws Error */
function resolved({ resolve: lookUp, clock }: SecondaryOptions, secondary: Name): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(LOOK_UP, () =>
      reject(new Error('its addresses could not be looked up in time')),
    );
    lookUp(secondary.toText())
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}

/** `silent`: it does not answer. `passed`: it does not serve the zone, and a CA passes over it, too. */
async function look(
  options: SecondaryOptions,
  address: string,
  { owner, value }: PlacedChallenge,
): Promise<'has' | 'lacks' | 'passed' | 'silent'> {
  const message = await ask(options, address, owner, Type.TXT);
  if (!message) return 'silent';
  const { rcode, flags } = message;
  if (!flags.aa || (rcode !== Rcode.NOERROR && rcode !== Rcode.NXDOMAIN)) return 'passed';
  return holds(message, owner, value) ? 'has' : 'lacks';
}

async function answers(
  options: SecondaryOptions,
  { address }: Place,
  { owner }: PlacedChallenge,
): Promise<boolean> {
  return (await ask(options, address, owner, Type.TXT)) !== undefined;
}

/** Whether it serves the version of the zone that the box does, or does not serve the zone any more. */
async function hasCaughtUp(
  options: SecondaryOptions,
  { address }: Place,
  { owner }: PlacedChallenge,
): Promise<boolean> {
  const zone = options.zoneOf(owner);
  if (zone?.serial === undefined) return true;
  const { port } = options;
  const found = await serialAt(port === undefined ? { address } : { address, port }, zone.name, options);
  return found.kind === 'serial' ? isCurrent(found.serial, zone.serial) : found.kind === 'none';
}

/** undefined: it does not answer. */
async function ask(
  { clock, random, port }: SecondaryOptions,
  address: string,
  name: Name,
  type: number,
): Promise<Message | undefined> {
  const server = port === undefined ? { address } : { address, port };
  const result = await query({ server, name, type, clock, random });
  return result.kind === 'answer' ? result.message : undefined;
}

function holds({ answers }: Message, owner: Name, value: string): boolean {
  return answers.some(
    (record) =>
      record.type === Type.TXT &&
      record.owner.equals(owner) &&
      printRdata(Type.TXT, record.rdata) === `"${value}"`,
  );
}

function behind({ secondary, address }: Place, { owner }: PlacedChallenge): AcmeError {
  const detail = `${secondary.toText()} (${address}) has no such TXT record at ${owner.toText()}`;
  return new AcmeError({ type: 'secondaryBehind', detail, retryAt: undefined });
}
