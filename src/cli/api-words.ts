/**
 * The API tells programs which call to make; a person at the command line is told the command. Each call that a sentence of the box
 * names has a line here, which a test compares with the sources.
 */
const commands: [call: RegExp, command: string][] = [
  [/PUT \/api\/v1\/box/g, 'signpost box set'],
  [/POST \/api\/v1\/tsig-keys/g, 'signpost tsig create'],
  [/POST \/api\/v1\/tokens/g, 'signpost token create'],
  [/GET \/api\/v1\/jobs\/(\S+)/g, 'signpost job show $1'],
  [/PATCH \/api\/v1\/domains\/(\S+) with \{"mail": true\}/g, 'signpost domain set $1 --mail yes'],
  [/POST \/api\/v1\/domains/g, 'signpost domain add'],
  [/POST \/api\/v1\/mailboxes\/(\S+?)\/restore/g, 'signpost mailbox restore $1'],
  [/POST \/api\/v1\/aliases/g, 'signpost alias add'],
  [/GET \/api\/v1\/health with a token/g, 'signpost status'],
  [/GET \/api\/v1\/health/g, 'signpost status'],
  [/; the zones are at GET \/api\/v1\/zones/g, ' on this box'],
  [/POST \/api\/v1\/zones\/(\S+?)\/rebuild( \(signpost zone rebuild \S+?\))?/g, 'signpost zone rebuild $1'],
];

/** Where the box says what to do in words that fit programs. */
const phrases: [phrase: RegExp, words: string][] = [
  [
    /^The domain (\S+) is there already\./,
    'The domain $1 is there already; signpost domain set $1 changes it.',
  ],
  [/^(\S+) (.*; )ask for its records instead\./, '$1 $2signpost domain show $1 says what to publish there.'],
  [
    /(the scope certificates:export-key itself;.*) with signpost token create\./,
    '$1: signpost token create NAME --scope certificates:export-key',
  ],
  [/give the private key with the certificate/, 'give its private key with --key-file'],
];

/** The sentence, with commands in the place of calls. */
export function inCommands(sentence: string): string {
  return [...commands, ...phrases].reduce((text, [call, command]) => text.replace(call, command), sentence);
}

/** Sentences of codes whose own speak of HTTP, or of what the command line has other words for. */
export const sentencesOfCodes: Readonly<Record<string, string>> = {
  'not-configured':
    'The box has no hostname yet. Give it one, and its public addresses: signpost box set --hostname box.example.com --ipv4 192.0.2.1',
  'no-credential':
    'A token is needed. Give it with --token or SIGNPOST_TOKEN; on the box itself, signpost token create NAME makes one.',
  'bad-credential':
    'The token is unknown, revoked or expired. Check --token or SIGNPOST_TOKEN; on the box itself, signpost token create NAME makes a new one.',
};

/** What the fields of requests are called on the command line. */
const fieldNames: Readonly<Record<string, string>> = {
  hostname: '--hostname',
  ipv4: '--ipv4',
  ipv6: '--ipv6',
  adminEmail: '--admin-email',
  secondaries: '--secondary',
  caaIssuer: '--caa',
  'retention.versions': '--keep-versions',
  'retention.versionsAtLeast': '--keep-at-least',
  'retention.audit': '--keep-audit',
  'retention.jobs': '--keep-jobs',
  'retention.removedZones': '--keep-removed',
  addresses: '--address',
  tsigKey: '--key',
  primaries: '--primary',
  'primaries.address': '--primary',
  'primaries.port': '--primary',
  'primaries.tsigKey': '--key',
  'primaries.tls.name': '--tls-name',
  'primaries.tls.pin': '--tls-pin',
  'primaries.tls.ca': '--tls-ca',
  algorithm: '--algorithm',
  transfer: '--zone',
  secret: '--secret-file',
  keyAlgorithm: '--key',
  privateKey: '--key-file',
  reason: '--reason',
  expiresAt: '--expires',
  'scopes.zones': '--zone',
  'scopes.names': '--owner',
  'from.server': '--axfr',
  'from.port': '--port',
  'from.text': '--file',
  displayName: '--name',
  quota: '--quota',
  forwardTo: '--forward',
  keepCopy: '--copy',
  sendLimit: '--limit',
  'sendLimit.messages': '--limit',
  'sendLimit.seconds': '--limit',
  totalSendLimit: '--total-limit',
  'totalSendLimit.messages': '--total-limit',
  'totalSendLimit.seconds': '--total-limit',
  senders: '--sender',
  ttl: 'TTL',
};

/** `ipv4[0]` is `--ipv4`. */
export function fieldName(path: string): string {
  const plain = path.replace(/\[\d+\]/g, '');
  return fieldNames[plain] ?? plain;
}

/** What stands at a path such as `scopes[0].zones[1]` of the request. */
export function valueAt(path: string, body: unknown): string | undefined {
  // What was typed unseen is not shown.
  if (/password/i.test(path)) return undefined;
  let value = body;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
