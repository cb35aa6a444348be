import { execFile } from 'node:child_process';
import { globSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Clock, epochSeconds } from '../../src/core/clock.ts';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { typeName } from '../../src/dns/rdata/registry.ts';
import type { Message } from '../../src/dns/message/message.ts';
import { askResolver } from './ask.ts';
import { scratch, startUnbound } from './nameserver-peers.ts';

/** A validating Unbound that lives in a test's own time: its cache and the signatures that it checks age by that clock. */
export interface FaketimeUnbound {
  /** @throws Error when it does not validate */
  secure(qname: string, qtype: string): Promise<Message['answers']>;
  /** Forgets every answer. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export interface FaketimeUnboundOptions {
  /** DNSKEY record of the zone's key-signing key. */
  anchor: string;
  zone: string;
  server: SocketAddress;
  clock: Clock;
}

const execute = promisify(execFile);

/** One in some dozens never begins to answer, for reasons of libfaketime or of a port that was taken: another one does. */
const ATTEMPTS = 3;

export async function startFaketimeUnbound(options: FaketimeUnboundOptions): Promise<FaketimeUnbound> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: FaketimeUnboundOptions): Promise<FaketimeUnbound> {
  const { anchor, zone, server, clock } = options;
  const directory = scratch();
  const time = join(directory, 'time');
  const socket = join(directory, 'control');
  tell();
  const peer = await startUnbound(anchor, [zone], server, {
    directory,
    control: `control-enable: yes\n  control-use-cert: no\n  control-interface: "${socket}"`,
    env: {
      LD_PRELOAD: library(),
      TZ: 'UTC',
      FAKETIME_FMT: '%s',
      FAKETIME_TIMESTAMP_FILE: time,
      FAKETIME_NO_CACHE: '1',
      // Its timers for lost packets are those of the real network.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  });

  /** What the clock says; whole, whenever it is read. */
  function tell(): void {
    writeFileSync(`${time}.new`, `${epochSeconds(clock)}\n`);
    renameSync(`${time}.new`, time);
  }

  const stop = async (): Promise<void> => {
    await peer.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    // Once it answers, it can be told to flush as well.
    await askResolver(peer.address, zone, 'SOA');
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    async secure(qname, qtype) {
      tell();
      const { answers, flags } = await askResolver(peer.address, qname, qtype);
      if (!flags.ad) throw new Error(`Unbound has not validated its answer for ${qname} ${qtype}`);
      return answers.filter(({ type }) => typeName(type) === qtype);
    },
    async flush() {
      tell();
      await execute('unbound-control', ['-c', join(directory, 'unbound.conf'), 'flush_zone', '.']);
    },
    stop,
  };
}

/** Debian keeps it out of the usual folders, one for each architecture. */
function library(): string {
  const [path] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  if (path === undefined) throw new Error('libfaketime is not installed');
  return path;
}
