import { isIP, isIPv4, isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readAdminToken } from './admin-token.ts';
import { type Network, parseNetwork } from './network.ts';

/** An address to listen at. */
export interface ListenAddress {
  address: string;
  port: number;
}

/** What the box is started with. */
export interface Config {
  /** undefined: as stored, or asked for by the first run. */
  hostname: string | undefined;
  ipv4: string[];
  ipv6: string[];
  data: string;
  /** undefined: port 53 on all addresses where that is permitted, else 5300. */
  dns: ListenAddress[] | undefined;
  /** Where DNS over TLS is served; undefined: port 853 on all addresses, where `dns` is undefined too. */
  dot?: ListenAddress[] | 'none' | undefined;
  /** DNS over HTTPS, where HTTPS is served. */
  doh?: 'https' | 'none' | undefined;
  /** Responses of a kind that one network gets in a second over UDP; 0: as many as it asks for; undefined: the default. */
  dnsRate?: number | undefined;
  /** Networks that get as many as they ask for; undefined: those of this machine. */
  dnsRateExempt?: readonly Network[] | undefined;
  /** What the nameserver says of itself to who asks; undefined: nothing. */
  dnsIdentity?: string | undefined;
  /** File with the secrets of DNS cookies; undefined: the box draws its own. */
  dnsCookieSecrets?: string | undefined;
  dnsVersion?: string | undefined;
  http: ListenAddress;
  /** undefined: port 443 on all addresses where that can be had, else 8443; `none`: nowhere. */
  https: ListenAddress | 'none' | undefined;
  /** Addresses and networks (`10.0.0.0/8`) of reverse proxies, which say in X-Forwarded-For for whom they ask. */
  trustedProxies: string[];
  adminToken: string | undefined;
  /** Threads that answer queries. */
  workers: number;
  /** How they serve UDP: by the batch where the kernel can be called, or by Node's own sockets. */
  udp?: 'batched' | 'dgram' | undefined;
  /** File with root hints; undefined: the root servers of the internet. */
  rootHints: string | undefined;
  /** Socket of the agent that configures the mail servers. */
  mailAgent?: string | undefined;
  /** Webmail and web sites, by nginx behind our HTTPS. */
  web?: 'none' | 'nginx' | undefined;
  /** Networks to import from over the network although they are not public or the box's own; undefined: none. */
  importNetworks?: readonly Network[] | undefined;
  acme: AcmeConfig;
  /** Folder of the operator's programs; undefined: `hooks` in the data folder. */
  hooks?: string | undefined;
  /** A folder in memory that systemd made for this service (RuntimeDirectory=). */
  runtime?: string | undefined;
  logLevel: string;
  /** What the person should do otherwise, a sentence each: for the log. */
  warnings: string[];
}

/** The CA that certificates come from. */
export interface AcmeConfig {
  /** RFC 8555 §7.1.1; undefined: certificates are ordered from nobody. */
  directory: string | undefined;
  /** File with the roots (PEM) that the CA's own HTTPS is checked against. */
  caFile?: string | undefined;
  email?: string | undefined;
  profile?: string | undefined;
  /** External account binding (RFC 8555 §7.3.4). */
  eab?: { keyId: string; hmacKey: string } | undefined;
}

/** RFC 8555 directory of Let's Encrypt. */
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

export type ConfigResult =
  | { kind: 'start'; config: Config }
  | { kind: 'help' }
  | { kind: 'version' }
  /** Puts back a copy of the database: the newest, or this file. */
  | { kind: 'restore'; data: string; copy: string }
  /** `message` names the flag and what it takes. */
  | { kind: 'error'; message: string };

interface Flag {
  env: string;
  value: string;
  help: string;
}

