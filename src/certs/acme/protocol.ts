import type { KeyObject } from 'node:crypto';

/*
 * What an order needs of a CA (RFC 8555). Every call throws AcmeError when the CA, or the way to it, says no.
 */

/** An account with the CA, and its key. */
export interface AcmeAccount {
  url: string;
  key: KeyObject;
}

export interface AcmeOrder {
  url: string;
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  authorizations: string[];
  finalize: string;
  certificate: string | undefined;
  error: unknown;
  /** Milliseconds to wait before asking again; undefined: as one likes. */
  retryAfter: number | undefined;
}

export interface AcmeAuthorization {
  /** Without `*.`. */
  name: string;
  status: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
  /** The dns-01 challenge, when the CA offers it. */
  challenge: { url: string; token: string; status: string; error: unknown } | undefined;
  retryAfter: number | undefined;
}

/** RFC 9773 §4.2. */
export interface RenewalInfo {
  /** RFC 3339. */
  start: string;
  end: string;
  /** A page of the CA's that says why. */
  explanation: string | undefined;
  /** Milliseconds after which it is asked for again. */
  retryAfter: number | undefined;
}

export interface NewOrder {
  names: readonly string[];
  profile: string | undefined;
  /** RFC 9773 §5: the certificate that this one takes the place of. */
  replaces: string | undefined;
}

export interface AcmeClient {
  /** Names by which CAA is to call the CA, from its directory (RFC 8555 §7.1.1); none where it does not say. */
  caaIdentities(): Promise<readonly string[]>;
  /** Registers the key, agreeing to the terms; or finds the account that it has already. @returns its URL */
  register(
    key: KeyObject,
    options: { email: string | undefined; eab: { keyId: string; hmacKey: string } | undefined },
  ): Promise<string>;
  /** The account's URL; undefined when the key has none. */
  find(key: KeyObject): Promise<string | undefined>;
  /** RFC 8555 §7.3.5. */
  changeKey(account: AcmeAccount, next: KeyObject): Promise<void>;
  newOrder(account: AcmeAccount, order: NewOrder): Promise<AcmeOrder>;
  order(account: AcmeAccount, url: string): Promise<AcmeOrder>;
  authorization(account: AcmeAccount, url: string): Promise<AcmeAuthorization>;
  /** Tells the CA that the challenge's answer is there to be looked at. */
  accept(account: AcmeAccount, challengeUrl: string): Promise<void>;
  finalize(account: AcmeAccount, order: AcmeOrder, csr: Uint8Array): Promise<AcmeOrder>;
  /** @returns the chain, PEM */
  certificate(account: AcmeAccount, url: string): Promise<string>;
  /** RFC 5280 §5.3.1 has the reasons. */
  revoke(account: AcmeAccount, certificate: Uint8Array, reason: number): Promise<void>;
  /** undefined when the CA has no ARI. `certificateId`: RFC 9773 §4.1. */
  renewalInfo(certificateId: string): Promise<RenewalInfo | undefined>;
}
