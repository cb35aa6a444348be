import { type Clock, sleep } from '../../core/clock.ts';
import { Name } from '../../dns/wire/name.ts';
import type { PlacedChallenge } from '../challenges/secondaries.ts';
import type { CertificateName, ChallengeRecords, OrderStep } from '../model.ts';
import { dnsAnswer } from '../acme/jws.ts';
import { AcmeError, readProblem } from '../acme/problem.ts';
import type { AcmeAccount, AcmeAuthorization, AcmeClient, AcmeOrder } from '../acme/protocol.ts';

/** Milliseconds between two questions, growing, unless the CA says when. */
const FIRST_POLL = 250;
const LONGEST_POLL = 5000;
/** And if it does. */
const LONGEST_WAIT = 60_000;
/** Milliseconds after which the CA is given a rest. */
const PATIENCE = 5 * 60_000;

export interface OrderRun {
  client: AcmeClient;
  account: AcmeAccount;
  records: Pick<ChallengeRecords, 'present'>;
  /** Resolves when every nameserver serves them. @throws AcmeError */
  everywhere(challenges: readonly PlacedChallenge[]): Promise<void>;
  clock: Clock;
  names: readonly CertificateName[];
  profile: string | undefined;
  replaces: string | undefined;
  /** An order that was begun before. */
  url: string | undefined;
  csr: () => Promise<Uint8Array>;
  step(step: OrderStep): Promise<void>;
  /** Called before an order is asked for, and when it has a URL: kept, so that a crash leads to no second one. */
  creating(): Promise<void>;
  created(url: string): Promise<void>;
  /** A validation failed: the CA counts those by name. */
  failed(name: string): Promise<void>;
}

/**
 * Brings an order to its end, from wherever it stands: the CA says where that is (RFC 8555 §7.1.6).
 * @returns the chain, PEM
 * @throws AcmeError, AppError
 */
export async function runOrder(run: OrderRun): Promise<string> {
  const { client, account, clock } = run;
  let order = run.url === undefined ? await create(run) : await resume(run, run.url);
  const until = clock.monotonic() + PATIENCE;
  for (let polls = 0; ;) {
    switch (order.status) {
      case 'pending':
        await authorize(run, order);
        order = await client.order(account, order.url);
        // Seen before its last authorization counted.
        if (order.status === 'pending') await pause(run, order.retryAfter, polls++, until);
        break;
      case 'ready':
        await run.step('validated');
        order = await client.finalize(account, order, await run.csr());
        polls = 0;
        break;
      case 'processing':
        await pause(run, order.retryAfter, polls++, until);
        order = await client.order(account, order.url);
        break;
      case 'valid': {
        if (order.certificate === undefined) throw malformed('a valid order without a certificate');
        const chain = await client.certificate(account, order.certificate);
        await run.step('issued');
        return chain;
      }
      case 'invalid':
        throw new AcmeError(readProblem(order.error));
    }
  }
}

async function create(run: OrderRun): Promise<AcmeOrder> {
  const { names, profile } = run;
  await run.step('order');
  await run.creating();
  const order = await newOrder(run, { names, profile, replaces: run.replaces });
  await run.created(order.url);
  return order;
}

/** What CAs say when they do not take `replaces`; RFC 9773 §5 names but the first. */
const replacesRefused = ['alreadyReplaced', 'malformed', 'malformedAnswer', 'unauthorized', 'serverInternal'];

/**
 * RFC 9773 §5: a CA refuses an order that replaces what it did not issue, or for another account, or what was replaced
 * already. That must not keep the names from a certificate, so it is ordered without saying so.
 */
async function newOrder(
  { client, account }: OrderRun,
  order: Parameters<AcmeClient['newOrder']>[1],
): Promise<AcmeOrder> {
  try {
    return await client.newOrder(account, order);
  } catch (error) {
    if (order.replaces === undefined || !replacesRefused.some((type) => isType(error, type))) throw error;
    return client.newOrder(account, { ...order, replaces: undefined });
  }
}

