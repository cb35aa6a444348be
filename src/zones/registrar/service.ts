import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Iterator } from '../../dns/client/resolve.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { SignpostEvent } from '../../work/events.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Reads, ZoneRow } from '../store.ts';
import type { ExpectedDelegation, Finding } from './delegation.ts';
import { expectedDelegation } from './expected.ts';
import { judge, type Judgement } from './judge.ts';
import { lookUp } from './look-up.ts';
import { saveCheck } from './save.ts';
import { type RegistrarCheck, registrarRows } from './store.ts';
import type { RegistrarService, RegistrarView } from './view.ts';
import { createWatch, type Watch } from './watch.ts';

/** Milliseconds between two look-ups of a zone: registries limit those who ask too often. */
const INTERVAL = 5000;

const actor: Actor = { kind: 'system', id: 'registrar', name: 'delegation checks', address: undefined };

export interface RegistrarOptions {
  reads: Pick<Reads, 'box' | 'domain' | 'zone' | 'keys' | 'recordsAt' | 'activeZoneNames'>;
  work: UnitOfWork;
  iterator: Iterator;
  clock: Clock;
  publish: (type: SignpostEvent['type'], data: Record<string, unknown>) => void;
  log: Log;
}

/** Also asks the parents of all zones by itself, once it is started. */
export type Registrar = RegistrarService & Watch;

/**
 * What to set at the registrar, beside what the parent has. A domain that lives in the zone of another one is delegated
 * with that zone. What was found last is kept, and judged anew each time: keys and addresses may have changed since.
 */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { reads, work, iterator, clock, publish, log } = options;
  const checks = work.committed.rows(registrarRows);
  const running = new Map<string, Promise<RegistrarCheck>>();

  async function check(zone: Name): Promise<RegistrarCheck> {
    return keep(zone, await lookUp(iterator, clock, zone));
  }

  async function keep(zone: Name, finding: Finding): Promise<RegistrarCheck> {
    const result = { finding, checkedAt: clock.now() };
    await work.change({ actor, cause: `registrar of ${zone.toText()} asked` }, (change) =>
      saveCheck(change, zone, result),
    );
    return result;
  }

  /** One look-up at a time for each zone; within the interval the last one stands. */
  async function refresh(expected: ExpectedDelegation): Promise<RegistrarCheck> {
    const { zone } = expected;
    const last = checks.last(zone);
    const age = last ? clock.now() - last.checkedAt : Infinity;
    if (last && age >= 0 && age < INTERVAL) return last;
    const joined = running.get(zone.key);
    if (joined) return joined;
    const started = check(zone).finally(() => running.delete(zone.key));
    running.set(zone.key, started);
    const result = await started;
    tell(expected, last, result);
    return result;
  }

  function tell(
    expected: ExpectedDelegation,
    before: RegistrarCheck | undefined,
    { finding }: RegistrarCheck,
  ): void {
    const zone = expected.zone.toText();
    const judgement = judge(expected, finding);
    publish('registrar.checked', { zone, ...judgement });
    if (leadsHere(judgement) && !leadsHere(judge(expected, before?.finding)))
      publish('zone.delegated', { zone });
  }

  const watch = createWatch({
    zones: reads,
    checks,
    leadsHere: (zone, finding) => leadsHere(judge(expectedFor(reads, zone), finding)),
    async ask(zone, signal) {
      const finding = await lookUp(iterator, clock, zone, signal);
      const last = checks.last(zone);
      // A network that is away says nothing of a zone: what was known of it stands, with its time.
      if (signal.aborted || (finding.kind === 'failed' && last)) return false;
      const expected = expectedFor(reads, zone);
      tell(expected, last, await keep(zone, finding));
      return finding.kind !== 'failed';
    },
    clock,
    log,
  });

  return {
    ...watch,
    async get(domain, { refresh: fresh }) {
      const expected = expectedFor(options.reads, domain);
      const last = fresh ? await refresh(expected) : checks.last(expected.zone);
      return view(expected, last);
    },
  };
}

/** Whether resolvers find the zone, those that validate, too. */
function leadsHere({ state }: Judgement): boolean {
  return state === 'insecure' || state === 'secure';
}

function expectedFor(reads: RegistrarOptions['reads'], domain: Name): ExpectedDelegation {
  const box = reads.box();
  if (!box) throw new AppError('not-configured', 'Set the hostname of the box first, with PUT /api/v1/box.');
  const zone = zoneOf(reads, domain);
  const customAt = (owner: Name) => reads.recordsAt(owner);
  return expectedDelegation({ box, zone: zone.name, keys: reads.keys(zone.id), customAt });
}

/** The zone that holds a domain, or that bears its name: the box's own has no domain. */
function zoneOf(reads: RegistrarOptions['reads'], domain: Name): ZoneRow {
  const known = reads.domain(domain);
  if (known?.dns === 'external')
    throw new AppError(
      'not-found',
      `${domain.toText()} has its DNS elsewhere, so its registrar stays as it is; ask for its records instead.`,
    );
  for (let at = domain; !at.isRoot && (known ?? at === domain); at = at.parent()) {
    const zone = reads.zone(at);
    if (zone?.active) return zone;
  }
  throw new AppError('not-found', `${domain.toText()} is no domain of this box; add it first.`);
}

function view(expected: ExpectedDelegation, check: RegistrarCheck | undefined): RegistrarView {
  const { nameservers, glue, ds, dnskey } = expected;
  const finding = check?.finding;
  const found = finding?.kind === 'delegated' ? finding : { nameservers: [], ds: [] };
  return {
    nameservers,
    glue,
    ds,
    dnskey,
    parent: {
      ...judge(expected, finding),
      nameservers: found.nameservers.map(({ name }) => name),
      glue: found.nameservers.filter(({ addresses }) => addresses.length > 0),
      ds: found.ds,
      checkedAt: check && toRfc3339(check.checkedAt),
    },
  };
}
