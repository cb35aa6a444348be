import type { Name } from '../../dns/wire/name.ts';
import { readableDomain, shorten } from './readable.ts';
import { mailServices, type MailService } from './servers.ts';
import { element, renderXml, type Element } from './xml.ts';

/** Characters of names, by draft-ietf-mailmaint-autoconfig. */
const NAME_MAX = 60;
const SHORT_NAME_MAX = 20;

/**
 * The Autoconfig document of a domain (Thunderbird's `config-v1.1.xml`; draft-ietf-mailmaint-autoconfig). The program puts its own
 * address in place of %EMAILADDRESS%.
 */
export function thunderbirdConfig({ domain, hostname }: { domain: Name; hostname: Name }): string {
  const name = domain.canonical().toText();
  const readable = readableDomain(domain);
  const provider = [
    element('domain', name),
    element('displayName', shorten(readable, NAME_MAX)),
    element('displayShortName', shorten(readable, SHORT_NAME_MAX)),
    ...mailServices.map((service) => server(service, hostname)),
  ];
  return renderXml(
    element('clientConfig', [element('emailProvider', provider, { id: name })], { version: '1.1' }),
  );
}

function server({ protocol, port, tls }: MailService, hostname: Name): Element {
  return element(
    protocol === 'smtp' ? 'outgoingServer' : 'incomingServer',
    [
      element('hostname', hostname.canonical().toText()),
      element('port', port),
      element('socketType', tls === 'implicit' ? 'SSL' : 'STARTTLS'),
      element('authentication', 'password-cleartext'),
      element('username', '%EMAILADDRESS%'),
    ],
    { type: protocol },
  );
}
