import { Type } from '../../src/dns/type-codes.ts';
import type { CertsBox } from './certs-box.ts';
import type { SimulatedCa } from './simulated-ca.ts';

export interface CaaOptions {
  /** Issuer domain names that it takes for itself. */
  identities: readonly string[];
  /** URL of the account that registers. */
  account: string;
  texts: CertsBox['texts'];
}

/** Makes a CA look at the CAA that is served (RFC 8659 §3) with account and method (RFC 8657), as each public one must. */
export function checkCaa(ca: SimulatedCa, { identities, account, texts }: CaaOptions): SimulatedCa {
  const register = ca.register.bind(ca);
  const accept = ca.accept.bind(ca);
  return Object.assign(ca, {
    caaIdentities: () => Promise.resolve(identities),
    async register(...args: Parameters<typeof register>) {
      await register(...args);
      return account;
    },
    async accept(by: Parameters<typeof accept>[0], url: string) {
      const { name } = await ca.authorization(by, url);
      const found = relevantCaa(name, texts);
      const may = ['issue', 'issuewild'].every((tag) => allows(found, tag, identities, account));
      const type = 'urn:ietf:params:acme:error:caa';
      ca.refusal = may ? undefined : { type, detail: `CAA of ${name} forbids it: ${found.join('; ')}` };
      const accepted = accept(by, url);
      ca.refusal = undefined;
      await accepted;
    },
  });
}

/** The set at the name, or at the nearest above it that has one. */
function relevantCaa(name: string, texts: CaaOptions['texts']): string[] {
  for (let at = name; at !== ''; at = at.split('.').slice(1).join('.')) {
    const found = texts(at, Type.CAA);
    if (found.length > 0) return found;
  }
  return [];
}

function allows(
  found: readonly string[],
  tag: string,
  identities: readonly string[],
  account: string,
): boolean {
  const values = found.flatMap((text) => new RegExp(`^0 ${tag} "(.*)"$`).exec(text)?.[1] ?? []);
  if (values.length === 0) return true;
  return values.some((value) => {
    const [issuer = '', ...rest] = value.split(';').map((part) => part.trim());
    const parameters = Object.fromEntries(rest.map((one) => one.split('=') as [string, string]));
    return (
      identities.includes(issuer) &&
      (parameters['accounturi'] ?? account) === account &&
      (parameters['validationmethods'] ?? 'dns-01').split(',').includes('dns-01')
    );
  });
}
