/** A service of the mail server that a mail program can use. */
export interface MailService {
  protocol: 'imap' | 'pop3' | 'smtp';
  port: number;
  /** `implicit`: TLS from the first octet on; `starttls`: mandatory upgrade (RFC 8314 §3). */
  tls: 'implicit' | 'starttls';
}

/** The best first: IMAP before POP3, implicit TLS before STARTTLS (RFC 8314 §3), as the SRV records have it. */
export const mailServices: readonly MailService[] = [
  { protocol: 'imap', port: 993, tls: 'implicit' },
  { protocol: 'pop3', port: 995, tls: 'implicit' },
  { protocol: 'smtp', port: 465, tls: 'implicit' },
  { protocol: 'smtp', port: 587, tls: 'starttls' },
];

/** The best service of a protocol. */
export function bestService(protocol: MailService['protocol']): MailService {
  return mailServices.find((service) => service.protocol === protocol)!;
}
