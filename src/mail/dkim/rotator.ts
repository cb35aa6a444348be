import { setMaxListeners } from 'node:events';
import { sleep, type Timer } from '../../core/clock.ts';
import { isPassing } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { dkimText } from '../../zones/derive/dkim.ts';
import { below } from '../../zones/derive/rule.ts';
import type { Publisher, ZoneChange } from '../../zones/publisher/publisher.ts';
import { type Reads, zoneRows } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import { isSound, type KeyTools } from './keys.ts';
import { type ExpectedText, type FindLacking, negativeTtl, servedText } from './live.ts';
import { type PlannedStep, plannedSteps } from './rotation.ts';
import { rotateEvery } from './schedule.ts';
import { factsOf, publishKeys, remove, rest, retire, revoke, seen, signWith } from './steps.ts';
import { type DkimKeyRow, dkimRows, type RotationRow } from './store.ts';

/** Domains seen to beside each other: most of the time is waiting for nameservers. */
const AT_ONCE = 8;
/** Milliseconds between two rounds: what people ask for goes first. */
const PAUSE = 20;
/** Milliseconds: the clock may have been set, and domains have come since. */
const LONGEST_WAIT = 6 * 3_600_000;
/** Milliseconds before another try when nothing at all could be written. */
const RETRY = 60_000;
/** Milliseconds until a domain that found no RSA key is tried again; those that still have to begin wait as long. */
const NEXT_KEY = 10_000;
/** Milliseconds before another try of a step that came to nothing, doubled each time up to the longest. */
const FIRST_REST = 5000;
const LONGEST_REST = 3_600_000;
/** Milliseconds that nameservers and Rspamd may take before it is called trouble. */
const PATIENCE = 600_000;

/** Whether whoever signs has the keys of a change. `nobody` signs where no mail server was ever configured. */
export type SignerState = { kind: 'has' } | { kind: 'nobody' } | { kind: 'waiting'; why: string };

export interface RotatorOptions extends KeyTools {
  work: UnitOfWork;
  publisher: Pick<Publisher, 'change' | 'view'>;
  findLacking: FindLacking;
  /** Asks whoever signs whether it has the keys of a change (`DkimReads.changes`). Never rejects. */
  signerHas: (change: number) => Promise<SignerState>;
  /** Told when other keys sign than before. */
  onChanged?: () => void;
  /** Told when a key was taken from the pool. */
  onTaken?: () => void;
  log: Log;
}

