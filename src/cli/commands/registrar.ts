import type { Command } from 'commander';
import { contextOf, segment } from '../context.ts';
import { nameIn } from '../input.ts';
import { fields } from '../table.ts';
import { withRelative } from '../times.ts';

interface Ds {
  keyTag: number;
  algorithm: number;
  digestType: number;
  digest: string;
}

interface Registrar {
  nameservers: string[];
  glue: { name: string; addresses: string[] }[];
  ds: Ds[];
  dnskey: { flags: number; protocol: number; algorithm: number; publicKey: string }[];
  parent: {
    state: string;
    message: string;
    nameservers: string[];
    ds: Ds[];
    checkedAt: string | null;
  };
}

function printDs(ds: Ds): string {
  return `key tag ${ds.keyTag}, algorithm ${ds.algorithm}, digest type ${ds.digestType}, digest ${ds.digest}`;
}

function describe(view: Registrar): string {
  const set = fields([
    ['nameservers', view.nameservers],
    ['glue', view.glue.map((glue) => `${glue.name} ${glue.addresses.join(' ')}`)],
    ['DS', view.ds.map(printDs)],
    [
      'or DNSKEY',
      view.dnskey.map(
        (key) =>
          `flags ${key.flags}, protocol ${key.protocol}, algorithm ${key.algorithm}, key ${key.publicKey}`,
      ),
    ],
  ]);
  const has = fields([
    ['state', view.parent.state],
    ['to do', view.parent.message],
    ['nameservers', view.parent.nameservers],
    ['DS', view.parent.ds.map(printDs)],
    ['asked', view.parent.checkedAt === null ? 'never; add --refresh' : withRelative(view.parent.checkedAt)],
  ]);
  return `Set at the registrar\n${set}\n\nThe parent has now\n${has}`;
}

/** `signpost registrar DOMAIN` */
export function addRegistrar(program: Command): void {
  program
    .command('registrar <domain>')
    .description("what to set at the domain's registrar, and what the parent zone has now")
    .option('--refresh', "ask the parent's servers now")
    .addHelpText('after', '\nExample:\n  signpost registrar example.com --refresh')
    .action(async (domain: string, options: { refresh?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = options.refresh ? '?refresh=true' : '';
      const view = (await client({
        method: 'GET',
        path: `/domains/${segment(nameIn(domain, 'domain'))}/registrar${query}`,
      })) as Registrar;
      show(view, () => describe(view));
    });
}