/** An order that is gone, or came to nothing while nobody watched, is made anew. */
async function resume(run: OrderRun, url: string): Promise<AcmeOrder> {
  try {
    const order = await run.client.order(run.account, url);
    if (order.status !== 'invalid') return order;
    await countFailures(run, order);
  } catch (error) {
    if (
      !['malformedAnswer', 'malformed', 'unauthorized', 'orderDoesNotExist'].some((type) =>
        isType(error, type),
      )
    )
      throw error;
  }
  return create(run);
}

/** Those that the CA counted and nobody heard of: another order must not come too early for them. */
async function countFailures(run: OrderRun, { authorizations }: AcmeOrder): Promise<void> {
  for (const url of authorizations) {
    const { name, status } = await run.client.authorization(run.account, url);
    if (status === 'invalid') await run.failed(name);
  }
}

async function authorize(run: OrderRun, { authorizations }: AcmeOrder): Promise<void> {
  const { client, account } = run;
  const all = await Promise.all(authorizations.map((url) => client.authorization(account, url)));
  const open = all.flatMap((authorization, index) => {
    const url = authorizations[index]!;
    return authorization.status === 'valid' ? [] : [{ url, ...pendingOf(authorization) }];
  });
  if (open.length === 0) return;
  await run.step('record');
  const placed: PlacedChallenge[] = [];
  for (const { name, challenge } of open) {
    const value = dnsAnswer(challenge.token, account.key);
    const { owner } = await run.records.present(Name.parse(name), value);
    placed.push({ owner, value });
  }
  await run.everywhere(placed);
  await run.step('live');
  const accepted = open.filter(({ challenge }) => challenge.status === 'pending');
  await Promise.all(accepted.map(({ challenge }) => client.accept(account, challenge.url)));
  await allValidated(run, open);
}

function pendingOf({ name, status, challenge }: AcmeAuthorization) {
  if (status !== 'pending') throw problem(name, status, challenge?.error);
  if (!challenge) throw malformed(`the CA offers no dns-01 challenge for ${name}`);
  return { name, challenge };
}

/** Waits for all, as each failure is to be counted. @throws AcmeError */
async function allValidated(run: OrderRun, open: readonly { url: string; name: string }[]): Promise<void> {
  const results = await Promise.allSettled(open.map(({ url }) => validation(run, url)));
  const [failure] = results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    if (!failure) throw result.reason;
    // The order is over, so nobody will ask again how this one ended: as the other one did, most likely.
    await run.failed(open[index]!.name);
  }
  if (failure) throw failure;
}

/** Its end: undefined when it is valid. @throws AcmeError when the CA does not say */
async function validation(run: OrderRun, url: string): Promise<AcmeError | undefined> {
  const until = run.clock.monotonic() + PATIENCE;
  for (let polls = 0; ; polls++) {
    const { status, name, challenge, retryAfter } = await run.client.authorization(run.account, url);
    if (status === 'valid') return undefined;
    if (status !== 'pending') {
      await run.failed(name);
      return problem(name, status, challenge?.error);
    }
    await pause(run, retryAfter, polls, until);
  }
}

async function pause(
  { clock }: OrderRun,
  retryAfter: number | undefined,
  polls: number,
  until: number,
): Promise<void> {
  if (clock.monotonic() > until)
    throw new AcmeError({ type: 'slow', detail: 'the order is still under way', retryAt: undefined });
  const own = Math.min(FIRST_POLL * 1.5 ** polls, LONGEST_POLL);
  await sleep(clock, retryAfter === undefined ? own : Math.min(Math.max(retryAfter, own), LONGEST_WAIT));
}

function problem(name: string, status: string, error: unknown): AcmeError {
  const read = readProblem(error);
  const type = error === undefined ? 'unauthorized' : read.type;
  return new AcmeError({ ...read, type, detail: `${name}: ${read.detail || status}` });
}

function malformed(detail: string): AcmeError {
  return new AcmeError({ type: 'malformedAnswer', detail, retryAt: undefined });
}

function isType(error: unknown, type: string): boolean {
  return error instanceof AcmeError && error.problem.type === type;
}
