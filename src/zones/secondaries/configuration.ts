import type { TsigAlgorithm } from '../../dns/message/tsig.ts';

/** Servers whose configuration we print. */
export const secondaryServers = ['knot', 'nsd', 'bind'] as const;
export type SecondaryServer = (typeof secondaryServers)[number];

export interface ConfigurationInput {
  /** Where the zones come from. */
  addresses: readonly string[];
  port: number;
  /** undefined: without TSIG. */
  key: { name: string; algorithm: TsigAlgorithm } | undefined;
  zones: readonly string[];
}

/** Stands where the secret goes: it is shown once, when the key is made. */
export const SECRET = 'PUT-THE-SECRET-HERE';

/** What a person puts into the configuration of the secondary, so that it takes these zones from us and listens to our NOTIFY. */
export function secondaryConfiguration(server: SecondaryServer, input: ConfigurationInput): string {
  return { knot, nsd, bind }[server](input);
}

function knot({ addresses, port, key, zones }: ConfigurationInput): string {
  const lines: string[] = [];
  if (key)
    lines.push('key:', `  - id: ${key.name}`, `    algorithm: ${key.algorithm}`, `    secret: ${SECRET}`, '');
  const reference = key ? [`    key: ${key.name}`] : [];
  lines.push(
    'remote:',
    '  - id: signpost',
    `    address: [ ${addresses.map((address) => `${address}@${port}`).join(', ')} ]`,
    ...reference,
    '',
    'acl:',
    '  - id: signpost-notify',
    `    address: [ ${addresses.join(', ')} ]`,
    ...reference,
    '    action: notify',
    '',
    'template:',
    '  - id: signpost',
    '    master: signpost',
    '    acl: signpost-notify',
    '',
    'zone:',
    ...zones.flatMap((zone) => [`  - domain: ${zone}`, '    template: signpost']),
  );
  return text(lines);
}

function nsd({ addresses, port, key, zones }: ConfigurationInput): string {
  const lines: string[] = [];
  if (key)
    lines.push('key:', `  name: "${key.name}"`, `  algorithm: ${key.algorithm}`, `  secret: "${SECRET}"`, '');
  const name = key ? key.name : 'NOKEY';
  lines.push(
    'pattern:',
    '  name: "signpost"',
    '  zonefile: "%s.zone"',
    ...addresses.map((address) => `  request-xfr: ${address}@${port} ${name}`),
    ...addresses.map((address) => `  allow-notify: ${address} ${name}`),
    '',
    ...zones.flatMap((zone) => ['zone:', `  name: "${zone}"`, '  include-pattern: "signpost"']),
  );
  return text(lines);
}

function bind({ addresses, port, key, zones }: ConfigurationInput): string {
  const lines: string[] = [];
  if (key)
    lines.push(`key "${key.name}" {`, `  algorithm ${key.algorithm};`, `  secret "${SECRET}";`, '};', '');
  const reference = key ? ` key "${key.name}"` : '';
  lines.push(
    'primaries "signpost" {',
    ...addresses.map((address) => `  ${address} port ${port}${reference};`),
    '};',
    '',
    ...zones.map(
      (zone) => `zone "${zone}" { type secondary; primaries { "signpost"; }; file "${zone}.zone"; };`,
    ),
  );
  return text(lines);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
