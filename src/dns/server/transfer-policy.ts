import type { TsigAlgorithm, TsigKey } from '../message/tsig.ts';
import { Name } from '../wire/name.ts';

/** Who may transfer zones, as it is sent to workers. */
export interface TransferPolicy {
  keys: readonly TransferKey[];
  /** From these every zone may be transferred without a key. IP addresses as the system writes them. */
  addresses: readonly string[];
  /** From these it is heard that zones have changed (RFC 1996). */
  primaries?: readonly string[];
}

export interface TransferKey {
  name: string;
  algorithm: TsigAlgorithm;
  secret: Uint8Array;
  /** The zones that it opens. */
  zones: 'all' | readonly string[];
}

export const nobody: TransferPolicy = { keys: [], addresses: [] };

/** The same, to be asked. */
export interface Permissions {
  key(name: Name): TsigKey | undefined;
  /** Whether a client may transfer a zone, with the key that it signed with, if it did. */
  allows(client: string, key: TsigKey | undefined, zone: Name): boolean;
  /** Whether a NOTIFY of a client may be one of a primary: which zone it is one for is not known here. */
  hears(client: string, key: TsigKey | undefined): boolean;
}

export function permissionsOf({ keys, addresses, primaries }: TransferPolicy): Permissions {
  const known = new Map(
    keys.map(({ name, algorithm, secret, zones }) => {
      const key: TsigKey = { name: Name.parse(name), algorithm, secret };
      return [key.name.key, { key, zones: zones === 'all' ? undefined : new Set(zones.map(keyOf)) }];
    }),
  );
  const open = new Set(addresses);
  const heard = new Set(primaries);
  return {
    key: (name) => known.get(name.key)?.key,
    allows(client, key, zone) {
      if (open.has(withoutScope(client))) return true;
      const found = key && known.get(key.name.key);
      return found !== undefined && (found.zones?.has(zone.key) ?? true);
    },
    hears: (client, key) => key !== undefined || heard.has(withoutScope(client)),
  };
}

function keyOf(name: string): string {
  return Name.parse(name).key;
}

/** `fe80::1%eth0` is `fe80::1`. */
function withoutScope(address: string): string {
  const at = address.indexOf('%');
  return at < 0 ? address : address.slice(0, at);
}
