import { type Clock, sleep } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Check, finding, type Finding } from './check.ts';
import { type Found, said, told } from './sentences.ts';

/** Milliseconds for which what was found holds; then who asks has it looked at again. */
const FRESH = 60_000;
/** Milliseconds that a look may take. */
const PATIENCE = 8000;

const late = finding([told('late')], 'unknown');

export interface CheckResult extends Omit<Check, 'look'>, Pick<Finding, 'state'> {
  found: readonly Found[];
  /** Milliseconds since the epoch: when it was looked at. */
  at: number;
}

export interface CheckService {
  /** All of them; what nobody looked at lately is looked at first. */
  list(): Promise<CheckResult[]>;
  /** Looks again, at these or at all. @throws AppError not-found */
  run(ids: readonly string[] | undefined): Promise<CheckResult[]>;
}

export function createChecks(
  checks: readonly Check[],
  { clock, log }: { clock: Clock; log: Log },
): CheckService {
  const last = new Map<string, CheckResult>();
  const underWay = new Map<string, Promise<CheckResult>>();

  /** One that cannot look takes nothing away from the others. */
  async function findingOf(id: string, find: Check['look']): Promise<Finding> {
    try {
      return await find();
    } catch (error) {
      if (error instanceof AppError) return finding([error.message], 'unknown');
      log.error({ err: error, check: id }, 'a check failed');
      return finding([told('failed')], 'unknown');
    }
  }

  async function look({ look: find, ...check }: Check): Promise<CheckResult> {
    const { state, found } = await Promise.race([
      findingOf(check.id, find),
      sleep(clock, PATIENCE).then(() => late),
    ]);
    const all = found.map((one) => (typeof one === 'string' ? said(one) : one));
    const result = { ...check, state, found: all, at: clock.now() };
    last.set(check.id, result);
    return result;
  }

  /** Whoever asks while somebody looks gets what that one finds. */
  function once(check: Check): Promise<CheckResult> {
    let result = underWay.get(check.id);
    if (!result) {
      result = look(check).finally(() => underWay.delete(check.id));
      underWay.set(check.id, result);
    }
    return result;
  }

  return {
    list: () =>
      Promise.all(
        checks.map((check) => {
          const known = last.get(check.id);
          return known && clock.now() - known.at < FRESH ? Promise.resolve(known) : once(check);
        }),
      ),
    async run(ids) {
      const unknown = ids?.find((id) => !checks.some((check) => check.id === id));
      if (unknown !== undefined)
        throw new AppError('not-found', `There is no check ${unknown}; ask without ids for all of them.`);
      return Promise.all(checks.filter(({ id }) => ids?.includes(id) ?? true).map(once));
    },
  };
}
