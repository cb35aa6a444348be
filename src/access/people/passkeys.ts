import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { actorOf, type People, type Person } from './people.ts';
import type { Client, NewSession, Sessions } from './sessions.ts';
import { nameKey, type PasskeyRow, peopleRows } from './store.ts';

/** Milliseconds that a person has to touch the authenticator. */
const PATIENCE = 5 * 60_000;
/** Of one person. */
const MOST = 50;

/** The page that asks: passkeys are for one host name. */
export interface Site {
  /** RP ID, such as `box.example.com`. */
  host: string;
  /** Such as `https://box.example.com:8443`. */
  origin: string;
}

export type PasskeyView = Omit<PasskeyRow, 'account' | 'publicKey' | 'counter' | 'transports'>;

/** Passkeys (Web Authentication Level 3). Options and answers are the JSON that browsers give and take (§5.1.8, §5.1.9). */
export interface Passkeys {
  list(account: string): PasskeyView[];
  /** What the browser makes a passkey by. */
  enrol(person: Person, site: Site): Promise<object>;
  /** @throws AppError passkey-refused, in-use */
  add(
    actor: Actor,
    person: Person,
    site: Site,
    given: { name: string; response: object },
  ): Promise<PasskeyView>;
  /** @throws AppError not-found */
  remove(actor: Actor, person: Person, id: string): Promise<void>;
  /** What the browser signs in by; without a name it offers all that it has for the host. Says nothing of who exists. */
  challenge(site: Site, name: string | undefined): Promise<object>;
  /** @throws AppError passkey-refused */
  signIn(
    response: object,
    site: Site,
    how: { client: Client; previous: string | undefined },
  ): Promise<NewSession & { person: Person }>;
  /** A person who is signed in proves it again. @throws AppError passkey-refused */
  confirm(
    response: object,
    site: Site,
    given: { person: Person; session: string; client: Client },
  ): Promise<void>;
}

