import { z } from '@hono/zod-openapi';
import type { Name } from '../../dns/wire/name.ts';
import type { RegistrarView } from '../../zones/registrar/view.ts';
import { flag, nameOut, nameText, time } from '../fields.ts';
import { dnskeyJson, dnskeyOut, dsJson, dsOut } from '../keys/schema.ts';

const nameservers = z.array(z.string()).openapi({ example: ['ns1.box.example.com', 'ns2.box.example.com'] });
const glue = z.array(
  z.strictObject({
    name: nameOut('ns1.box.example.com'),
    addresses: z.array(z.string()).openapi({ example: ['192.0.2.1', '2001:db8::1'] }),
  }),
);

export const registrarOut = z
  .strictObject({
    nameservers,
    glue: glue.describe('Addresses that the parent must know because the names are below the domain itself.'),
    ds: z.array(dsOut).describe('What most registrars ask for.'),
    dnskey: z.array(dnskeyOut).describe('What the others ask for.'),
    parent: z
      .strictObject({
        state: z.enum(['unknown', 'not-delegated', 'glue-wrong', 'insecure', 'secure', 'bogus']),
        message: z.string().describe('What to do, in a sentence.'),
        nameservers,
        glue,
        ds: z.array(dsOut),
        checkedAt: time('When the parent was asked; null: never.').nullable(),
      })
      .describe('What the parent zone has now.'),
  })
  .openapi('Registrar');

export const registrarQuery = z.strictObject({ refresh: flag("Ask the parent's servers now.") });

function glueJson({ name, addresses }: { name: Name; addresses: string[] }): {
  name: string;
  addresses: string[];
} {
  return { name: nameText(name), addresses };
}

export function registrarJson({
  nameservers,
  glue,
  ds,
  dnskey,
  parent,
}: RegistrarView): z.infer<typeof registrarOut> {
  return {
    nameservers: nameservers.map(nameText),
    glue: glue.map(glueJson),
    ds: ds.map(dsJson),
    dnskey: dnskey.map(dnskeyJson),
    parent: {
      state: parent.state,
      message: parent.message,
      nameservers: parent.nameservers.map(nameText),
      glue: parent.glue.map(glueJson),
      ds: parent.ds.map(dsJson),
      checkedAt: parent.checkedAt ?? null,
    },
  };
}
