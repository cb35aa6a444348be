/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  label: string;
  /** Undefined when what is between the lines is no base64. */
  der: Uint8Array | undefined;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The blocks of a PEM file; text around them is ignored, as `openssl x509 -text` writes it (RFC 7468 §2). */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(block)].map(([, label, body]) => ({ label: label!, der: decode(body!) }));
}

function decode(body: string): Uint8Array | undefined {
  const text = body.replace(/\s+/g, '');
  return text !== '' && base64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
