import { isIP } from 'node:net';
import type { Peer } from '../env.ts';
import type { Answer } from '../http-server.ts';

/** A Hono app, as far as it matters here. */
interface App {
  fetch(request: Request, env: { peer: Peer }): Response | Promise<Response>;
}

export interface HostsOptions {
  api: App;
  /** What is public, by host: it answers 404 for a host that is none of ours. */
  discovery: App & { routes: readonly { method: string; path: string }[] };
  /** The box's hostname, and those of before that still answer; none as long as it has none. */
  hostnames: () => readonly string[];
}

/**
 * Answers by the host that was asked: the API at the box's own name and address, and at every other only what is public. The box's
 * own name has the public paths as well.
 */
export function answerByHost({ api, discovery, hostnames }: HostsOptions): Answer {
  const publicFolders = new Set(
    discovery.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => folderOf(path)),
  );
  return (request, peer) => {
    const { hostname: written, pathname } = new URL(request.url);
    // The root's dot at the end of a name makes it no other name (RFC 3986 §3.2.2).
    const host = written.replace(/\.$/, '');
    const app = publicFolders.has(folderOf(pathname)) || !isBox(host, hostnames()) ? discovery : api;
    return app.fetch(request, { peer });
  };
}

/** The first part of a path, in lower case. */
function folderOf(path: string): string {
  return path.toLowerCase().split('/', 2)[1] ?? '';
}

/** Whether the host (lower case, without a final dot) is the box itself. */
export function isBox(host: string, hostnames: readonly string[]): boolean {
  // Without a name yet, whatever leads here is the box.
  if (hostnames.length === 0 || hostnames.includes(host) || host === 'localhost') return true;
  return isIP(host.replace(/^\[(.*)\]$/, '$1')) > 0;
}
