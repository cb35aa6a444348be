import { z } from '@hono/zod-openapi';
import type { MailSetup } from '../../mail/setup.ts';
import { nameOut, nameText } from '../fields.ts';

export const setupOut = z
  .strictObject({
    address: z.string(),
    userName: z
      .string()
      .describe('What to sign in with; the password is that of the mailbox, or an app password.'),
    servers: z.array(
      z.strictObject({
        use: z.enum(['receive', 'send']),
        protocol: z.enum(['imap', 'pop3', 'smtp']),
        host: nameOut('box.example.com'),
        port: z.int(),
        tls: z
          .enum(['implicit', 'starttls'])
          .describe('`implicit`: TLS from the first octet on (often named SSL/TLS).'),
      }),
    ),
  })
  .openapi('MailSetup');

export function setupJson({ address, userName, servers }: MailSetup): z.infer<typeof setupOut> {
  return {
    address,
    userName,
    servers: servers.map(({ use, protocol, host, port, tls }) => ({
      use,
      protocol,
      host: nameText(host),
      port,
      tls,
    })),
  };
}
