import { type Clock, sleep } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { query } from '../../dns/client/query.ts';
import { printRdata } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { Rcode } from '../../dns/wire/codes.ts';
import type { Message } from '../../dns/wire/message.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Box } from '../../zones/model.ts';
import { AcmeError } from '../acme/problem.ts';

/** Milliseconds between two looks at a secondary. */
const POLL = 1000;
/** Milliseconds within which it must have got the zone. */
const PATIENCE = 2 * 60_000;

/** What a CA looks for. */
export interface PlacedChallenge {
  owner: Name;
  value: string;
}

/**
 * Resolves when every secondary serves the challenges, or `stopping`: a CA may ask any of them.
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
  clock: Clock;
  random: Random;
  log: Log;
  /** Where they serve; 53 when left out. */
  port?: number;
}

export function createSecondaries(options: SecondaryOptions): WaitForSecondaries {
  const { box, clock } = options;
  return async (challenges, stopping) => {
    const until = clock.monotonic() + PATIENCE;
    const waitFor = async (secondary: Name, address: string, challenge: PlacedChallenge): Promise<void> => {
      for (;;) {
        const found = await look(options, address, challenge);
        if (found === 'silent') options.log.warn({ secondary, address }, 'a secondary does not answer');
        if (found !== 'lacks' || stopping()) return;
        if (clock.monotonic() >= until) throw behind(secondary, address, challenge);
        await sleep(clock, POLL);
      }
    };
    const waits = (box()?.secondaries ?? []).map(async (secondary) => {
      const addresses = await addressesOf(options, secondary);
      await Promise.all(
        addresses.flatMap((address) => challenges.map((one) => waitFor(secondary, address, one))),
      );
    });
    await Promise.all(waits);
  };
}

/** One without an address is asked by nobody. */
async function addressesOf({ resolve, log }: SecondaryOptions, secondary: Name): Promise<readonly string[]> {
  try {
    return await resolve(secondary.toText());
  } catch (error) {
    log.warn({ secondary, err: error }, 'the name of a secondary does not resolve');
    return [];
  }
}

/** `silent` is one that a CA passes over too: it does not answer, or not for the zone. */
async function look(
  { clock, random, port }: SecondaryOptions,
  address: string,
  { owner, value }: PlacedChallenge,
): Promise<'has' | 'lacks' | 'silent'> {
  const server = port === undefined ? { address } : { address, port };
  const result = await query({ server, name: owner, type: Type.TXT, clock, random });
  if (result.kind !== 'answer' || !result.message.flags.aa) return 'silent';
  const { rcode } = result.message;
  if (rcode !== Rcode.NOERROR && rcode !== Rcode.NXDOMAIN) return 'silent';
  return holds(result.message, owner, value) ? 'has' : 'lacks';
}

function holds({ answers }: Message, owner: Name, value: string): boolean {
  return answers.some(
    (record) =>
      record.type === Type.TXT &&
      record.owner.equals(owner) &&
      printRdata(Type.TXT, record.rdata) === `"${value}"`,
  );
}

function behind(secondary: Name, address: string, { owner }: PlacedChallenge): AcmeError {
  const detail = `${secondary.toText()} (${address}) has no such TXT record at ${owner.toText()}`;
  return new AcmeError({ type: 'secondaryBehind', detail, retryAt: undefined });
}
