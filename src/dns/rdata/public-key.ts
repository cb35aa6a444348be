import { FormErr } from '../wire/form-error.ts';
import { WireReader } from '../wire/reader.ts';
import type { RdataTokens } from './tokens.ts';

const PRIVATEDNS = 253;

/** The rest of KEY or RKEY rdata. @throws FormErr */
export function decodePublicKey(reader: WireReader, algorithm: number): Uint8Array {
  const publicKey = reader.restNotEmpty('public key');
  const problem = keyProblem(algorithm, publicKey);
  if (problem !== undefined) throw new FormErr(problem);
  return publicKey;
}

/** The same as text. @throws RdataError */
export function parsePublicKey(tokens: RdataTokens, algorithm: number): Uint8Array {
  const publicKey = tokens.base64('public key');
  const problem = keyProblem(algorithm, publicKey);
  if (problem !== undefined) tokens.fail(problem);
  return publicKey;
}

/** RFC 4034 Appendix A.1.1: a private algorithm's key starts with its name. BIND refuses every zone where one does not. */
function keyProblem(algorithm: number, publicKey: Uint8Array): string | undefined {
  if (algorithm !== PRIVATEDNS) return undefined;
  try {
    new WireReader(publicKey, 0, publicKey.length, false).name();
    return undefined;
  } catch (error) {
    if (error instanceof FormErr)
      return `public key of algorithm ${PRIVATEDNS} must start with a name: ${error.message}`;
    throw error;
  }
}
