import type { Clock } from '../../core/clock.ts';
import { clientNetwork } from '../../core/client-network.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { actorOf, type PasswordHashing, type People, type Person } from './people.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Client, NewSession, Sessions } from './sessions.ts';
import { nameKey, peopleRows } from './store.ts';
import { createSignInTries } from './tries.ts';

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
  /** Keeps the hash of a password that was right in today's form; the sessions stay. */
  rehash(change: Change, person: Person, hash: string): void;
  /** Told of each that failed, for the metrics. */
  onFailed: () => void;
  clock: Clock;
  log: Log;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { work, people, sessions, factors, hashing, clock, log } = options;
  const rows = work.committed.rows(peopleRows);
  const tries = createSignInTries(clock);

  /** Looks at a password, and counts that it was. */
  async function look(name: string, password: string, client: Client): Promise<Person> {
    const network = client.address === undefined ? undefined : clientNetwork(client.address);
    const person = people.byName(name);
    const key = person?.id ?? nameKey(name);
    const known =
      person !== undefined &&
      rows
        .sessionsOf(person.id, 50)
        .some(({ address }) => address !== undefined && clientNetwork(address) === network);
    const wait = tries.take(key, network, known);
    if (wait > 0) {
      failed(client, person);
      const seconds = Math.ceil(wait / 1000);
      const message = `Too many passwords were tried. Wait ${seconds} seconds.`;
      throw new AppError('rate-limited', message, { retryAfter: seconds });
    }
    const right = await hashing.matches(password, person?.password);
    // With a second look: whoever was shut out meanwhile stays so.
    const now = people.byName(name);
    if (!right || !person || now?.password !== person.password) {
      failed(client, person);
      throw wrong();
    }
    // With a second factor it is right when that is.
    if (!factors.has(person.id)) tries.right(key, network, known);
    return now!;
  }

  /** The line that fail2ban reads (docs/accounts.md): the name only of who exists, as people type passwords where names belong. */
  function failed({ address }: Client, person: Person | undefined): void {
    options.onFailed();
    log.warn({ client: address ?? 'local', ...(person && { account: person.name }) }, 'sign-in failed');
  }

  function second(change: Change, person: Person, code: string | undefined, client: Client): void {
    if (!factors.has(person.id)) return;
    if (code === undefined)
      throw new AppError(
        'second-factor-needed',
        'Give the six digits that your authenticator app shows, or a recovery code.',
      );
    if (factors.take(change, person.id, code)) return;
    failed(client, person);
    throw new AppError('second-factor-needed', 'The code is wrong, or was used already. Give the next one.');
  }

  return {
    async withPassword({ name, password, code, client, previous }) {
      const person = await look(name, password, client);
      const fresh = hashing.isCurrent(person.password!) ? undefined : await hashing.hash(password);
      const why = { actor: actorOf(person, client.address), cause: `${person.name} signed in` };
      const begun = await work.change(why, (change) => {
        second(change, person, code, client);
        // It may have been changed while this one was hashed.
        if (people.byName(name)?.password !== person.password) throw wrong();
        if (fresh !== undefined) options.rehash(change, person, fresh);
        const now = fresh === undefined ? person : { ...person, password: fresh };
        return sessions.begin(change, now, { method: 'password', client, previous });
      });
      forgive(person, client);
      return { ...begun, person };
    },

    async confirm(person, session, { password, code, client }) {
      const now = await look(person.name, password, client);
      const why = { actor: actorOf(person, client.address), cause: `${person.name} confirmed` };
      await work.change(why, (change) => {
        second(change, now, code, client);
        sessions.confirm(change, session);
      });
      forgive(person, client);
    },

    async check(person, password, client) {
      await look(person.name, password, client);
    },
  };

  function forgive({ id }: Person, { address }: Client): void {
    const network = address === undefined ? undefined : clientNetwork(address);
    tries.right(id, network, true);
    tries.right(id, network, false);
  }
}

const wrong = (): AppError =>
  new AppError('wrong-password', 'The name or the password is wrong. Check both.');
