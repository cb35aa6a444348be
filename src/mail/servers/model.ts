import { resolve } from 'node:path';
import type { Snapshot } from '../../work/rows.ts';
import { zoneRows } from '../../zones/store.ts';
import { type MailModel, MESSAGE_SIZE_LIMIT } from '../drivers/model.ts';

export interface ModelSources {
  committed: Snapshot;
  /** What serves for a host name, in PEM. */
  certificate: (host: string) => { chain: string; privateKey: string };
  /** The data folder. */
  data: string;
  /** What Rspamd shows Redis. */
  redisPassword: () => string;
}

/** What mail servers are to be now; undefined while the box has no name. */
export function mailModelOf(sources: ModelSources): MailModel | undefined {
  const { committed, certificate, data } = sources;
  const box = committed.rows(zoneRows).box();
  if (!box) return undefined;
  const hostname = box.hostname.canonical().toText();
  const { chain, privateKey } = certificate(hostname);
  return {
    hostname,
    directory: resolve(data, 'mail', 'directory.sqlite'),
    certificate: { chain: normalPem(chain), key: normalPem(privateKey) },
    settings: {
      messageSizeLimit: MESSAGE_SIZE_LIMIT,
      greylisting: false,
      redisPassword: sources.redisPassword(),
    },
  };
}

const normalPem = (text: string): string => `${text.trim().replaceAll('\r', '')}\n`;
