import { Name, NameError } from '../../dns/wire/name.ts';
import { hosts } from '../../zones/box-names.ts';
import type { Box } from '../../zones/model.ts';
import type { MtaStsPolicy } from '../../mail/discovery/mta-sts.ts';

/** What the box publishes for which domains. */
export interface DiscoverySource {
  /** undefined while the box has no hostname: then there is nothing to discover. */
  box(): Box | undefined;
  /** Whether people have mailboxes at the domain. */
  mailDomain(domain: Name): boolean;
  /** What `_mta-sts.D` announces; undefined: nothing, and then there is no policy to fetch. */
  mtaStsPolicy(domain: Name): MtaStsPolicy | undefined;
}

/** What a host name of ours stands for. */
export interface Place {
  /** H itself, a mail domain D, or one of the names below D that clients ask. */
  kind: 'box' | 'domain' | 'mta-sts' | 'autoconfig' | 'autodiscover';
  hostname: Name;
  /** The domain that the host speaks for; undefined at H, which speaks for all of them. */
  domain: Name | undefined;
}

/** The place behind a host name, as a URL has it; undefined when it is none of ours. */
export function placeOf(host: string, source: DiscoverySource): Place | undefined {
  const box = source.box();
  const name = tryName(host);
  if (!box || !name) return undefined;
  const { hostname } = box;
  if (source.mailDomain(name)) return { kind: 'domain', hostname, domain: name };
  if (hosts(box).some((host) => host.hostname.equals(name)))
    return { kind: 'box', hostname, domain: undefined };
  const kind = /^(mta-sts|autoconfig|autodiscover)\./i.exec(host)?.[1]?.toLowerCase();
  const domain = name.parent();
  if (kind === 'mta-sts') return source.mtaStsPolicy(domain) && { kind, hostname, domain };
  if ((kind !== 'autoconfig' && kind !== 'autodiscover') || !source.mailDomain(domain)) return undefined;
  return { kind, hostname, domain };
}

function tryName(text: string): Name | undefined {
  try {
    const name = Name.parse(text).canonical();
    return name.isRoot ? undefined : name;
  } catch (error) {
    if (error instanceof NameError) return undefined;
    throw error;
  }
}
