import { dovecot } from './dovecot/dovecot.ts';
import type { Driver, DriverName } from './driver.ts';
import { mtaSts } from './mta-sts/mta-sts.ts';
import { nginx } from './nginx/nginx.ts';
import { postfix } from './postfix/postfix.ts';
import { redis } from './redis/redis.ts';
import { roundcube } from './roundcube/roundcube.ts';
import { rspamd } from './rspamd/rspamd.ts';
import { unbound } from './unbound/unbound.ts';

/** In the order in which they are started: each serves the next one. They stop the other way round. */
export const drivers: readonly Driver[] = [
  ...[unbound, mtaSts, redis, rspamd, dovecot, postfix],
  // For those who want them.
  ...[roundcube, nginx],
];

export const driverOf = (name: DriverName): Driver => drivers.find((driver) => driver.name === name)!;
