import { type AccountOptions, type AccountService, createAccounts } from './accounts.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { createPasswordGuard, type PasswordGuard, type PasswordGuardOptions } from './password-guard.ts';
import { createPeople } from './people.ts';
import { createSecondFactors, type SecondFactors } from './second-factors.ts';
import { createSessions, type SessionOptions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { peopleRows } from './store.ts';
import type { SecondFactorOptions } from './second-factors.ts';

/** Accounts of people, how they sign in, and their sessions. */
export interface PeopleServices {
  accounts: AccountService;
  sessions: Sessions;
  signIn: SignIn;
  factors: SecondFactors;
  passkeys: Passkeys;
  guard: PasswordGuard;
}

export type PeopleOptions = Omit<AccountOptions, 'people' | 'sessions' | 'factors'> &
  Omit<SessionOptions, 'people'> &
  SecondFactorOptions &
  Pick<PasswordGuardOptions, 'onFailed' | 'log'>;

export function createPeopleServices(options: PeopleOptions): PeopleServices {
  const rows = options.work.committed.rows(peopleRows);
  const people = createPeople(rows, options.mailboxes);
  const sessions = createSessions({ ...options, people });
  const factors = createSecondFactors(options);
  const accounts = createAccounts({ ...options, people, sessions, factors });
  const guard = createPasswordGuard({ ...options, rows, factors });
  const signIn = createSignIn({
    ...{ ...options, people, sessions, factors, guard },
    rehash: (...kept) => accounts.rehash(...kept),
  });
  const passkeys = createPasskeys({ ...options, people, sessions });
  return { passkeys, accounts, sessions, signIn, factors, guard };
}
