import type { CertificateName } from '../model.ts';
import type { CertificateInfo } from '../x509/certificate.ts';
import type { CertificateKey } from '../x509/key.ts';
import { parseChain, type ParsedChainResult } from '../x509/parse-chain.ts';

/** Reads what a CA gave: certificates and nothing else, which all who get the chain from the box would have to read (RFC 8555 §11.4). */
export function readIssued(chain: string): ParsedChainResult {
  if (/-----BEGIN(?! CERTIFICATE-----)/.test(chain))
    return { ok: false, problems: ['The CA gave something else than certificates.'] };
  return parseChain(chain);
}

/** What is wrong with a certificate that a CA gave for these names and this key. Whether it is trusted is the CA's business. */
export function checkIssued(
  leaf: CertificateInfo,
  names: readonly CertificateName[],
  key: CertificateKey,
): string[] {
  const missing = names.filter((name) => !leaf.names.includes(name));
  return [
    ...(leaf.spkiSha256 === key.spkiSha256 ? [] : ['The CA gave a certificate for another key.']),
    ...(missing.length === 0 ? [] : [`The CA gave a certificate without ${missing.join(', ')}.`]),
  ];
}