export interface PasskeyOptions {
  work: UnitOfWork;
  people: People;
  sessions: Sessions;
  sealer: Sealer;
  /** Told of each that failed. */
  onFailed: () => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Loaded when it is needed first: it would be a tenth of the start. */
const library = () => import('@simplewebauthn/server');

export function createPasskeys(options: PasskeyOptions): Passkeys {
  const { work, people, sessions, sealer, clock, random, log } = options;
  const reads = work.committed.rows(peopleRows);
  const challenges = createChallenges(clock, random);

  /** Finds the passkey of an answer, and looks at its signature. Each challenge is good for one answer. */
  async function verified(response: object, { host, origin }: Site) {
    const given = response as { id?: unknown };
    const row = typeof given.id === 'string' ? reads.passkey(given.id) : undefined;
    const person = row && people.byId(row.account);
    if (!row || !person) return undefined;
    const { verifyAuthenticationResponse } = await library();
    let answered = '';
    const result = await verifyAuthenticationResponse({
      response: response as never,
      expectedChallenge: (challenge) => challenges.knows((answered = challenge), ''),
      expectedOrigin: origin,
      expectedRPID: host,
      credential: { id: row.id, publicKey: Uint8Array.from(row.publicKey), counter: row.counter },
      requireUserVerification: true,
    }).catch((error: unknown) => {
      log.info({ err: error }, 'a passkey was refused');
      return { verified: false as const, authenticationInfo: undefined };
    });
    if (!result.verified || !challenges.use(answered)) return undefined;
    return { row, person, info: result.authenticationInfo };
  }

  /** Who has no passkey, or does not exist, seems to have one: always the same. */
  function allowedFor(name: string, host: string): { id: string; transports?: never }[] {
    const person = people.byName(name);
    const own = person ? reads.passkeysOf(person.id).filter((one) => one.host === host) : [];
    if (own.length > 0) return own.map(({ id, transports }) => ({ id, transports: transports as never }));
    return [
      { id: sealer.digest(`${host} ${nameKey(name)}`, 'no passkey'), transports: ['internal'] as never },
    ];
  }

  async function accepted(response: object, site: Site, client: Client) {
    const found = await verified(response, site);
    if (found) return found;
    options.onFailed();
    log.warn({ client: client.address ?? 'local' }, 'sign-in failed');
    throw refused('The passkey is unknown here, or it was not used in time. Try again.');
  }

  function use(change: Parameters<Parameters<UnitOfWork['change']>[1]>[0], { row, info }: Accepted): void {
    const rows = change.rows(peopleRows);
    // Another answer may have been taken meanwhile: a counter that does not rise is a copy's (§6.1.1).
    const now = rows.passkey(row.id);
    if (!now || (now.counter > 0 && info.newCounter <= now.counter))
      throw refused('The passkey was used elsewhere meanwhile, or is a copy.');
    rows.usePasskey(row.id, info.newCounter, info.credentialBackedUp, toRfc3339(clock.now()));
  }
  type Accepted = Awaited<ReturnType<typeof accepted>>;

  return {
    list: (account) => reads.passkeysOf(account).map(viewOf),

    async enrol(person, { host }) {
      const { generateRegistrationOptions } = await library();
      return generateRegistrationOptions({
        rpName: host,
        rpID: host,
        userName: person.name,
        userDisplayName: person.displayName ?? person.name,
        // Says nothing of the person (§14.6.1), and is the same each time.
        userID: Uint8Array.from(Buffer.from(sealer.digest(person.id, 'passkey user'), 'base64url')),
        challenge: challenges.make(person.id),
        attestationType: 'none',
        excludeCredentials: reads
          .passkeysOf(person.id)
          .filter((one) => one.host === host)
          .map(({ id, transports }) => ({ id, transports: transports as never })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },

    async add(actor, person, { host, origin }, { name, response }) {
      const { verifyRegistrationResponse } = await library();
      let answered = '';
      const result = await verifyRegistrationResponse({
        response: response as never,
        expectedChallenge: (challenge) => challenges.knows((answered = challenge), person.id),
        expectedOrigin: origin,
        expectedRPID: host,
        requireUserVerification: true,
      }).catch((error: unknown) => {
        throw refused('The passkey cannot be taken: it was not made here, or not in time. Try again.', error);
      });
      if (!result.verified || !challenges.use(answered))
        throw refused('The passkey cannot be taken. Try again.');
      const { credential, credentialBackedUp } = result.registrationInfo;
      const row: PasskeyRow = {
        ...{ id: credential.id, account: person.id, name, publicKey: credential.publicKey },
        ...{ counter: credential.counter, transports: credential.transports ?? [], host },
        ...{ synced: credentialBackedUp, createdAt: toRfc3339(clock.now()), lastUsedAt: undefined },
      };
      await work.change({ actor, cause: `passkey of ${person.name} added` }, (change) => {
        const rows = change.rows(peopleRows);
        if (rows.passkey(row.id)) throw new AppError('already-exists', 'This passkey is known already.');
        if (rows.passkeysOf(person.id).length >= MOST)
          throw new AppError('in-use', `You have ${MOST} passkeys: remove one that is used no more.`);
        rows.insertPasskey(row);
        change.audit('passkey.add', person.name, { name, host });
      });
      return viewOf(row);
    },

    async remove(actor, person, id) {
      await work.change({ actor, cause: `passkey of ${person.name} removed` }, (change) => {
        if (!change.rows(peopleRows).deletePasskey(person.id, id))
          throw new AppError('not-found', 'There is no such passkey.');
        change.audit('passkey.remove', person.name, { id });
      });
    },

    async challenge({ host }, name) {
      const { generateAuthenticationOptions } = await library();
      const allowed = name === undefined ? undefined : allowedFor(name, host);
      return generateAuthenticationOptions({
        rpID: host,
        challenge: challenges.make(''),
        userVerification: 'required',
        ...(allowed && { allowCredentials: allowed }),
      });
    },

    async signIn(response, site, { client, previous }) {
      const found = await accepted(response, site, client);
      const { person } = found;
      const why = { actor: actorOf(person, client.address), cause: `${person.name} signed in` };
      const begun = await work.change(why, (change) => {
        use(change, found);
        return sessions.begin(change, person, { method: 'passkey', client, previous });
      });
      return { ...begun, person };
    },

    async confirm(response, site, { person, session, client }) {
      const found = await accepted(response, site, client);
      if (found.person.id !== person.id) throw refused('The passkey is that of another account.');
      const why = { actor: actorOf(person, client.address), cause: `${person.name} confirmed` };
      await work.change(why, (change) => {
        use(change, found);
        sessions.confirm(change, session);
      });
    },
  };
}

const refused = (message: string, cause?: unknown): AppError =>
  new AppError('passkey-refused', message, { cause });

function viewOf({ id, name, host, synced, createdAt, lastUsedAt }: PasskeyRow): PasskeyView {
  return { id, name, host, synced, createdAt, lastUsedAt };
}

/** Octets of a challenge: random ones, until when it holds, and what proves that it is ours. */
const NONCE = 16;
const HEAD = NONCE + 8;
const MAC = 32;

/**
 * Challenges are not kept: each has in itself until when it holds, and a code (HMAC-SHA-256) over that and what it is for, by a key of this
 * process. So no stranger who asks for many pushes out another's. What is kept is which were answered well, as long as they hold: only who has a
 * passkey adds to that.
 */
function createChallenges(clock: Clock, random: Random) {
  const key = Buffer.from(random.bytes(MAC));
  /** Until when each holds, the one that was answered first before the others. */
  const answered = new Map<string, number>();
  const macOf = (head: Uint8Array, purpose: string): Buffer =>
    createHmac('sha256', key).update(head).update(purpose).digest();
  const untilOf = (octets: Buffer): number => Number(octets.readBigUInt64BE(NONCE));
  return {
    make(purpose: string): Uint8Array<ArrayBuffer> {
      const head = Buffer.alloc(HEAD);
      head.set(random.bytes(NONCE));
      head.writeBigUInt64BE(BigInt(Math.ceil(clock.monotonic() + PATIENCE)), NONCE);
      return Uint8Array.from([...head, ...macOf(head, purpose)]);
    },
    /** Whether it was given out for that purpose, and may still be answered. */
    knows(challenge: string, purpose: string): boolean {
      const octets = Buffer.from(challenge, 'base64url');
      if (octets.length !== HEAD + MAC) return false;
      const head = octets.subarray(0, HEAD);
      return (
        timingSafeEqual(octets.subarray(HEAD), macOf(head, purpose)) && untilOf(octets) >= clock.monotonic()
      );
    },
    /** One that is known was answered well; false when it was before. */
    use(challenge: string): boolean {
      const octets = Buffer.from(challenge, 'base64url');
      const id = octets.toString('hex');
      if (answered.has(id)) return false;
      for (const [old, until] of answered) if (until < clock.monotonic()) answered.delete(old);
      answered.set(id, untilOf(octets));
      return true;
    },
  };
}