const flags = {
  hostname: { env: 'SIGNPOST_HOSTNAME', value: 'NAME', help: "the box's own name, such as box.example.com" },
  ipv4: { env: 'SIGNPOST_IPV4', value: 'ADDR[,…]', help: 'public IPv4 addresses; detected by default' },
  ipv6: { env: 'SIGNPOST_IPV6', value: 'ADDR[,…]', help: 'public IPv6 addresses; detected by default' },
  data: { env: 'SIGNPOST_DATA', value: 'DIR', help: 'where everything is kept; ./data by default' },
  dns: {
    env: 'SIGNPOST_DNS',
    value: 'ADDR:PORT[,…]',
    help: 'where DNS is served; port 53 on all addresses where permitted, else 5300',
  },
  dot: {
    env: 'SIGNPOST_DOT',
    value: 'ADDR:PORT[,…]',
    help: 'where DNS over TLS is served, or none; port 853 on all addresses unless --dns is given',
  },
  doh: {
    env: 'SIGNPOST_DOH',
    value: 'https|none',
    help: 'DNS over HTTPS, at /dns-query of the box; where HTTPS is served by default',
  },
  'dns-rate': {
    env: 'SIGNPOST_DNS_RATE',
    value: 'N|none',
    help: 'like responses that one network (/24, /56) gets in a second over UDP; 200 by default',
  },
  'dns-rate-exempt': {
    env: 'SIGNPOST_DNS_RATE_EXEMPT',
    value: 'CIDR[,…]|none',
    help: 'networks that get as many as they ask for; 127.0.0.0/8,::1 by default',
  },
  'dns-cookie-secrets': {
    env: 'SIGNPOST_DNS_COOKIE_SECRETS',
    value: 'FILE',
    help: 'secrets of DNS cookies, for servers that share an address (anycast); its own by default',
  },
  'dns-identity': {
    env: 'SIGNPOST_DNS_IDENTITY',
    value: 'TEXT',
    help: 'what the nameserver says to NSID, id.server and hostname.bind; nothing by default',
  },
  'dns-version': {
    env: 'SIGNPOST_DNS_VERSION',
    value: 'TEXT',
    help: 'what it says to version.bind and version.server; nothing by default',
  },
  http: {
    env: 'SIGNPOST_HTTP',
    value: 'ADDR:PORT',
    help: 'where the API is served; 127.0.0.1:8080 by default',
  },
  https: {
    env: 'SIGNPOST_HTTPS',
    value: 'ADDR:PORT',
    help: 'where HTTPS is served, or none; port 443 on all addresses where permitted, else 8443',
  },
  'trusted-proxies': {
    env: 'SIGNPOST_TRUSTED_PROXIES',
    value: 'ADDR[,…]',
    help: 'reverse proxies (or their networks) whose X-Forwarded-For is believed; none by default',
  },
  'admin-token': {
    env: 'SIGNPOST_ADMIN_TOKEN',
    value: 'TOKEN',
    help: 'a token with all rights, of 32 characters or more; everybody on the machine sees it',
  },
  'admin-token-file': {
    env: 'SIGNPOST_ADMIN_TOKEN_FILE',
    value: 'FILE',
    help: 'file that holds it; by default the systemd credential admin-token',
  },
  workers: {
    env: 'SIGNPOST_WORKERS',
    value: 'N',
    help: 'threads that answer queries; one per core by default',
  },
  udp: {
    env: 'SIGNPOST_UDP',
    value: 'batched|dgram',
    help: 'how UDP is served: many datagrams a call (the default), or by Node, at three times the CPU time',
  },
  'mail-agent': {
    env: 'SIGNPOST_MAIL_AGENT',
    value: 'PATH',
    help: 'socket of the agent that configures the mail servers; /run/signpost-agent.sock by default',
  },
  web: {
    env: 'SIGNPOST_WEB',
    value: 'none|nginx',
    help: 'webmail at /mail of the box, and web sites of the domains; none by default',
  },
  'root-hints': {
    env: 'SIGNPOST_ROOT_HINTS',
    value: 'FILE',
    help: 'root servers to start from when delegations are checked, in zone file form',
  },
  'import-networks': {
    env: 'SIGNPOST_IMPORT_NETWORKS',
    value: 'CIDR[,…]',
    help: 'networks that are not public and zones may be imported from all the same; none by default',
  },
  'acme-directory': {
    env: 'SIGNPOST_ACME_DIRECTORY',
    value: 'URL',
    help: "the CA that certificates come from, or none; Let's Encrypt by default",
  },
  'acme-ca': {
    env: 'SIGNPOST_ACME_CA',
    value: 'FILE',
    help: "roots (PEM) that the CA's own HTTPS is checked against, when they are not public",
  },
  'acme-email': {
    env: 'SIGNPOST_ACME_EMAIL',
    value: 'ADDRESS',
    help: 'where the CA may write to',
  },
  'acme-profile': {
    env: 'SIGNPOST_ACME_PROFILE',
    value: 'NAME',
    help: 'profile of the CA, such as shortlived',
  },
  'acme-eab-kid': {
    env: 'SIGNPOST_ACME_EAB_KID',
    value: 'ID',
    help: 'id of the key that a CA with accounts of its own gave you',
  },
  'acme-eab-key': {
    env: 'SIGNPOST_ACME_EAB_KEY',
    value: 'KEY',
    help: 'that key, in base64url',
  },
  hooks: {
    env: 'SIGNPOST_HOOKS',
    value: 'DIR',
    help: 'programs to run after a certificate came into use, in DIR/after-certificate.d; DATA/hooks by default',
  },
  'log-level': {
    env: 'SIGNPOST_LOG_LEVEL',
    value: 'LEVEL',
    help: 'debug, info, warn or error; info by default',
  },
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof flags;

const restoreHelp = `${'  --restore newest|FILE'.padEnd(28)} put back a copy of the database (of DATA/copies, or FILE), and end`;

/** Text of `--help`. */
export function helpText(): string {
  const lines = Object.entries(flags).map(([name, { env, value, help }]) => {
    const left = `  --${name} ${value}`;
    return `${left.padEnd(28)} ${help}\n${''.padEnd(28)} (${env})`;
  });
  return ['usage: signpost-server [flags]', '', ...lines, restoreHelp, '  --help, --version', ''].join('\n');
}

/** Reads flags and environment; a flag goes before its variable. */
export function readConfig(args: string[], env: NodeJS.ProcessEnv): ConfigResult {
  let given: Partial<Record<FlagName | 'help' | 'version' | 'restore', string | boolean>>;
  try {
    given = parseFlags(args);
  } catch (error) {
    return { kind: 'error', message: `${firstSentence(error as Error)} See --help.` };
  }
  if (given.help) return { kind: 'help' };
  if (given.version) return { kind: 'version' };
  const problems: string[] = [];
  const text = (name: FlagName): string | undefined => {
    const value = (given[name] as string | undefined) ?? env[flags[name].env];
    return value === '' ? undefined : value;
  };
  const data = text('data') ?? './data';
  if (typeof given.restore === 'string') return { kind: 'restore', data, copy: given.restore };
  const read = <T>(name: FlagName, fallback: T, parse: (text: string) => T | undefined): T => {
    const value = text(name);
    if (value === undefined) return fallback;
    const parsed = parse(value);
    if (parsed === undefined)
      problems.push(
        `--${name} (${flags[name].env}): "${secret.includes(name) ? '…' : value}" is not ${expected[name]}`,
      );
    return parsed ?? fallback;
  };
  const adminToken = (): string | undefined => {
    const sources = { text: text('admin-token'), file: text('admin-token-file') };
    const result = readAdminToken({ ...sources, credentials: env['CREDENTIALS_DIRECTORY'] });
    if (!result.ok) problems.push(result.problem);
    return result.ok ? result.token : undefined;
  };
  const config: Config = {
    hostname: text('hostname'),
    ipv4: read('ipv4', [], (value) => addressList(value, isIPv4)),
    ipv6: read('ipv6', [], (value) => addressList(value, isIPv6)),
    data,
    dns: read<ListenAddress[] | undefined>('dns', undefined, listenList),
    dot: read<Config['dot']>('dot', undefined, (value) => (value === 'none' ? value : listenList(value))),
    doh: read<Config['doh']>('doh', 'https', (value) =>
      value === 'https' || value === 'none' ? value : undefined,
    ),
    dnsRate: read<number | undefined>('dns-rate', undefined, rate),
    dnsRateExempt: read<readonly Network[] | undefined>('dns-rate-exempt', undefined, (value) =>
      value === 'none' ? [] : networkList(value),
    ),
    dnsCookieSecrets: text('dns-cookie-secrets'),
    dnsIdentity: read<string | undefined>('dns-identity', undefined, shortText),
    dnsVersion: read<string | undefined>('dns-version', undefined, shortText),
    http: read('http', { address: '127.0.0.1', port: 8080 }, listenAddress),
    https: read<Config['https']>('https', undefined, (value) =>
      value === 'none' ? value : listenAddress(value),
    ),
    trustedProxies: read('trusted-proxies', [], (value) => addressList(value, isNetwork)),
    adminToken: adminToken(),
    workers: read('workers', availableParallelism(), count),
    udp: read<Config['udp']>('udp', 'batched', (value) =>
      value === 'batched' || value === 'dgram' ? value : undefined,
    ),
    rootHints: text('root-hints'),
    mailAgent: text('mail-agent'),
    web: read<Config['web']>('web', 'none', (value) =>
      value === 'none' || value === 'nginx' ? value : undefined,
    ),
    importNetworks: read<Network[]>('import-networks', [], networkList),
    acme: {
      directory: read<{ url: string | undefined }>('acme-directory', { url: LETS_ENCRYPT }, directory).url,
      caFile: text('acme-ca'),
      email: read<string | undefined>('acme-email', undefined, emailAddress),
      profile: text('acme-profile'),
      eab: externalAccount(text('acme-eab-kid'), text('acme-eab-key'), problems),
    },
    hooks: text('hooks'),
    runtime: env['RUNTIME_DIRECTORY']?.split(':')[0],
    logLevel: read('log-level', 'info', (value) => (levels.includes(value) ? value : undefined)),
    warnings: given['admin-token'] === undefined ? [] : [seenByAll],
  };
  return problems.length > 0 ? { kind: 'error', message: problems.join('\n') } : { kind: 'start', config };
}

/** Node adds advice about positional arguments, of which there are none here. */
function firstSentence({ message }: Error): string {
  const [sentence] = message.split(/\n|\. /, 1);
  return /[.!?]$/.test(sentence!) ? sentence! : `${sentence!}.`;
}

const secret: readonly FlagName[] = ['admin-token', 'acme-eab-key'];

const seenByAll =
  'everybody on this machine can read the admin token in the list of processes (--admin-token); put it into a file for --admin-token-file, or into the systemd credential admin-token';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

const expected: Record<FlagName, string> = {
  hostname: 'a host name',
  ipv4: 'a list of IPv4 addresses, such as 192.0.2.1,192.0.2.2',
  ipv6: 'a list of IPv6 addresses, such as 2001:db8::1',
  data: 'a folder',
  dns: 'a list of addresses with ports, such as 192.0.2.1:53,[2001:db8::1]:53',
  dot: 'a list of addresses with ports, such as 192.0.2.1:853, or none',
  doh: 'https or none',
  'dns-rate': 'a number from 1 to 1000000, or none',
  'dns-rate-exempt': 'a list of networks, such as 192.0.2.0/24,2001:db8::/32, or none',
  'dns-cookie-secrets': 'a file',
  'dns-identity': 'a text of 255 octets at most',
  'dns-version': 'a text of 255 octets at most',
  http: 'an address with a port, such as 127.0.0.1:8080',
  https: 'an address with a port, such as 192.0.2.1:443, or none',
  'trusted-proxies': 'a list of addresses or networks, such as 127.0.0.1,10.0.0.0/8',
  'admin-token': 'a token of at least 32 characters',
  'admin-token-file': 'a file',
  workers: 'a number from 1 to 256',
  udp: 'batched or dgram',
  'root-hints': 'a file',
  'mail-agent': 'a path',
  web: 'none or nginx',
  'import-networks': 'a list of networks, such as 10.0.0.0/8,fd00::/8',
  'acme-directory': 'an https:// URL, or none',
  'acme-ca': 'a file',
  'acme-email': 'an e-mail address',
  'acme-profile': 'a name',
  'acme-eab-kid': 'an id',
  'acme-eab-key': 'a key',
  hooks: 'a folder',
  'log-level': `one of ${levels.join(', ')}`,
};

function parseFlags(args: string[]) {
  const options = Object.fromEntries(
    Object.keys(flags).map((name) => [name, { type: 'string' as const }]),
  ) as Record<FlagName, { type: 'string' }>;
  return parseArgs({
    args,
    options: {
      ...options,
      restore: { type: 'string' },
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
    allowPositionals: false,
  }).values;
}

function addressList(text: string, isAddress: (text: string) => boolean): string[] | undefined {
  const list = text.split(',').map((part) => part.trim());
  return list.every(isAddress) ? list : undefined;
}

/** `192.0.2.1`, `10.0.0.0/8` or `2001:db8::/32`. */
function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version > 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128);
}

