import { SocketAddress } from 'node:net';
import type { Log } from '../../core/log.ts';
import type { Sealer } from '../../core/seal.ts';
import type { TransferPolicy } from '../../dns/server/transfer-policy.ts';
import type { SecondaryReads } from './store.ts';
import { openTsigKey } from './tsig-keys.ts';

/**
 * Who may transfer zones: who has a key, what the key opens; and everything from the addresses of a secondary without one. A key that cannot be
 * opened opens nothing. `primaries`: from where NOTIFY is heard.
 */
export function transferPolicy(
  reads: SecondaryReads,
  primaries: readonly string[],
  sealer: Sealer,
  log: Log,
): TransferPolicy {
  const keys = reads.keys().flatMap((row) => {
    try {
      const { name, algorithm, secret } = openTsigKey(sealer, row);
      const zones = row.transfer === 'all' ? row.transfer : row.transfer.map((zone) => zone.toText());
      return [{ name: name.toText(), algorithm, secret, zones }];
    } catch (error) {
      log.error({ err: error, key: row.name.toText() }, 'a TSIG key cannot be opened, and opens nothing');
      return [];
    }
  });
  const open = reads.secondaries().filter(({ tsigKey }) => !tsigKey);
  return { keys, addresses: open.flatMap(({ addresses }) => addresses.map(plainAddress)), primaries };
}

/** As the system writes it. */
export function plainAddress(address: string): string {
  return new SocketAddress({ address, family: address.includes(':') ? 'ipv6' : 'ipv4' }).address;
}
