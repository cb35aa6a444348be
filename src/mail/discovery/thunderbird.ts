import type { Name } from '../../dns/wire/name.ts';
import { mailServices, type MailService } from './servers.ts';
import { element, renderXml, type Element } from './xml.ts';

/** Thunderbird's `config-v1.1.xml` of a domain. The program puts its own address in place of %EMAILADDRESS%. */
export function thunderbirdConfig({ domain, hostname }: { domain: Name; hostname: Name }): string {
  const name = domain.canonical().toText();
  const provider = [
    element('domain', name),
    element('displayName', name),
    element('displayShortName', name),
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
