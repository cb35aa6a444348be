import { secureHeaders } from 'hono/secure-headers';
import type { ApiMiddleware } from '../env.ts';
import { type Encoding, noncePlaceholder, type Panel, type PanelBuild, type PanelFile } from './files.ts';
import { isPlace } from './places.ts';

/** A year, for what has the hash of its content in its name (RFC 9111 §5.2, RFC 8246). */
const FOR_EVER = 'public, max-age=31536000, immutable';

const FILES = '/assets/';

/**
 * Answers for the control panel, where one was built: its page and its files are the same for everybody and need no credential. Whatever the
 * page shows comes from the API, which asks for one.
 */
export function servePanel(panel: Panel | undefined, strictTransportSecurity: string): ApiMiddleware {
  const headers = pageHeaders(strictTransportSecurity);
  return async (c, next) => {
    if (!panel || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    const { path } = c.req;
    const isFile = path.startsWith(FILES);
    if (!isFile && !isPlace(path)) return next();
    const build = await panel.now();
    if (!isFile) return sendPage(c, build, headers);
    const file = build.files.get(path);
    return headers.ofFile(c, file ? await sendFile(c, file) : missing(c));
  };
}

type ApiContext = Parameters<ApiMiddleware>[0];
type Headers = ReturnType<typeof pageHeaders>;

function pageHeaders(strictTransportSecurity: string) {
  const nothing = ["'none'"];
  const common = { xFrameOptions: 'DENY', strictTransportSecurity } as const;
  const always = { baseUri: nothing, formAction: nothing, frameAncestors: nothing };
  const file = secureHeaders({ ...common, contentSecurityPolicy: { defaultSrc: nothing, ...always } });
  return {
    async ofFile(c: ApiContext, answer: Response): Promise<Response> {
      c.res = answer;
      await file(c, () => Promise.resolve());
      return c.res;
    },
    /** Scripts are files of ours alone; styles also what carries the nonce, as the components make some of their rules in the browser. */
    ofPage: (nonce: string) =>
      secureHeaders({
        ...common,
        contentSecurityPolicy: {
          defaultSrc: nothing,
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", `'nonce-${nonce}'`],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          ...always,
        },
      }),
  };
}

async function sendPage(c: ApiContext, { index }: PanelBuild, headers: Headers): Promise<Response> {
  const nonce = Buffer.from(c.var.options.random.bytes(16)).toString('base64url');
  c.res = c.html(index.replaceAll(noncePlaceholder, nonce), 200, { 'Cache-Control': 'no-store' });
  await headers.ofPage(nonce)(c, () => Promise.resolve());
  return c.res;
}

/** One of an earlier version, or of a later one that was built under the running box: the page that asks for it knows what to do. */
function missing(c: ApiContext): Response {
  return c.body(null, 404, { 'Cache-Control': 'no-store' });
}

async function sendFile(c: ApiContext, file: PanelFile): Promise<Response> {
  const encoding = encodingFor(file, c.req.header('accept-encoding') ?? '');
  const content = await file.read(encoding);
  if (!content) return missing(c);
  return c.body(content, 200, {
    'Content-Type': file.type,
    'Cache-Control': FOR_EVER,
    Vary: 'Accept-Encoding',
    ...(encoding !== 'identity' && { 'Content-Encoding': encoding }),
  });
}

/** RFC 9110 §12.5.3, as far as browsers use it: what is named, and not with a weight of zero. */
function encodingFor(file: PanelFile, accepted: string): Encoding {
  const named = accepted
    .toLowerCase()
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*/))
    .filter(([, weight]) => weight === undefined || !/^q=0(?:\.0*)?$/.test(weight))
    .map(([name]) => name);
  return file.encodings.find((encoding) => named.includes(encoding)) ?? 'identity';
}