/** Brings the keys of each domain along their way: each step when it falls due, one domain's trouble apart from all others. */
export interface Rotator {
  start(): void;
  /** Looks now whether something is due. */
  kick(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

const actor: Actor = { kind: 'system', id: 'dkim', name: 'DKIM keys', address: undefined };

/** Something is not yet as it must be: no fault until it takes too long. */
class NotYet extends Error {}

export function createRotator(options: RotatorOptions): Rotator {
  const { work, publisher, sealer, clock, log } = options;
  const [reads, zones] = [work.committed.rows(dkimRows), work.committed.rows(zoneRows)];
  const stopping = new AbortController();
  // Each question under way is one.
  setMaxListeners(0, stopping.signal);
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let isRunning = false;
  let again = false;
  let state: 'new' | 'working' | 'stopped' = 'new';
  /** There was no RSA key: who is not due by a step of their own waits until then. */
  let beginFrom = 0;

  function due(): Name[] {
    const now = clock.now();
    const steps = reads.dueSteps(now, AT_ONCE);
    const every = rotateEvery(work.committed);
    if (steps.length === AT_ONCE || every === 0 || now < beginFrom) return steps;
    const rolls = reads.dueRolls(now - every, AT_ONCE - steps.length);
    return [...steps, ...rolls.filter((name) => !steps.some((one) => one.equals(name)))];
  }

  async function run(): Promise<void> {
    for (let names = due(); names.length > 0 && state === 'working'; names = due()) {
      // All of them have ended before the first failure is thrown: nothing goes on behind the back of who stops this.
      const ended = await Promise.allSettled(names.map(handle));
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      await sleep(clock, PAUSE);
    }
  }

  /** @throws Error when nothing can be written at all: no domain is to blame */
  async function handle(domain: Name): Promise<void> {
    const planned = next(zones, reads, domain);
    try {
      if (planned && planned.at <= clock.now()) await take(planned, domain);
      else await change(domain, (unit) => rest(unit, domain));
    } catch (error) {
      if (isPassing(error)) throw error;
      await putOff(domain, planned, error);
    }
  }

  /** The first step, as it is in some state. */
  function next(at: Reads, keys: typeof reads, domain: Name): PlannedStep | undefined {
    const row = keys.rotation(domain);
    return row && plannedSteps(row, keys.keys(domain), factsOf(at, domain))[0];
  }

  /** What must be so is looked at first; the change makes sure that the step is still the one to take. */
  async function take(planned: PlannedStep, domain: Name): Promise<void> {
    const { step, keys } = planned;
    switch (step) {
      case 'publish':
        return begin(planned, domain);
      case 'see': {
        const caches = await everywhere(domain, keys);
        return apply(planned, domain, (unit) => seen(unit, domain, keys, clock.now(), caches));
      }
      case 'sign':
        for (const key of keys) if (!isSound(key, sealer)) throw new Error(damaged(key));
        // Something may have come in between, such as a record of a person's.
        expected(domain, keys);
        await apply(planned, domain, (unit) => signWith(unit, domain, keys, options));
        options.onChanged?.();
        return;
      case 'retire':
        await signerHas(reads.rotation(domain)?.change ?? reads.lastChange().sequence);
        return apply(planned, domain, (unit) => retire(unit, domain, keys, options));
      case 'revoke':
        return apply(planned, domain, (unit) => revoke(unit, domain, keys, options));
      case 'remove':
        return apply(planned, domain, (unit) => remove(unit, domain, keys));
    }
  }

  async function begin(planned: PlannedStep, domain: Name): Promise<void> {
    const outcome = { given: true };
    await apply(planned, domain, (unit) => {
      outcome.given = publishKeys(unit, domain, options);
    });
    options.onTaken?.();
    if (outcome.given) return;
    beginFrom = clock.now() + NEXT_KEY;
    // One that is due by the schedule alone is found again by it; one that a later step is due for, too, would be found at once.
    const { rollsFrom, wakeAt } = reads.rotation(domain) ?? {};
    if (rollsFrom === undefined || (wakeAt !== undefined && wakeAt <= clock.now()))
      await work.change({ actor, cause: 'DKIM keys put off' }, (unit) => {
        const rows = unit.rows(dkimRows);
        const row = rows.rotation(domain);
        if (row) rows.putRotation({ ...row, wakeAt: beginFrom });
      });
  }

  function change(domain: Name, action: (unit: ZoneChange) => void): Promise<unknown> {
    return publisher.change({ actor, cause: `DKIM keys of ${domain.toText()}` }, action);
  }

  async function apply(
    planned: PlannedStep,
    domain: Name,
    action: (unit: ZoneChange) => void,
  ): Promise<void> {
    await change(domain, (unit) => {
      const rows = unit.unit.rows(dkimRows);
      const row = rows.rotation(domain);
      if (!row || !isSame(planned, next(unit.tx, rows, domain))) return;
      action(unit);
      if (isNamed(row, clock.now())) unit.event('dkim.mended', { domain: domain.toText() });
    });
  }

  /** @returns milliseconds for which caches may still say that there is nothing @throws NotYet, Error */
  async function everywhere(domain: Name, keys: readonly DkimKeyRow[]): Promise<number> {
    const { view, records } = expected(domain, keys);
    const lacking = await options.findLacking(records, stopping.signal);
    if (lacking !== undefined) throw new NotYet(lacking);
    return negativeTtl(view);
  }

  /** The keys' records, as the box itself serves them. @throws Error */
  function expected(domain: Name, keys: readonly DkimKeyRow[]) {
    const zone = zoneOf(zones, domain);
    const view = zone && publisher.view(zone);
    if (!view) throw new NotYet(`The zone of ${domain.toText()} is not served yet.`);
    const records = keys.map((key): ExpectedText => {
      const owner = below(`${key.selector}._domainkey`, domain);
      const record = owner && servedText(view, owner, dkimText(key));
      if (record) return record;
      throw new Error(
        `The new key is not in the zone: a record or a delegation of your own stands in the place of ${key.selector}._domainkey.${domain.toText()}.`,
      );
    });
    return { view, records };
  }

  /** @throws NotYet */
  async function signerHas(sequence: number): Promise<void> {
    const signer = await options.signerHas(sequence);
    if (signer.kind !== 'waiting') return;
    options.onChanged?.();
    throw new NotYet(signer.why);
  }

  async function putOff(domain: Name, planned: PlannedStep | undefined, error: unknown): Promise<void> {
    const fault = !(error instanceof NotYet);
    const problem = error instanceof Error ? error.message : String(error);
    if (fault)
      log.error({ domain: domain.toText(), err: error }, 'a step for DKIM keys failed; trying again');
    await work.change({ actor, cause: 'DKIM keys put off' }, (unit) => {
      const rows = unit.rows(dkimRows);
      const row = rows.rotation(domain);
      if (!row) return;
      const now = clock.now();
      const troubleAt = fault ? Math.min(row.troubleAt ?? now, now) : (row.troubleAt ?? now + PATIENCE);
      const failures = row.failures + 1;
      const becomes = { ...row, failures, problem, troubleAt, wakeAt: now + restAfter(failures) };
      // What the schedule began is tried again by this row alone.
      rows.putRotation({ ...becomes, ...(planned?.step === 'publish' && { rollsFrom: undefined }) });
      if (troubleAt <= now && !isNamed(row, now - (row.failures > 0 ? restAfter(row.failures) : 0)))
        unit.event('dkim.failed', { domain: domain.toText(), reason: problem });
    });
  }

  function untilNext(): number {
    const every = rotateEvery(work.committed);
    const roll = every === 0 ? Infinity : Math.max((reads.nextRoll() ?? Infinity) + every, beginFrom);
    const first = Math.min(reads.nextStep() ?? Infinity, roll);
    return Math.max(PAUSE, Math.min(first - clock.now(), LONGEST_WAIT));
  }

  function look(): void {
    timer?.cancel();
    if (state !== 'working') return;
    again = isRunning;
    if (isRunning) return;
    isRunning = true;
    running = run()
      .then(untilNext, (error: unknown) => {
        log.error({ err: error }, 'DKIM keys could not be seen to; trying again in a minute');
        return RETRY;
      })
      .then((wait) => {
        isRunning = false;
        if (state === 'working') timer = clock.after(again ? PAUSE : wait, look);
      });
  }

  return {
    start() {
      if (state === 'new') state = 'working';
      look();
    },
    kick: look,
    async stop() {
      state = 'stopped';
      stopping.abort();
      timer?.cancel();
      await running;
    },
  };
}

function restAfter(failures: number): number {
  return Math.min(FIRST_REST * 2 ** (failures - 1), LONGEST_REST);
}

/** Whether its trouble has been told. */
function isNamed({ troubleAt }: RotationRow, now: number): boolean {
  return troubleAt !== undefined && troubleAt <= now;
}

function isSame(planned: PlannedStep, now: PlannedStep | undefined): boolean {
  const selectors = ({ keys }: PlannedStep): string => keys.map(({ selector }) => selector).join();
  return now?.step === planned.step && selectors(now) === selectors(planned);
}

function damaged({ selector, domain }: DkimKeyRow): string {
  const name = domain.toText();
  return `The new key ${selector} of ${name} is damaged, so the old one signs on; signpost dkim rotate ${name} --emergency replaces both.`;
}