function networkList(text: string): Network[] | undefined {
  const list = text.split(',').map((part) => parseNetwork(part.trim()));
  return list.includes(undefined) ? undefined : (list as Network[]);
}

function listenList(text: string): ListenAddress[] | undefined {
  const list = text.split(',').map((part) => listenAddress(part.trim()));
  return list.includes(undefined) ? undefined : (list as ListenAddress[]);
}

/** `192.0.2.1:53` or `[2001:db8::1]:53`. */
function listenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (!address || !isIP(address) || port > 0xffff) return undefined;
  return { address, port };
}

function count(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 256 ? Number(text) : undefined;
}

function rate(text: string): number | undefined {
  if (text === 'none') return 0;
  const value = Number(text);
  return /^\d{1,7}$/.test(text) && value >= 1 && value <= 1_000_000 ? value : undefined;
}

/** What one string of a TXT record holds (RFC 1035 §3.3). */
function shortText(text: string): string | undefined {
  return Buffer.byteLength(text) <= 255 ? text : undefined;
}

/** RFC 8555 §6.1: HTTPS only. */
function directory(text: string): { url: string | undefined } | undefined {
  if (text === 'none') return { url: undefined };
  return URL.canParse(text) && new URL(text).protocol === 'https:' ? { url: text } : undefined;
}

function emailAddress(text: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined;
}

function externalAccount(
  keyId: string | undefined,
  hmacKey: string | undefined,
  problems: string[],
): AcmeConfig['eab'] {
  if (keyId !== undefined && hmacKey !== undefined) return { keyId, hmacKey };
  if (keyId !== undefined || hmacKey !== undefined)
    problems.push('--acme-eab-kid and --acme-eab-key go together: give both, or neither');
  return undefined;
}
