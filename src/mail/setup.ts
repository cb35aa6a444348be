import type { Name } from '../dns/wire/name.ts';
import { type MailService, mailServices } from './discovery/servers.ts';

/** What a person types into a mail program that cannot set itself up. */
export interface MailSetup {
  address: string;
  /** What to sign in with. */
  userName: string;
  /** The best first; a program needs one to receive and one to send. */
  servers: (MailService & { host: Name; use: 'receive' | 'send' })[];
}

export function setupOf(address: string, host: Name): MailSetup {
  const servers = mailServices.map((service) => ({
    ...service,
    host,
    use: service.protocol === 'smtp' ? ('send' as const) : ('receive' as const),
  }));
  return { address, userName: address, servers };
}
