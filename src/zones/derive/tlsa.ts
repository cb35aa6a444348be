import { Type } from '../../dns/type-codes.ts';
import { derivedBelow, type ZoneRule } from './rule.ts';

/** SMTP, submission (implicit TLS and STARTTLS), IMAP, POP3, ManageSieve, HTTPS: all speak with H's certificate. */
export const TLSA_PORTS = [25, 465, 587, 993, 995, 4190, 443] as const;

/** `3 1 1`: the key itself, so a renewed certificate of the same key changes nothing (RFC 7671 §5.1). */
export const tlsa: ZoneRule = {
  id: 'tlsa',
  rfc: 'RFC 6698, RFC 7672',
  level: 'recommended',
  why: 'Lets other mail servers check the certificate of the box by DNSSEC, so nobody in between can read the mail.',
  derive: ({ box, holdsHostname, tlsaKeys }) =>
    holdsHostname
      ? TLSA_PORTS.flatMap((port) =>
          tlsaKeys.flatMap((key) =>
            derivedBelow(`_${port}._tcp`, box.hostname, Type.TLSA, `3 1 1 ${key.spkiSha256}`),
          ),
        )
      : [],
};
