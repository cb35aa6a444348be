import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { fileProblem } from './files.ts';

/** Whom a URL is believed, beside the CAs that this machine knows. */
export interface Trust {
  /** PEM. */
  ca: string | undefined;
  /** SHA-256 of the certificate, 64 hexadecimal digits in lower case: then nothing else about it matters. */
  fingerprint: string | undefined;
}

/** @throws CliError usage */
export function readTrust({ ca, fingerprint }: { ca?: string; fingerprint?: string }): Trust {
  return {
    ca: ca === undefined ? undefined : readCa(ca),
    fingerprint: fingerprint === undefined ? undefined : readFingerprint(fingerprint),
  };
}

function readCa(path: string): string {
  const text = contentOf(path);
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new CliError(
      `${path} (--ca) holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.`,
      exitCodes.usage,
    );
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(`--ca: ${fileProblem(path, 'read', error)}`, exitCodes.usage);
  }
}

function readFingerprint(text: string): string {
  const digits = text.replace(/^sha-?256[:=]/i, '').replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toLowerCase();
  throw new CliError(
    `"${text}" is no SHA-256 fingerprint (--fingerprint): it has 64 hexadecimal digits, with or without colons.`,
    exitCodes.usage,
  );
}

/** A TLS connection to the certificate with the fingerprint. Nothing, the token above all, is sent to any other. @throws CliError */
export async function connectTo(url: URL, fingerprint: string): Promise<TLSSocket> {
  const socket = await connected(url);
  const certificate = socket.getPeerX509Certificate();
  const found = plain(certificate?.fingerprint256 ?? '');
  if (found === fingerprint) return socket;
  socket.destroy();
  throw new CliError(
    `The certificate at ${url.host} has another fingerprint than that of --fingerprint: ${certificate?.fingerprint256 ?? 'none'}. If the box has a new certificate since, take its fingerprint from signpost status on the box; if not, somebody is between you and it.`,
    exitCodes.unreachable,
  );
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** Without a look at the certificate. */
function connected(url: URL): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options: ConnectionOptions = { host, port: Number(url.port || 443), rejectUnauthorized: false };
  if (/[a-z]$/i.test(host)) options.servername = host;
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.on('error', reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in ten seconds')));
  });
}

/** What Node says of certificates that it does not take. */
const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from a CA that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from a CA that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from a CA that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from a CA that this machine does not know',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet: is the clock of this machine right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
};

/** Why the certificate is not believed, and how to have it believed; undefined when that is not what went wrong. */
export async function distrust(
  { url, trust }: { url: URL; trust: Trust },
  cause: unknown,
): Promise<CliError | undefined> {
  const why = reasons[(cause as NodeJS.ErrnoException | undefined)?.code ?? ''];
  if (why === undefined) return undefined;
  const unknown = /signed by itself|does not know/.test(why);
  const reason = unknown && trust.ca !== undefined ? 'does not come from the CA of --ca' : why;
  const socket = await connected(url).catch(() => undefined);
  const certificate = socket?.getPeerX509Certificate();
  socket?.destroy();
  const names = (certificate?.subjectAltName ?? '').replaceAll(/DNS:|IP Address:/g, '');
  const lines = [
    `The certificate at ${url.host} ${reason}${names === '' ? '' : ` (its names: ${names})`}.`,
    ...(certificate ? [`  Its SHA-256 fingerprint: ${certificate.fingerprint256}`] : []),
    'Compare the fingerprint with that of signpost status on the box. If they are the same, add',
    `  --fingerprint ${certificate?.fingerprint256 ?? 'FINGERPRINT'}`,
    'or SIGNPOST_FINGERPRINT; or --ca FILE (SIGNPOST_CA) with the certificate of the CA it comes from.',
  ];
  return new CliError(lines.join('\n'), exitCodes.unreachable);
}
