import type { Name } from '../../dns/wire/name.ts';

/** What Autodiscover version 2 answers, with its HTTP status. */
export interface OutlookJson {
  status: 200 | 400;
  body: Record<string, string>;
}

/**
 * Autodiscover version 2: where the service for a protocol is. Only the XML service of version 1 is here, at the box's own name, whose
 * certificate is valid whatever happens to that of the domain.
 */
export function outlookJson(protocol: string | undefined, hostname: Name): OutlookJson {
  if (protocol?.toLowerCase() !== 'autodiscoverv1') {
    const message = 'The protocol is not provided here. Supported values are AutodiscoverV1.';
    return { status: 400, body: { ErrorCode: 'InvalidProtocol', ErrorMessage: message } };
  }
  const url = `https://${hostname.canonical().toText()}/autodiscover/autodiscover.xml`;
  return { status: 200, body: { Protocol: 'AutodiscoverV1', Url: url } };
}
