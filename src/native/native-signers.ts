import { type SignerFactory, portableSigner } from '../dns/dnssec/algorithms.ts';
import { checkSignatures, curves, ecdsaSigner } from './ecdsa-signer.ts';
import { bindOpenSsl } from './openssl.ts';

/** Signers of the fastest kind for each algorithm. @throws Error when OpenSSL cannot be called, or signs wrongly. */
export function nativeSigners(): SignerFactory {
  const openSsl = bindOpenSsl();
  checkSignatures(openSsl);
  return (algorithm, privateKey) => {
    const curve = curves.get(algorithm);
    return curve ? ecdsaSigner(openSsl, curve, privateKey) : portableSigner(algorithm, privateKey);
  };
}
