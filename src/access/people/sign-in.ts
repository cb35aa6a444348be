import { AppError } from '../../core/errors.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { actorOf, type PasswordHashing, type People, type Person } from './people.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Client, NewSession, Sessions } from './sessions.ts';
import { nameKey } from './store.ts';
import type { Attempt, PasswordGuard } from './password-guard.ts';

export interface SignIn {
  /**
   * With a password, and the code of a second factor when the account has one. `previous`: the secret of the session that ends with it.
   * @throws AppError wrong-password, second-factor-needed, rate-limited
   */
  withPassword(given: {
    name: string;
    password: string;
    code?: string | undefined;
    client: Client;
    previous: string | undefined;
  }): Promise<NewSession & { person: Person }>;
  /** A person who is signed in proves it again. @throws AppError as before */
  confirm(
    person: Person,
    session: string,
    given: { password: string; code?: string | undefined; client: Client },
  ): Promise<void>;
  /** The password is the person's. @throws AppError wrong-password, rate-limited */
  check(person: Person, password: string, client: Client): Promise<void>;
}

export interface SignInOptions {
  work: UnitOfWork;
  people: People;
  sessions: Sessions;
  factors: SecondFactors;
  hashing: PasswordHashing;
  guard: PasswordGuard;
  /** Keeps the hash of a password that was right in today's form; the sessions stay. */
  rehash(change: Change, person: Person, hash: string): void;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { work, people, sessions, factors, hashing, guard } = options;

  /** Looks at a password, and counts that it was. */
  async function look(name: string, password: string, client: Client) {
    const person = people.byName(name);
    const attempt = guard.begin(client, person?.id ?? nameKey(name), person?.name);
    const right = await hashing.matches(password, person?.password);
    // With a second look: whoever was shut out meanwhile stays so.
    const now = people.byName(name);
    if (!right || !person || now?.password !== person.password) {
      attempt.failed();
      throw wrong();
    }
    attempt.passwordRight();
    return { person: now!, attempt };
  }

  function second(change: Change, person: Person, code: string | undefined, attempt: Attempt): void {
    if (!factors.has(person.id)) return;
    if (code === undefined)
      throw new AppError(
        'second-factor-needed',
        'Give the six digits that your authenticator app shows, or a recovery code.',
      );
    if (factors.take(change, person.id, code)) return;
    attempt.failed();
    throw new AppError('second-factor-needed', 'The code is wrong, or was used already. Give the next one.');
  }

  return {
    async withPassword({ name, password, code, client, previous }) {
      const { person, attempt } = await look(name, password, client);
      const fresh = hashing.isCurrent(person.password!) ? undefined : await hashing.hash(password);
      const why = { actor: actorOf(person, client.address), cause: `${person.name} signed in` };
      const begun = await work.change(why, (change) => {
        second(change, person, code, attempt);
        // It may have been changed while this one was hashed.
        if (people.byName(name)?.password !== person.password) throw wrong();
        if (fresh !== undefined) options.rehash(change, person, fresh);
        const now = fresh === undefined ? person : { ...person, password: fresh };
        return sessions.begin(change, now, { method: 'password', client, previous });
      });
      attempt.proven();
      return { ...begun, person };
    },

    async confirm(person, session, { password, code, client }) {
      const { person: now, attempt } = await look(person.name, password, client);
      const why = { actor: actorOf(person, client.address), cause: `${person.name} confirmed` };
      await work.change(why, (change) => {
        second(change, now, code, attempt);
        sessions.confirm(change, session);
      });
      attempt.proven();
    },

    async check(person, password, client) {
      await look(person.name, password, client);
    },
  };
}

const wrong = (): AppError =>
  new AppError('wrong-password', 'The name or the password is wrong. Check both.');
