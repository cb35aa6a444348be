import { finding, type Finding, good } from './check.ts';
import { told } from './sentences.ts';

/** How port 25 is looked at. */
export interface PortSources {
  /** The first line of the mail server at a host; rejects with the system's code. */
  greeting: (host: string) => Promise<string>;
  /** The host that takes all mail for elsewhere, if one is set. */
  relay: () => string | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Mail servers of large providers, of different networks: one that answers is enough. */
const WELL_KNOWN = ['gmail-smtp-in.l.google.com', 'mx00.mail.icloud.com', 'mx-ha.gmx.net'];

/** Milliseconds for which an open port is believed without asking strangers again. */
const BELIEVED = 3_600_000;

/** Whether mail can leave by port 25. Providers block it or not for weeks: that it is open is not asked every minute. */
export function outgoingPort({ greeting, relay, now }: PortSources): () => Promise<Finding> {
  let seen: number | undefined;
  return async () => {
    // Its port may be another, and mail for elsewhere goes nowhere else.
    if (relay() !== undefined) return good;
    if (seen !== undefined && now() - seen < BELIEVED) return good;
    const codes = await Promise.all(WELL_KNOWN.map((host) => codeOf(greeting(host))));
    if (codes.includes(undefined)) {
      seen = now();
      return good;
    }
    if (codes.every((code) => unresolved.has(code ?? '')))
      return finding([told('port-25-no-network')], 'unknown');
    return finding([told('port-25-blocked', { hosts: WELL_KNOWN.join(', ') })], 'bad');
  };
}

const unresolved: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH']);

/** Why a server does not greet; undefined: it does, however politely. */
async function codeOf(greeting: Promise<string>): Promise<string | undefined> {
  try {
    await greeting;
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'closed';
  }
}

/** Whether our own mail server answers at the public addresses, as far as the box can see that from where it is. */
export async function incomingPort(
  addresses: readonly string[],
  greeting: PortSources['greeting'],
): Promise<Finding> {
  const found = await Promise.all(
    addresses.map(async (address): Promise<Finding> => {
      try {
        const line = await greeting(address);
        return finding(line.startsWith('220') ? [] : [told('port-25-no-mail', { address, line })], 'bad');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
          return finding([told('port-25-closed', { address })], 'bad');
        return finding([told('port-25-unreachable', { address })], 'unknown');
      }
    }),
  );
  const state = found.some((one) => one.state === 'bad') ? 'bad' : 'unknown';
  return finding(
    found.flatMap((one) => one.found),
    state,
  );
}
