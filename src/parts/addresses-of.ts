import { lookup } from 'node:dns/promises';

/** As the system resolves names: a server to import from may be one of the local network. */
export async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
