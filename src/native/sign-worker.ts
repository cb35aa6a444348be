import { type SignerFactory, portableSigner } from '../dns/dnssec/algorithms.ts';
import { serveSigning } from '../dns/dnssec/sign-thread.ts';

/** A signing thread that calls OpenSSL itself for ECDSA, where that works; node:crypto signs everything else. */
const { factory, problem } = await findSigner();
serveSigning(factory, problem);

async function findSigner(): Promise<{ factory: SignerFactory; problem?: Error }> {
  try {
    const { nativeSigners } = await import('./native-signers.ts');
    return { factory: nativeSigners() };
  } catch (error) {
    return { factory: portableSigner, problem: error as Error };
  }
}
