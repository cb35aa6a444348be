import type { Name } from '../../dns/wire/name.ts';

/** What Autodiscover version 2 answers, with its HTTP status. */
export interface OutlookJson {
  status: 200 | 400 | 404;
  body: Record<string, string>;
}

/**
 * Autodiscover version 2: where the service for a protocol is. Only the XML service of version 1 is here, at the box's own name, whose
 * certificate is valid whatever happens to that of the domain. ActiveSync, for which phones ask, is refused.
 */
export function outlookJson(protocol: string | undefined, hostname: Name): OutlookJson {
  if (protocol === undefined || protocol === '') return missingParameter('Protocol');
  if (protocol.toLowerCase() !== 'autodiscoverv1') {
    const message = 'The protocol is not provided here. Supported values are AutodiscoverV1.';
    return failure(400, 'InvalidProtocol', message);
  }
  const url = `https://${hostname.canonical().toText()}/autodiscover/autodiscover.xml`;
  return { status: 200, body: { Protocol: 'AutodiscoverV1', Url: url } };
}

/** The question lacks what it is about. */
export function missingParameter(name: 'Email' | 'Protocol'): OutlookJson {
  return failure(400, 'MandatoryParameterMissing', `Add the query parameter ${name}.`);
}

/** The mailbox is elsewhere, or is none. */
export function userNotFound(): OutlookJson {
  return failure(404, 'UserNotFound', 'No mailbox of this domain is here. Check the address.');
}

function failure(status: 400 | 404, code: string, message: string): OutlookJson {
  return { status, body: { ErrorCode: code, ErrorMessage: message } };
}
