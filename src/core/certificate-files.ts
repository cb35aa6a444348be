/** A file of a certificate, as programs that serve it take it. */
export interface CertificateFile {
  name: string;
  /** PEM. */
  content: string;
  /** Whether a private key is in it. */
  secret: boolean;
}

/**
 * The files of a certificate by the names that certbot gives them. With its key there are two more: the key alone, and all in one for
 * programs that read key and chain at once (Postfix, HAProxy): the key first, as Postfix wants it.
 */
export function certificateFiles(chain: string, privateKey: string | undefined): CertificateFile[] {
  const blocks: readonly string[] =
    chain.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const leaf = blocks[0] ?? '';
  const others = blocks.slice(1);
  const text = (parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('');
  const fullchain = text([leaf, ...others]);
  const plain = { 'cert.pem': text([leaf]), 'chain.pem': text(others), 'fullchain.pem': fullchain };
  const key = privateKey === undefined ? undefined : text([privateKey.trimEnd()]);
  const secret: Record<string, string> =
    key === undefined ? {} : { 'privkey.pem': key, 'combined.pem': key + fullchain };
  return [
    ...Object.entries(plain).map(([name, content]) => ({ name, content, secret: false })),
    ...Object.entries(secret).map(([name, content]) => ({ name, content, secret: true })),
  ];
}
