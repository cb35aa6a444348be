import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { sha256 } from '../../src/certs/x509/key.ts';

/** The certificate that a server shows to a client which names `host`. */
export function servedLeaf(url: string, host: string): Promise<X509Certificate> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    // Whether it is trusted is for the test to say: this process lives in today's time.
    const options = { host: hostname, port: Number(port), servername: host, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const leaf = socket.getPeerX509Certificate();
      socket.destroy();
      if (leaf) resolve(leaf);
      else reject(new Error('the server has shown no certificate'));
    });
    socket.on('error', reject);
  });
}

/** Whether a client with this root takes the leaf for `host` at a moment (milliseconds since the epoch). */
export function trustedByCa(
  leaf: X509Certificate,
  root: X509Certificate,
  host: string,
  now: number,
): boolean {
  return (
    leaf.checkIssued(root) &&
    leaf.verify(root.publicKey) &&
    leaf.checkHost(host) !== undefined &&
    Date.parse(leaf.validFrom) <= now &&
    now <= Date.parse(leaf.validTo)
  );
}

/** TLSA 3 1 1 of a certificate: hex SHA-256 of its SubjectPublicKeyInfo (RFC 7671 §5.1). */
export function spkiSha256({ publicKey }: X509Certificate): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' }));
}

const execute = promisify(execFile);

/** What a client goes by: a file with the CA's root, or TLSA in presentation form. */
export type Trust = { root: string } | { tlsa: readonly string[] };

/** Has `openssl s_client` connect in a time of its own (milliseconds since the epoch). @throws Error when it does not trust the server */
export async function opensslTrusts(
  url: string,
  { host, now, by }: { host: string; now: number; by: Trust },
): Promise<void> {
  const trust =
    'root' in by
      ? ['-CAfile', by.root, '-verify_hostname', host]
      : [
          '-no-CAfile',
          '-dane_tlsa_domain',
          host,
          ...by.tlsa.flatMap((rdata) => ['-dane_tlsa_rrdata', rdata]),
        ];
  const running = execute(
    'openssl',
    [
      ['s_client', '-brief', '-verify_return_error', '-no-CApath', '-no-CAstore'],
      ['-connect', new URL(url).host, '-servername', host, '-attime', String(Math.floor(now / 1000))],
      trust,
    ].flat(),
    { timeout: 10_000 },
  );
  running.child.stdin?.end();
  await running;
}
