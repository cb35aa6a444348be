import { inNetworks, type Network } from '../../core/network.ts';
import { embeddedIPv4, isPublic, withoutScope } from '../../dns/client/public-address.ts';

/** What a person may have the box connect to over the network. */
export interface OutboundRules {
  /** Networks that the settings allow, whatever is in them. */
  allowed: readonly Network[];
  /** The box's own addresses. */
  own: readonly string[];
}

/**
 * Over the network nobody makes the box connect to what only the box can reach: itself (services that listen for nobody else),
 * its link (such as a cloud's metadata) and the private networks around it; in whatever form the address is written.
 */
export function mayConnect({ allowed, own }: OutboundRules): (address: string) => boolean {
  const isAllowed = inNetworks(allowed);
  const isOwn = inNetworks(
    own.map(withoutScope).map((address) => ({ address, prefix: address.includes(':') ? 128 : 32 })),
  );
  return (address) => {
    const plain = withoutScope(address);
    if (isAllowed(plain)) return true;
    return isPublic(plain) && ![plain, ...embeddedIPv4(plain)].some(isOwn);
  };
}
