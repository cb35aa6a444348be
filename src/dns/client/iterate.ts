import type { Clock } from '../../core/clock.ts';
import { type Random, randomInteger } from '../../core/random.ts';
import { printRdata } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import type { Message } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import type { CutCache } from './cut-cache.ts';
import { DNS_PORT, type Server, serverText } from './exchange.ts';
import { isPublic } from './public-address.ts';
import { query } from './query.ts';
import { type Cut, type Reading, readReferral } from './referral.ts';
import type { Nameserver } from './root-hints.ts';

/** What an iterative look-up may use and spend. */
export interface IterateSettings {
  roots: readonly Nameserver[];
  /** The port of every server, as referrals carry none. Default 53. */
  port?: number;
  clock: Clock;
  random: Random;
  /** Milliseconds for each attempt. Default 1500. */
  timeout?: number;
  /** Attempts after the first one at the same server. Default 1. */
  retries?: number;
  /** Questions of one look-up, the addresses of name servers included. Default 60. */
  maxQueries?: number;
  /**
   * Whether an address that a zone gave for its servers may be asked; the roots always may. By default those of this
   * machine and its link may not: anybody can point a delegation there.
   */
  acceptAddress?: (address: string) => boolean;
}

/** Name servers whose own addresses need name servers whose addresses …: more than this is a trap. */
const MAX_DEPTH = 4;
/** Servers without glue of one zone that are looked up before giving up. */
const MAX_GLUELESS = 4;

/** One look-up: what it knows and what it has spent. */
export interface Work {
  settings: IterateSettings;
  signal: AbortSignal | undefined;
  queries: number;
  /** Zone cuts met so far, by the key of their names. */
  cuts: Map<string, Cut>;
  /** Those below the root, from look-ups before. */
  topLevel: CutCache;
  /** Names of servers whose addresses are being looked up: one that needs itself is a loop. */
  resolving: Set<string>;
}

export type Useful = Exclude<Reading, { kind: 'lame' }>;

/** A usable reply, and who gave it. */
export interface Reply {
  reading: Useful;
  server: Server;
}

export interface LookupFailure {
  kind: 'failed';
  detail: string;
}

export function startWork(settings: IterateSettings, topLevel: CutCache, signal?: AbortSignal): Work {
  const root: Cut = { zone: Name.root, nameservers: [...settings.roots] };
  const cuts = new Map([[Name.root.key, root]]);
  return { settings, signal, queries: 0, cuts, topLevel, resolving: new Set() };
}

/** undefined for a reply that will do, else what is wrong with it; then the next server is asked. */
export type Accept = (reading: Useful) => string | undefined;

/**
 * Follows referrals from the deepest known zone above `name` to a reply that is none, or to the referral to `name`
 * itself when `stopAtCut`.
 */
export async function walk(
  work: Work,
  name: Name,
  type: number,
  { stopAtCut = false, accept }: { stopAtCut?: boolean; accept?: Accept } = {},
): Promise<{ cut: Cut; reply: Reply } | LookupFailure> {
  let cut = deepestCut(work, stopAtCut ? name.parent() : name);
  for (;;) {
    const reply = await ask(work, cut, name, type, accept);
    if ('kind' in reply) return reply;
    if (reply.reading.kind !== 'referral') return { cut, reply };
    const below = reply.reading.cut;
    if (stopAtCut && below.zone.equals(name)) return { cut, reply };
    if (cut.zone.isRoot) work.topLevel.set(below);
    work.cuts.set(below.zone.key, below);
    cut = below;
  }
}

function deepestCut(work: Work, name: Name): Cut {
  for (let zone = name; ; zone = zone.parent()) {
    const cut = work.cuts.get(zone.key) ?? work.topLevel.get(zone);
    if (cut) return cut;
  }
}

/** Asks the servers of a zone one after the other until one gives a useful reply. */
async function ask(
  work: Work,
  cut: Cut,
  name: Name,
  type: number,
  accept: Accept = () => undefined,
): Promise<Reply | LookupFailure> {
  const { settings, signal } = work;
  const failures: string[] = [];
  for await (const address of addressesOf(work, cut)) {
    if (signal?.aborted) return failed('the look-up was withdrawn');
    if (work.queries >= (settings.maxQueries ?? 60))
      return failed(`the look-up needs more than ${work.queries} questions`);
    work.queries++;
    const server = { address, port: settings.port ?? DNS_PORT };
    const reading = await askServer(work, server, cut, name, type);
    const refusal = reading.kind === 'lame' ? reading.detail : accept(reading);
    if (reading.kind !== 'lame' && refusal === undefined) return { reading, server };
    failures.push(refusal!);
  }
  const reasons = failures.length > 0 ? failures.join('; ') : 'none of them has an address';
  return failed(`no server of ${cut.zone.toText()} gives a useful answer about ${name.toText()}: ${reasons}`);
}

async function askServer(work: Work, server: Server, cut: Cut, name: Name, type: number): Promise<Reading> {
  const { clock, random, timeout = 1500, retries = 1 } = work.settings;
  const { signal } = work;
  const result = await query({ server, name, type, do: true, clock, random, timeout, retries, signal });
  if (result.kind !== 'answer') return { kind: 'lame', detail: result.detail };
  const reading = readReferral(result.message, name, cut.zone);
  return reading.kind === 'lame'
    ? { ...reading, detail: `${serverText(server)} ${reading.detail}` }
    : reading;
}

function failed(detail: string): LookupFailure {
  return { kind: 'failed', detail };
}

/** The addresses of a zone's servers: those known, in random order with IPv4 first, then those looked up. */
async function* addressesOf(work: Work, cut: Cut): AsyncGenerator<string> {
  const { random, acceptAddress = isPublic } = work.settings;
  const accepted = (addresses: readonly string[]): string[] =>
    order(cut.zone.isRoot ? addresses : addresses.filter(acceptAddress), random);
  yield* accepted(cut.nameservers.flatMap(({ addresses }) => addresses));
  const glueless = cut.nameservers.filter(({ addresses }) => addresses.length === 0);
  for (const { name } of shuffle(glueless, random).slice(0, MAX_GLUELESS))
    yield* accepted(await addressesByName(work, name));
}

/** Looks up a name server's addresses; none when they cannot be found within the bounds. */
async function addressesByName(work: Work, name: Name): Promise<string[]> {
  if (work.resolving.has(name.key) || work.resolving.size >= MAX_DEPTH) return [];
  work.resolving.add(name.key);
  const addresses: string[] = [];
  for (const type of [Type.A, Type.AAAA]) {
    const result = await walk(work, name, type);
    if ('kind' in result) break;
    if (result.reply.reading.kind === 'answer')
      addresses.push(...readAddresses(result.reply.reading.message, name));
    if (addresses.length > 0) break;
  }
  work.resolving.delete(name.key);
  return addresses;
}

/** RFC 2181 §10.3: the name of a server is no alias, so a CNAME has no addresses for us. */
function readAddresses(message: Message, name: Name): string[] {
  return message.answers
    .filter(({ owner, type }) => (type === Type.A || type === Type.AAAA) && owner.equals(name))
    .map(({ type, rdata }) => printRdata(type, rdata));
}

function order(addresses: readonly string[], random: Random): string[] {
  const isIPv6 = (address: string): number => Number(address.includes(':'));
  return shuffle(addresses, random).sort((a, b) => isIPv6(a) - isIPv6(b));
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = randomInteger(random, last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
