import type { Api } from '../env.ts';

/** An OpenAPI 3.1 document, as the generator gives it. */
export type Document = ReturnType<Api['getOpenAPI31Document']>;

const introduction = `The API of a Signpost box. Everything is JSON; names carry no final dot, except inside record values, which are in zone-file form. Times are RFC 3339 in UTC, durations in seconds.`;

const tags = [
  { name: 'box', description: 'What the box is: its hostname, its addresses, its defaults.' },
  { name: 'domains', description: 'The domains of the box, and every record they get.' },
  { name: 'mail', description: 'Mailboxes and aliases: who gets mail, and who may sign in.' },
  { name: 'dkim', description: 'The keys that sign the mail of a domain, and how they are replaced.' },
  { name: 'jobs', description: 'Work that goes on after its request was answered.' },
  { name: 'records', description: 'Your own records, beside those that the box derives.' },
  { name: 'registrar', description: 'What to set at the registrar of a domain.' },
  { name: 'zones', description: 'Zones as they are served: files, versions, differences, import.' },
  { name: 'keys', description: 'DNSSEC keys.' },
  { name: 'certificates', description: 'Certificates: of the CA, or your own.' },
  { name: 'secondaries', description: 'Other nameservers that take the zones, and their TSIG keys.' },
  { name: 'secondary-zones', description: 'Zones of others that the box serves as a secondary.' },
  { name: 'mail servers', description: 'Postfix, Dovecot, Rspamd and Redis of this machine.' },
  { name: 'accounts', description: 'People: who they are, how they sign in, what they may do.' },
  { name: 'tokens', description: 'Credentials of programs.' },
  { name: 'audit', description: 'Who changed what.' },
  { name: 'events', description: 'What happens, as it happens.' },
  { name: 'checks', description: 'What should be so, whether it is, and how to mend it.' },
  { name: 'nameserver', description: 'What the nameserver is asked, and how it answers.' },
  { name: 'metrics', description: 'The box in numbers, for Prometheus.' },
  { name: 'health', description: 'Whether the box is ready.' },
  { name: 'docs', description: 'This documentation.' },
];

let document: Document | undefined;

/**
 * Describes every route of the API. It takes a tenth of a second to make, and is the same whatever the API answers from: it is made
 * once in the life of the process.
 */
export function documentOf(api: Api): Document {
  return (document ??= describe(api));
}

function describe(api: Api): Document {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token, made with POST /api/v1/tokens.',
  });
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Signpost API', version: '1', description: introduction },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags,
  });
}
