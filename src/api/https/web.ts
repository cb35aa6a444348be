import { type HostsOptions, isBox } from './hosts.ts';

/** What is handed on to the web server of this machine. */
export interface WebServer {
  /** Where it listens, on loopback. */
  host: string;
  port: number;
  /** Whether the web of this domain (lower case A-labels) is served here. */
  isSite(domain: string): boolean;
}

/** Webmail's, at the box's own name. */
const WEBMAIL = /^\/mail(?:\/|$)/;

/** What of the web a request is for. */
export type WebPlace = 'webmail' | 'site';

/**
 * Says which requests the web server answers: webmail at the box, and everything at a domain (or `www.` in front of it) whose web is
 * served here. What mail programs look up goes before both.
 */
export function answeredByWeb(
  web: WebServer,
  { discovery, hostnames }: Pick<HostsOptions, 'discovery' | 'hostnames'>,
): (host: string, path: string) => WebPlace | undefined {
  // A path with a parameter stands for all below its first folder.
  const paths = discovery.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ path }) => path.toLowerCase());
  const documents = new Set(paths);
  const folders = paths.filter((path) => path.includes(':')).map((path) => path.split('/', 2)[1]);
  const isDocument = (path: string): boolean =>
    documents.has(path) || folders.includes(path.split('/', 2)[1] ?? '');
  return (host, path) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    if (isDocument(path.toLowerCase())) return undefined;
    const boxes = hostnames();
    if (isBox(name, boxes)) return boxes.length > 0 && WEBMAIL.test(path) ? 'webmail' : undefined;
    const isSite = web.isSite(name) || (name.startsWith('www.') && web.isSite(name.slice('www.'.length)));
    return isSite ? 'site' : undefined;
  };
}

/** A host as a Host header has it, without its port. */
export const hostOf = (authority: string): string => authority.replace(/:\d*$/, '');
