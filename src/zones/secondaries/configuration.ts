import type { TsigAlgorithm } from '../../dns/message/tsig.ts';

/** Servers whose configuration we print. */
export const secondaryServers = ['knot', 'nsd', 'bind', 'powerdns'] as const;
export type SecondaryServer = (typeof secondaryServers)[number];

export interface ConfigurationInput {
  /** Where the zones come from. */
  addresses: readonly string[];
  port: number;
  /** undefined: without TSIG. */
  key: { name: string; algorithm: TsigAlgorithm } | undefined;
  /** Those that are named one by one. */
  zones: readonly string[];
  /** The catalog zone that names them all (RFC 9432). */
  catalog: string | undefined;
}

/** Stands where the secret goes: it is shown once, when the key is made. */
export const SECRET = 'PUT-THE-SECRET-HERE';

/**
 * Whether the Debian 12 version of the server takes its zones from a catalog. NSD does from 4.9 on, and that is 4.6. PowerDNS 4.7 does, but asks for the
 * zones of a catalog without a key.
 */
export function followsCatalogs(server: SecondaryServer, hasKey: boolean): boolean {
  return server === 'powerdns' ? !hasKey : server !== 'nsd';
}

/** What a person puts into the configuration of the secondary, so that it takes these zones from us and listens to our NOTIFY. */
export function secondaryConfiguration(server: SecondaryServer, input: ConfigurationInput): string {
  return { knot, nsd, bind, powerdns }[server](input);
}

function knot({ addresses, port, key, zones, catalog }: ConfigurationInput): string {
  const lines: string[] = [];
  if (key)
    lines.push('key:', `  - id: ${key.name}`, `    algorithm: ${key.algorithm}`, `    secret: ${SECRET}`, '');
  const reference = key ? [`    key: ${key.name}`] : [];
  const followed = catalog === undefined ? [] : knotCatalog(catalog);
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
    ...followed,
    ...zones.flatMap((zone) => [`  - domain: ${zone}`, '    template: signpost']),
  );
  return text(lines);
}

function knotCatalog(catalog: string): string[] {
  return [
    `  - domain: ${catalog}`,
    '    master: signpost',
    '    acl: signpost-notify',
    '    catalog-role: interpret',
    '    catalog-template: signpost',
  ];
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

function bind({ addresses, port, key, zones, catalog }: ConfigurationInput): string {
  const lines: string[] = [];
  if (key)
    lines.push(`key "${key.name}" {`, `  algorithm ${key.algorithm};`, `  secret "${SECRET}";`, '};', '');
  const reference = key ? ` key "${key.name}"` : '';
  lines.push(
    'primaries "signpost" {',
    ...addresses.map((address) => `  ${address} port ${port}${reference};`),
    '};',
    '',
    ...(catalog === undefined ? [] : bindCatalog(catalog)),
    ...zones.map(
      (zone) => `zone "${zone}" { type secondary; primaries { "signpost"; }; file "${zone}.zone"; };`,
    ),
  );
  return text(lines);
}

function bindCatalog(catalog: string): string[] {
  const file = `file "${catalog}.zone"`;
  return [
    '// There is one options block: where there is one already, catalog-zones goes into it.',
    'options {',
    `  catalog-zones { zone "${catalog}" default-primaries { "signpost"; } min-update-interval 1; };`,
    '};',
    '',
    `zone "${catalog}" {`,
    `  type secondary; primaries { "signpost"; }; ${file}; allow-query { none; }; allow-transfer { none; };`,
    '};',
  ];
}

/** Commands: PowerDNS has its zones in a database. */
function powerdns({ addresses, port, key, zones, catalog }: ConfigurationInput): string {
  const from = addresses.map((address) => (address.includes(':') ? `[${address}]` : address) + `:${port}`);
  const lines = [
    '# With secondary=yes and a backend that has zones in a database in pdns.conf: lmdb, gmysql, gpgsql; gsqlite3',
    '# of 4.7 locks itself out when a zone of a catalog goes.',
  ];
  if (key) lines.push(`pdnsutil import-tsig-key ${key.name} ${key.algorithm} '${SECRET}'`);
  const all = catalog === undefined ? zones : [catalog];
  for (const zone of all) {
    lines.push(`pdnsutil create-secondary-zone ${zone} ${from.join(' ')}`);
    if (key) lines.push(`pdnsutil activate-tsig-key ${zone} ${key.name} secondary`);
  }
  if (catalog !== undefined) lines.push(`pdnsutil set-kind ${catalog} consumer`);
  return text(lines);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
