import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { nameOf, type Person } from './people.ts';
import { peopleRows } from './store.ts';

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, half a minute. */
const PERIOD = 30;
const DIGITS = 6;
/** Octets of a secret: those of SHA-1 (RFC 4226 §4, R6). */
const SECRET = 20;
/** Codes before and after that of now which are taken: for clocks that differ. */
const WINDOW = 1;
/** Milliseconds for which a secret waits to be confirmed. */
const PENDING = 10 * 60_000;
const MOST_PENDING = 1_000;
const RECOVERY_CODES = 10;

/** What is shown when a person begins to use an authenticator app. */
export interface Enrolment {
  /** Base32, to type. */
  secret: string;
  /** `otpauth://…`, for a QR code. */
  uri: string;
}

/** What is asked for beside a password. */
export interface SecondFactors {
  has(account: string): boolean;
  /** Takes a code of the app, or a recovery code: each is taken once. */
  take(change: Change, account: string, code: string): boolean;
  recoveryCodesLeft(account: string): number;
  /** Makes a secret, which counts when {@link confirm} has seen a code of it. `issuer`: the box, as the app shows it. */
  enrol(person: Person, issuer: string): Enrolment;
  /** @returns recovery codes, shown this once. @throws AppError wrong-code, not-found when there is nothing to confirm */
  confirm(actor: Actor, person: Person, code: string): Promise<string[]>;
  /** New recovery codes in place of those before. @throws AppError not-found without a second factor */
  renewRecoveryCodes(actor: Actor, person: Person): Promise<string[]>;
  /** The password is enough again. @throws AppError not-found */
  remove(actor: Actor, account: { id: string; name: string }): Promise<void>;
  /** The same in a change; whether there was one. */
  drop(change: Change, account: string): boolean;
}

export interface SecondFactorOptions {
  work: UnitOfWork;
  sealer: Sealer;
  clock: Clock;
  random: Random;
}

export function createSecondFactors({ work, sealer, clock, random }: SecondFactorOptions): SecondFactors {
  const reads = work.committed.rows(peopleRows);
  const pending = new Map<string, { secret: Secret; until: number }>();

  function newCodes(change: Change, account: string): string[] {
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(random));
    change.rows(peopleRows).putRecoveryCodes(account, codes.map(hashOf));
    return codes;
  }

  function drop(change: Change, account: string): boolean {
    const rows = change.rows(peopleRows);
    rows.putRecoveryCodes(account, []);
    return rows.deleteOneTimePassword(account);
  }

  return {
    drop,
    has: (account) => reads.oneTimePassword(account) !== undefined,
    recoveryCodesLeft: (account) => reads.recoveryCodeCount(account),

    take(change, account, code) {
      const rows = change.rows(peopleRows);
      const row = rows.oneTimePassword(account);
      if (!row) return false;
      const plain = code.replace(/[\s-]/g, '').toLowerCase();
      if (!/^\d{6}$/.test(plain)) return taken(rows.takeRecoveryCode(account, hashOf(plain)));
      const secret = new Secret({ buffer: bufferOf(sealer.open(row.secret, contextOf(account))) });
      const step = stepOf(secret, plain, clock.now());
      // A code that was seen over a shoulder is worth nothing (RFC 6238 §5.2).
      if (step === undefined || step <= row.lastStep) return false;
      rows.putOneTimePassword({ ...row, lastStep: step });
      return true;

      function taken(was: boolean): boolean {
        if (was) change.audit('recovery-code.use', nameOf(rows, account), {});
        return was;
      }
    },

    enrol(person, issuer) {
      const secret = new Secret({ buffer: bufferOf(random.bytes(SECRET)) });
      pending.delete(person.id);
      pending.set(person.id, { secret, until: clock.monotonic() + PENDING });
      if (pending.size > MOST_PENDING) pending.delete(pending.keys().next().value!);
      const totp = new TOTP({ issuer, label: person.name, secret, period: PERIOD, digits: DIGITS });
      return { secret: secret.base32, uri: totp.toString() };
    },

    async confirm(actor, person, code) {
      const waiting = pending.get(person.id);
      if (!waiting || waiting.until < clock.monotonic())
        throw new AppError('not-found', 'Nothing waits to be confirmed. Begin again.');
      const lastStep = stepOf(waiting.secret, code.replace(/\s/g, ''), clock.now());
      if (lastStep === undefined)
        throw new AppError(
          'wrong-code',
          'The code is not the one of now. See that the clock of the device is right, and give the next code.',
        );
      const codes = await work.change({ actor, cause: `second factor of ${person.name}` }, (change) => {
        const secret = sealer.seal(waiting.secret.bytes, contextOf(person.id));
        const createdAt = toRfc3339(clock.now());
        change.rows(peopleRows).putOneTimePassword({ account: person.id, secret, lastStep, createdAt });
        change.audit('second-factor.add', person.name, {});
        return newCodes(change, person.id);
      });
      pending.delete(person.id);
      return codes;
    },

    renewRecoveryCodes: (actor, person) =>
      work.change({ actor, cause: `recovery codes of ${person.name}` }, (change) => {
        if (!change.rows(peopleRows).oneTimePassword(person.id)) throw none();
        change.audit('recovery-codes.renew', person.name, {});
        return newCodes(change, person.id);
      }),

    remove: (actor, { id, name }) =>
      work.change({ actor, cause: `second factor of ${name} removed` }, (change) => {
        if (!drop(change, id)) throw none();
        change.audit('second-factor.remove', name, {});
      }),
  };
}

const none = (): AppError => new AppError('not-found', 'There is no second factor.');
const contextOf = (account: string): string => `second factor of ${account}`;
const hashOf = (code: string): Uint8Array =>
  createHash('sha256').update(code.replaceAll('-', '').toLowerCase()).digest();

/** Apart from what else a pool of Node's holds. */
function bufferOf(octets: Uint8Array): ArrayBuffer {
  return Uint8Array.from(octets).buffer;
}

/** The time step of a code; undefined when it is none of those of now. */
function stepOf(secret: Secret, token: string, timestamp: number): number | undefined {
  const totp = new TOTP({ secret, period: PERIOD, digits: DIGITS });
  const delta = totp.validate({ token, timestamp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
}

/** 80 random bits in groups that can be typed: no letter looks like a digit. Never six digits, as a code of the app is. */
function recoveryCode(random: Random): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const letters = [...random.bytes(16)].map((octet) => alphabet[octet & 31]!);
  return letters.join('').replace(/.{4}(?!$)/g, '$&-');
}
