import type { Name } from '../../dns/wire/name.ts';
import type { Mailbox } from './mailbox.ts';
import { renderPlist, type PlistDictionary } from './plist.ts';
import { readableAddress, readableDomain } from './readable.ts';
import { bestService } from './servers.ts';
import { URL_NAMESPACE, uuidOfName } from './uuid.ts';

export interface AppleProfileOptions {
  domain: Name;
  hostname: Name;
  /** undefined: the device asks for the address. */
  mailbox: Mailbox | undefined;
}

/**
 * A configuration profile with one mail account. Its UUIDs follow from box and mailbox, so that installing it again replaces the account
 * in place of adding another.
 */
export function appleProfile({ domain, hostname, mailbox }: AppleProfileOptions): string {
  const host = hostname.canonical().toText();
  const subject = mailbox?.address ?? domain.canonical().toText();
  const readable = mailbox ? readableAddress(mailbox) : readableDomain(domain);
  const name = `https://${host}/email.mobileconfig?email=${encodeURIComponent(subject)}`;
  const uuid = uuidOfName(URL_NAMESPACE, name);
  const identifier = `${host.split('.').reverse().join('.')}.email.${uuid}`;
  return renderPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuid,
    PayloadDisplayName: `Mail for ${readable}`,
    PayloadDescription: `Sets up mail for ${readable}.`,
    PayloadOrganization: readableDomain(domain),
    PayloadRemovalDisallowed: false,
    PayloadContent: [
      {
        PayloadType: 'com.apple.mail.managed',
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.account`,
        PayloadUUID: uuidOfName(URL_NAMESPACE, `${name}#account`),
        PayloadDisplayName: readable,
        EmailAccountType: 'EmailTypeIMAP',
        EmailAccountDescription: readable,
        EmailAddress: mailbox?.address,
        ...server('IncomingMailServer', 'imap', host, mailbox),
        ...server('OutgoingMailServer', 'smtp', host, mailbox),
        OutgoingPasswordSameAsIncomingPassword: true,
      },
    ],
  });
}

function server(
  prefix: string,
  protocol: 'imap' | 'smtp',
  host: string,
  mailbox: Mailbox | undefined,
): PlistDictionary {
  return {
    [`${prefix}Authentication`]: 'EmailAuthPassword',
    [`${prefix}HostName`]: host,
    [`${prefix}PortNumber`]: bestService(protocol).port,
    [`${prefix}UseSSL`]: true,
    [`${prefix}Username`]: mailbox?.address,
  };
}
