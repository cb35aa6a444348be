import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { certificateFiles } from '../../core/certificate-files.ts';
import { type Client, CliError } from '../client.ts';
import { contextOf, keyToken, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openExportFolder } from '../export-folder.ts';
import { shown } from '../names.ts';
import type { Certificate } from '../order-progress.ts';
import { fields } from '../table.ts';
import { withRelative } from '../times.ts';

interface Chain {
  id: string;
  names: string[];
  issuer: string;
  serialNumber: string;
  notAfter: string;
  chain: string;
}

interface Exported {
  certificate: Chain;
  privateKey: string | undefined;
}

/** `signpost cert export`. `find`: by id or name; `which`: says so. */
export function addExport(
  cert: Command,
  { find, which }: { find: (client: Client, text: string) => Promise<Certificate>; which: string },
): void {
  cert
    .command('export <certificate>')
    .description(`write a certificate (${which}) to files, for other programs on this machine`)
    .requiredOption('--to <folder>', 'where to; made if it is not there')
    .option('--key', 'its private key, too; with a token that has the scope certificates:export-key')
    .addHelpText(
      'after',
      `
Examples:
  signpost cert export mail.example.com --to /etc/ssl/mail
  signpost cert export mail.example.com --key --token-file /root/export.token --to /etc/ssl/mail`,
    )
    .action(async (text: string, options: { to: string; key?: true }, command: Command) => {
      const { client, show } = contextOf(command);
      const token = options.key && keyToken(command);
      const folder = resolve(options.to);
      const found = await find(client, text);
      const names = certificateFiles('', token && '').map(({ name }) => name);
      const target = await openExportFolder(folder, names);
      const chain = (await client({
        method: 'GET',
        path: `/certificates/${segment(found.id)}/chain`,
      })) as Chain;
      const known = token === undefined ? undefined : keyOf(chain.chain, target.content('privkey.pem'));
      const { certificate, privateKey } =
        token === undefined || known !== undefined
          ? { certificate: chain, privateKey: known }
          : await exportKey(client, chain.id, token);
      const files = certificateFiles(certificate.chain, privateKey);
      const changed = await target.write(files);
      const { id, issuer, serialNumber, notAfter } = certificate;
      const about = { certificate: id, names: certificate.names, issuer, serialNumber, notAfter };
      const written = { ...about, state: found.state, folder, files: files.map(({ name }) => name), changed };
      show(written, () => describe(written));
    });
}

async function exportKey(client: Client, id: string, token: string): Promise<Exported> {
  const path = `/certificates/${segment(id)}/export-key`;
  const exported = (await client({ method: 'POST', path, token })) as Exported;
  if (keyOf(exported.certificate.chain, exported.privateKey) !== undefined) return exported;
  throw new CliError(
    'The box answered with a key of another certificate; nothing was written.',
    exitCodes.failed,
  );
}

/** The key, when it is that of the certificate: one that is there already need not leave the box again. */
function keyOf(chain: string, privateKey: string | undefined): string | undefined {
  try {
    if (privateKey === undefined) return undefined;
    return new X509Certificate(chain).checkPrivateKey(createPrivateKey(privateKey)) ? privateKey : undefined;
  } catch {
    return undefined;
  }
}

function describe(written: {
  certificate: string;
  names: string[];
  issuer: string;
  serialNumber: string;
  notAfter: string;
  state: string;
  folder: string;
  files: string[];
  changed: boolean;
}): string {
  const { changed, files, folder, names, state } = written;
  return fields([
    ['certificate', written.certificate],
    ['names', names.map(shown)],
    ['issuer', written.issuer],
    ['serial', written.serialNumber],
    ['expires', withRelative(written.notAfter)],
    ['state', state === 'valid' || state === 'renewing' ? undefined : state],
    ['folder', folder],
    ['files', `${files.join(', ')} (${changed ? 'written' : 'unchanged'})`],
  ]);
}
