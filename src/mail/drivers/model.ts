import type { WebRule } from '../web/store.ts';

/**
 * All that mail drivers render from: plain data, the same for the box and the agent. What changes with each mailbox is not in here; the
 * daemons read that from the directory (`directory.sqlite`).
 */
export interface MailModel {
  /** The box's own name, lower case A-labels, without a final dot. */
  hostname: string;
  /** Path of `directory.sqlite`. */
  directory: string;
  /** The box as a nameserver, for the resolver beside it; undefined while it serves no zone. */
  nameserver?: Nameserver | undefined;
  /** For the box's name, in PEM. */
  certificate: { chain: string; key: string };
  settings: MailSettings;
  /** Mail domains that are filtered otherwise than the box says. */
  filters: readonly DomainFilter[];
  /** Webmail and web sites; undefined: none of Signpost's doing on this machine. */
  web?: WebModel | undefined;
}

/** What is spam for a domain; undefined scores: nothing is. */
export interface DomainFilter {
  /** Lower case A-labels. */
  domain: string;
  scores?: { junk: number; reject: number } | undefined;
}

/** A domain whose site is not a folder alone. */
export interface WebSite {
  /** Lower case A-labels. */
  domain: string;
  hsts?: { seconds: number; subdomains: boolean } | undefined;
  /** No two of one path. */
  rules: readonly WebRule[];
}

export interface WebModel {
  /** Where programs on this machine reach the API, such as `http://127.0.0.1:8080`. */
  api: string;
  /** 32 characters that webmail seals sessions with: letters, digits, `-` and `_`. */
  sessionKey: string;
  sites: readonly WebSite[];
}

export interface Nameserver {
  /** Apex of the zone with the box's own name, as `hostname` is written. */
  zone: string;
  /** An IP address of this machine. */
  address: string;
  port: number;
}

/** What signs for a domain: nothing, or a key of each algorithm. Keys are no part of the model: what changes of them is sent by itself. */
export interface DomainKeys {
  /** Lower case A-labels. */
  domain: string;
  keys: readonly DkimSigner[];
}

export interface DkimSigner {
  selector: string;
  algorithm: 'rsa' | 'ed25519';
  /** PKCS#8 in PEM. */
  privateKey: string;
}

export interface MailSettings {
  /** Octets of a message with its headers. */
  messageSizeLimit: number;
  /** All mail for elsewhere goes there. */
  relay?: Relay | undefined;
  /** Rspamd asks unknown senders of doubtful mail to try again. */
  greylisting: boolean;
  /** From which scores mail goes into Junk, and is refused. */
  scores: { junk: number; reject: number };
  /** What Rspamd shows Redis; letters, digits, `-` and `_`. */
  redisPassword: string;
}

/** Another mail server, which is reached over TLS that is verified. */
export interface Relay {
  /** Lower-case A-labels; what its certificate must show. */
  host: string;
  /** 465: TLS from the start, else STARTTLS. */
  port: number;
  /** ASCII each, no colon and no space in the user, none around the password. */
  credentials?: { user: string; password: string } | undefined;
}

/** As it comes: probable spam from 6, certain from 15. */
export const SPAM_SCORES = { junk: 6, reject: 15 };

/** 128 MiB. */
export const MESSAGE_SIZE_LIMIT = 128 * 1024 * 1024;
