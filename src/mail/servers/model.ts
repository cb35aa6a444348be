import { resolve } from 'node:path';
import type { Sealer } from '../../core/seal.ts';
import type { Name } from '../../dns/wire/name.ts';
import { mailRows, MOST_FILTERS, type SpamChoice } from '../store.ts';
import { MOST_SITES, webRows } from '../web/store.ts';
import type { Snapshot } from '../../work/rows.ts';
import { zoneRows } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import {
  defaultSettings,
  type MailSettingsRow,
  mailSettingsRows,
  RELAY_PASSWORD,
} from '../settings/store.ts';
import {
  type DomainFilter,
  type MailModel,
  MESSAGE_SIZE_LIMIT,
  type Nameserver,
  type Relay,
  SPAM_SCORES,
  type WebModel,
} from '../drivers/model.ts';

export interface ModelSources {
  committed: Snapshot;
  sealer: Sealer;
  /** What serves for a host name, in PEM. */
  certificate: (host: string) => { chain: string; privateKey: string };
  /** Where DNS is served. */
  dns: readonly { address: string; port: number }[];
  /** The data folder. */
  data: string;
  /** What Rspamd shows Redis. */
  redisPassword: () => string;
  /** Undefined: no webmail and no web sites. */
  web: () => Omit<WebModel, 'sites'> | undefined;
}

/** What mail servers are to be now; undefined while the box has no name. */
export function mailModelOf(sources: ModelSources): MailModel | undefined {
  const { committed, sealer, certificate, data } = sources;
  const box = committed.rows(zoneRows).box();
  if (!box) return undefined;
  const hostname = box.hostname.canonical().toText();
  const { chain, privateKey } = certificate(hostname);
  const settings = committed.rows(mailSettingsRows).settings() ?? defaultSettings;
  const web = sources.web();
  return {
    hostname,
    directory: resolve(data, 'mail', 'directory.sqlite'),
    nameserver: nameserver(sources, box.hostname),
    certificate: { chain: normalPem(chain), key: normalPem(privateKey) },
    settings: {
      messageSizeLimit: settings.messageSizeLimit ?? MESSAGE_SIZE_LIMIT,
      relay: relayOf(settings, sealer),
      greylisting: settings.greylisting,
      scores: settings.scores ?? SPAM_SCORES,
      redisPassword: sources.redisPassword(),
    },
    filters: committed.rows(mailRows).spamDomains(MOST_FILTERS).map(filterOf),
    ...(web && { web: { ...web, sites: committed.rows(webRows).sites(MOST_SITES) } }),
  };
}

function filterOf({ domain, spamFilter, scores }: SpamChoice & { domain: string }): DomainFilter {
  return spamFilter && scores ? { domain, scores } : { domain };
}

function relayOf({ relay }: MailSettingsRow, sealer: Sealer): Relay | undefined {
  if (!relay) return undefined;
  const { host, port, user, sealedPassword } = relay;
  if (user === undefined || !sealedPassword) return { host, port };
  const password = Buffer.from(sealer.open(sealedPassword, RELAY_PASSWORD)).toString();
  return { host, port, credentials: { user, password } };
}

/** Loopback, where it is served there: that works whatever addresses the machine has. */
function nameserver({ committed, dns }: ModelSources, hostname: Name): Nameserver | undefined {
  const zone = zoneOf(committed.rows(zoneRows), hostname);
  const at = dns.find(({ address }) => address === '127.0.0.1') ?? dns[0];
  return zone && at && { zone: zone.canonical().toText(), address: at.address, port: at.port };
}

const normalPem = (text: string): string => `${text.trim().replaceAll('\r', '')}\n`;
