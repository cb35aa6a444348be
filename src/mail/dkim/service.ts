import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Snapshot } from '../../work/rows.ts';
import { dkimText } from '../../zones/derive/dkim.ts';
import type { Publisher } from '../../zones/publisher/publisher.ts';
import { zoneRows } from '../../zones/store.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { type KeyTools, recordKey } from './keys.ts';
import { type PlannedStep, plannedSteps, type RotationStep } from './rotation.ts';
import { rotateEvery, setRotateEvery } from './schedule.ts';
import { factsOf, isRolled, publishKeys, replaceAtOnce } from './steps.ts';
import { type DkimKeyRow, dkimRows, type RotationRow } from './store.ts';

/** A key as people see it: never with its private half. */
export interface DkimKeyView extends Pick<
  DkimKeyRow,
  'selector' | 'algorithm' | 'state' | 'createdAt' | 'stateSince'
> {
  /** Where its record is, and what that says. */
  owner: string;
  record: string;
  /** What becomes of it next. */
  next: NextStep | undefined;
}

export interface NextStep {
  step: RotationStep;
  /** Milliseconds since the epoch; undefined: as soon as what it waits for is so. */
  at: number | undefined;
}

export interface DkimView {
  domain: Name;
  keys: DkimKeyView[];
  /** Whether new keys come by themselves, and can be asked for: the box serves the domain, and takes mail for it. */
  rolls: boolean;
  /** What comes next for the domain as a whole. */
  next: (NextStep & { waitsFor: string | undefined }) | undefined;
  /** Why the last try came to nothing, and when the next one is (milliseconds since the epoch). */
  problem: { reason: string; retryAt: number } | undefined;
}

export interface DkimSchedule {
  /** Milliseconds from keys to the next ones; 0: only when somebody asks for it. */
  every: number;
  /** Domains whose keys cannot go on, the first of them, and how many there are. */
  troubled: { domain: Name; reason: string }[];
  troubledCount: number;
}

export interface DkimService {
  get(domain: Name): DkimView | undefined;
  /**
   * Has new keys made now; they take their way. `emergency`: the keys are in wrong hands. All are revoked at once, and others sign.
   * @throws AppError not-found; no-mail-domain; in-use while others are on their way
   */
  rotate(actor: Actor, domain: Name, emergency: boolean): Promise<DkimView>;
  schedule(): DkimSchedule;
  /** @param every seconds; 0: never by itself @throws AppError invalid-request */
  setSchedule(actor: Actor, every: number): Promise<void>;
}

export interface DkimServiceOptions extends KeyTools {
  work: UnitOfWork;
  publisher: Pick<Publisher, 'change'>;
  /** Something may be due, and other keys may sign. */
  onChanged: () => void;
}

/** Domains that are named. */
const NAMED = 20;

export function createDkimService(options: DkimServiceOptions): DkimService {
  const { work, publisher, clock } = options;
  const state = work.committed;

  function found(domain: Name): DkimView {
    const view = viewOf(state, domain, clock);
    if (view) return view;
    throw new AppError('not-found', `There is no domain ${domain.toText()} on this box.`);
  }

  return {
    get: (domain) => viewOf(state, domain, clock),

    async rotate(actor, domain, emergency) {
      found(domain);
      const text = domain.toText();
      const cause = `new DKIM keys for ${text}`;
      await publisher.change({ actor, cause }, (change) => {
        const row = change.tx.domain(domain);
        if (!row?.mail)
          throw new AppError('no-mail-domain', `The box takes no mail for ${text}, and signs none.`);
        const rows = change.unit.rows(dkimRows);
        if (emergency) {
          change.audit('dkim.rotate', text, { emergency, selectors: replaceAtOnce(change, domain, options) });
          return;
        }
        if (!isRolled(row)) throw new AppError('in-use', elsewhere(text));
        const rotation = rows.rotation(domain);
        if (rotation && rotation.rollsFrom === undefined) throw new AppError('in-use', underWay(text));
        change.audit('dkim.rotate', text, { emergency });
        if (publishKeys(change, domain, options)) return;
        // They begin when an RSA key is made.
        if (rotation) rows.putRotation({ ...rotation, rollsFrom: undefined, wakeAt: clock.now() });
      });
      options.onChanged();
      return found(domain);
    },

    schedule() {
      const rows = state.rows(dkimRows);
      const now = clock.now();
      const troubled = rows
        .troubled(now, NAMED)
        .map(({ domain, problem = '' }) => ({ domain, reason: problem }));
      return { every: rotateEvery(state), troubled, troubledCount: rows.troubledCount(now) };
    },

    async setSchedule(actor, every) {
      await setRotateEvery(work, actor, every);
      options.onChanged();
    },
  };
}

const elsewhere = (domain: string): string =>
  `The DNS of ${domain} is served elsewhere, and nobody can tell when new keys are there: signpost dkim rotate ${domain} --emergency makes some that sign at once; put their records there right after.`;
const underWay = (domain: string): string =>
  `New keys of ${domain} are on their way already: signpost dkim show ${domain} says what they wait for.`;

function viewOf(state: Snapshot, domain: Name, clock: Clock): DkimView | undefined {
  const zones = state.rows(zoneRows);
  if (!zones.domain(domain)) return undefined;
  const rows = state.rows(dkimRows);
  const [keys, row] = [rows.keys(domain), rows.rotation(domain)];
  const facts = factsOf(zones, domain);
  const steps = row ? plannedSteps(row, keys, facts) : [];
  const first = steps[0];
  const nextOf = ({ step, at }: PlannedStep): NextStep => ({ step, at: at > clock.now() ? at : undefined });
  return {
    domain,
    keys: keys.map((key) => {
      const own = steps.find((one) => one.keys.some(({ selector }) => selector === key.selector));
      const { selector, algorithm, state, createdAt, stateSince } = key;
      return {
        ...{ selector, algorithm, state, createdAt, stateSince },
        owner: `${key.selector}._domainkey.${domain.toText()}`,
        record: dkimText(recordKey(key)),
        next: own && nextOf(own),
      };
    }),
    rolls: facts.rolls,
    next: first && { ...nextOf(first), waitsFor: row && waitsFor(row, first, clock.now()) },
    problem:
      row?.problem === undefined ? undefined : { reason: row.problem, retryAt: row.wakeAt ?? clock.now() },
  };
}

/** For a person. */
function waitsFor(row: RotationRow, { step, at }: PlannedStep, now: number): string | undefined {
  if (row.problem !== undefined) return row.problem;
  switch (step) {
    case 'publish':
      return at > now ? undefined : 'An RSA key is being made.';
    case 'see':
      return 'Every nameserver of the domain must have the new keys.';
    case 'sign':
      return 'Caches may still say that the new keys are not there.';
    case 'retire':
      return 'Rspamd must have the new keys.';
    case 'revoke':
      return 'Mail that was signed with the old keys may still be under way.';
    case 'remove':
      return 'Who looks for the revoked keys is to see that they are.';
  }
}
