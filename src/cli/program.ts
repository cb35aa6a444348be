import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAccount } from './commands/account.ts';
import { addAlias } from './commands/alias.ts';
import { addAudit } from './commands/audit.ts';
import { addBox } from './commands/box.ts';
import { addCert } from './commands/cert.ts';
import { addCheck } from './commands/check.ts';
import { addDkim } from './commands/dkim.ts';
import { addDomain } from './commands/domain.ts';
import { addJobs } from './commands/job.ts';
import { addMailbox } from './commands/mailbox.ts';
import { addMail } from './commands/mail.ts';
import { addRecord } from './commands/record.ts';
import { addRegistrar } from './commands/registrar.ts';
import { addSecondary } from './commands/secondary.ts';
import { addSecondaryZone } from './commands/secondary-zone.ts';
import { addStatus } from './commands/status.ts';
import { addToken } from './commands/token.ts';
import { addTsig } from './commands/tsig.ts';
import { addZone } from './commands/zone.ts';
import { addCompletion } from './completion.ts';
import { exitCodes } from './exit-codes.ts';
import { addHelp } from './help.ts';
import { sayUsage } from './usage.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const footer = `
Examples:
  signpost status
  signpost domain add example.com
  signpost registrar example.com --refresh
  signpost record add example.com www.example.com A 192.0.2.7
  signpost zone diff example.com 1795000000 1795000060

Exit codes: ${Object.entries(exitCodes)
  .map(([name, code]) => `${code} ${name}`)
  .join(', ')}`;

/** The whole command tree. */
export function createProgram(): Command {
  const program = new Command('signpost')
    .description('The nameserver that runs your mail domains.')
    .version(version, '--version', 'print the version of this command')
    .option('--json', 'print JSON for programs')
    .option('--data <folder>', "the box's data folder (SIGNPOST_DATA)")
    .option('--url <url>', 'a remote API instead of the local socket (SIGNPOST_URL)')
    .option('--token <token>', 'token for --url (SIGNPOST_TOKEN)')
    .option('--token-file <file>', 'file that holds it (SIGNPOST_TOKEN_FILE)')
    .option('--ca <file>', 'the CA (PEM) of the certificate at --url (SIGNPOST_CA)')
    .option('--fingerprint <sha256>', 'the certificate at --url, whoever signed it (SIGNPOST_FINGERPRINT)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', footer)
    .exitOverride();
  addStatus(program);
  addCheck(program);
  addBox(program);
  addDomain(program);
  addMailbox(program);
  addAlias(program);
  addRecord(program);
  addRegistrar(program);
  addZone(program);
  addCert(program);
  addSecondary(program);
  addSecondaryZone(program);
  addTsig(program);
  addMail(program);
  addDkim(program);
  addAccount(program);
  addToken(program);
  addJobs(program);
  addAudit(program);
  addCompletion(program);
  addHelp(program);
  for (const command of [program, ...descendants(program)]) sayUsage(command.exitOverride());
  return program;
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}
