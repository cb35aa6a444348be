import { setTimeout as delay } from 'node:timers/promises';
import { domainToASCII } from 'node:url';
import type { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { type Client, CliError } from '../client.ts';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readCertificates, readKey, writeText } from '../files.ts';
import { nameIn } from '../input.ts';
import { shown } from '../names.ts';
import { type Certificate, followOrder, type Outcome, overBefore } from '../order-progress.ts';
import { fields, table } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { didYouMean, seconds } from '../values.ts';
import { addExport } from './cert-export.ts';

interface WaitOptions {
  wait: boolean;
  timeout: string;
}

const keyHelp = 'ecdsa-p256, rsa-2048, rsa-3072 or rsa-4096';
const which = 'its id, or one of its names';

interface Account {
  directory: string | null;
  accountUri: string | null;
  email: string | null;
  profile: string | null;
  externalAccount: boolean;
  caaIdentities: string[];
}

/** `signpost cert list|show|issue|renew|revoke|request|install|export|account|roll-account-key` */
export function addCert(program: Command): void {
  const cert = program.command('cert').description('certificates of the CA, and your own');
  addList(cert);
  addShow(cert);
  addIssue(cert);
  addRenew(cert);
  addRevoke(cert);
  addRequest(cert);
  addInstall(cert);
  addExport(cert, { find, which });
  addAccount(cert);
}

function addList(cert: Command): void {
  cert
    .command('list')
    .alias('ls')
    .description('list the certificates')
    .option('--domain <domain>', 'those of a domain')
    .addHelpText('after', '\nExamples:\n  signpost cert list\n  signpost cert list --domain example.com')
    .action(async ({ domain }: { domain?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = domain === undefined ? '' : `?domain=${segment(nameIn(domain, 'domain'))}`;
      const items = await allItems<Certificate>(client, `/certificates${query}`);
      show(items, () =>
        table(
          ['id', 'names', 'state', 'issuer', 'expires', 'next'],
          items.map((item) => [
            item.id,
            item.names.map(shown).join(' '),
            stateOf(item),
            item.issuer ?? item.kind,
            item.notAfter === null ? '–' : relative(item.notAfter),
            next(item, relative) ?? '–',
          ]),
        ),
      );
    });
}

function addShow(cert: Command): void {
  cert
    .command('show <certificate>')
    .description(`show a certificate (${which}) and what was tried for it`)
    .addHelpText('after', '\nExamples:\n  signpost cert show example.com')
    .action(async (text: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = await find(client, text);
      show(found, () => `${describe(found)}\n\n${attemptsOf(found)}`);
    });
}

function addIssue(cert: Command): void {
  const issue = cert
    .command('issue <names...>')
    .description('order a certificate for these names, and follow the order')
    .option('--key <algorithm>', keyHelp);
  addWaitOptions(issue)
    .addHelpText('after', "\nExamples:\n  signpost cert issue mail.example.com '*.mail.example.com'")
    .action(async (names: string[], options: WaitOptions & { key?: string }, command: Command) => {
      const { client } = contextOf(command);
      const limit = timeLimit(options);
      const before = options.wait ? await allItems<Certificate>(client, '/certificates') : [];
      const body = { names: namesIn(names), keyAlgorithm: options.key };
      const answer = (await client({ method: 'POST', path: '/certificates', body })) as Certificate;
      await follow(command, answer, { ...options, before, limit });
    });
}

function addRenew(cert: Command): void {
  const renew = cert
    .command('renew <certificate>')
    .description(`renew a certificate (${which}) now, and follow the order`);
  addWaitOptions(renew)
    .addHelpText('after', '\nExamples:\n  signpost cert renew example.com')
    .action(async (text: string, options: WaitOptions, command: Command) => {
      const { client } = contextOf(command);
      const limit = timeLimit(options);
      const found = await find(client, text);
      const path = `/certificates/${segment(found.id)}/renew`;
      const answer = (await client({ method: 'POST', path })) as Certificate;
      await follow(command, answer, { ...options, before: [found], limit });
    });
}

function addWaitOptions(command: Command): Command {
  return command
    .option('--no-wait', 'return as soon as the order is taken')
    .option('--timeout <seconds>', 'how long to follow it', '300');
}

/** Milliseconds. */
function timeLimit({ timeout }: WaitOptions): number {
  return seconds(timeout, '--timeout') * 1000;
}

async function follow(
  command: Command,
  certificate: Certificate,
  { before, limit, wait }: { before: Certificate[]; limit: number; wait: boolean },
): Promise<void> {
  const { client, show } = contextOf(command);
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  if (!wait) {
    show(certificate, () => `Ordered. signpost cert show ${certificate.id} says how it goes.`);
    return;
  }
  // What was over in the answer was so before the order: that is made after it.
  const known = overBefore([...before, certificate]);
  const outcome = await followOrder({
    certificate,
    read: () => read(client, certificate.id),
    known,
    report: (line) => {
      if (!json) console.log(line);
    },
    limit,
    clock: systemClock,
    wait: (milliseconds) => delay(milliseconds),
  });
  const problem = problemOf(outcome);
  if (problem !== undefined) throw new CliError(problem, exitCodes.failed, outcome.certificate);
  show(outcome.certificate, () => `\n${headline(outcome)}\n\n${describe(outcome.certificate)}`);
}

function headline({ kind, certificate }: Outcome): string {
  if (kind === 'unchanged')
    return 'A valid certificate for these names is there already; cert renew makes a new one.';
  if (kind === 'installed') return 'The new certificate is in use.';
  return `The new certificate is there, and will be used later: ${next(certificate) ?? 'soon'}.`;
}

function problemOf({ kind, certificate }: Outcome): string | undefined {
  const again = next(certificate);
  if (kind === 'late')
    return `The order has not ended, and goes on by itself: signpost cert show ${certificate.id}`;
  if (kind === 'putOff')
    return `The order has to wait, and goes on by itself. The next try: ${again ?? 'soon'}; signpost cert show ${certificate.id} says how it went.`;
  if (kind !== 'failed') return undefined;
  const [attempt] = certificate.attempts;
  return [
    attempt?.problem ?? 'The order failed.',
    ...(attempt?.detail ? [`  In detail: ${attempt.detail}`] : []),
    ...(again === undefined ? [] : [`  The next try: ${again}`]),
  ].join('\n');
}

function addRevoke(cert: Command): void {
  cert
    .command('revoke <certificate>')
    .description(`have the CA declare a certificate (${which}) invalid, for good`)
    .option(
      '--reason <reason>',
      'keyCompromise, superseded, cessationOfOperation, affiliationChanged or unspecified',
      'unspecified',
    )
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExamples:\n  signpost cert revoke www.example.com --reason keyCompromise')
    .action(async (text: string, options: { reason: string; yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const found = await find(client, text);
      await confirm(`Revoke the certificate for ${found.names.map(shown).join(', ')}?`, options.yes);
      const answer = (await client({
        method: 'POST',
        path: `/certificates/${segment(found.id)}/revoke`,
        body: { reason: options.reason },
      })) as Certificate;
      show(answer, () => describe(answer));
    });
}

function addRequest(cert: Command): void {
  cert
    .command('request <names...>')
    .description('make a key, which stays in the box, and a request for your own CA')
    .option('--key <algorithm>', keyHelp)
    .option('--output <path>', 'write the request to a file')
    .addHelpText('after', '\nExamples:\n  signpost cert request www.example.com --output www.csr')
    .action(async (names: string[], options: { key?: string; output?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const answer = (await client({
        method: 'POST',
        path: '/certificates/csr',
        body: { names: namesIn(names), keyAlgorithm: options.key },
      })) as { id: string; csr: string };
      if (options.output !== undefined) await writeText(options.output, answer.csr);
      show(answer, () =>
        options.output === undefined ? answer.csr.trimEnd() : `The request is in ${options.output}.`,
      );
    });
}

function addInstall(cert: Command): void {
  cert
    .command('install <chain>')
    .description('install your own certificate: a PEM file with it and those that lead to the root')
    .option('--key-file <path>', 'its private key as PEM; not needed when the request was made here')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost cert install www.pem\n  signpost cert install www.pem --key-file www.key',
    )
    .action(async (chain: string, options: { keyFile?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        chain: await readCertificates(chain),
        privateKey: options.keyFile === undefined ? undefined : await readKey(options.keyFile),
      };
      const answer = (await client({ method: 'POST', path: '/certificates/install', body })) as Certificate;
      show(answer, () => describe(answer));
    });
}

function addAccount(cert: Command): void {
  cert
    .command('account')
    .description('show the CA that is asked, and the account with it')
    .addHelpText('after', '\nExamples:\n  signpost cert account')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const account = (await client({ method: 'GET', path: '/certificates/account' })) as Account;
      show(account, () => describeAccount(account));
    });
  cert
    .command('roll-account-key')
    .description('take a new key for the account with the CA; the old one is worth nothing from then on')
    .addHelpText('after', '\nExamples:\n  signpost cert roll-account-key')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = '/certificates/account/roll-key';
      const account = (await client({ method: 'POST', path })) as Account;
      show(account, () => `The account has a new key.\n\n${describeAccount(account)}`);
    });
}

function describeAccount(account: Account): string {
  return fields([
    ['CA', account.directory ?? 'none; the box is started with --acme-directory none'],
    ['account', account.accountUri ?? 'none yet; it is made with the first order'],
    ['email', account.email ?? undefined],
    ['profile', account.profile ?? undefined],
    ['external account', account.externalAccount ? 'bound' : undefined],
    ['in CAA', account.caaIdentities.length > 0 ? account.caaIdentities : 'not said by the CA'],
  ]);
}

function namesIn(names: string[]): string[] {
  return names.map((name) => nameIn(name, 'host'));
}

async function read(client: Client, id: string): Promise<Certificate> {
  return (await client({ method: 'GET', path: `/certificates/${segment(id)}` })) as Certificate;
}

/** By its id, or by a name that one certificate alone has. @throws CliError */
async function find(client: Client, text: string): Promise<Certificate> {
  if (!text.includes('.')) return read(client, text);
  const typed = nameIn(text, 'host').toLowerCase().replace(/\.$/, '');
  const name = domainToASCII(typed) || typed;
  const all = await allItems<Certificate>(client, '/certificates');
  const found = all.filter(({ names }) => names.includes(name));
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    const near = didYouMean(
      name,
      all.flatMap(({ names }) => names),
    );
    const hint = near === '' ? ` Order one: signpost cert issue ${typed}` : near;
    throw new CliError(`No certificate has the name ${typed}.${hint}`, exitCodes.notFound);
  }
  const ids = found.map(({ id, names }) => `  ${id}: ${names.map(shown).join(' ')}`);
  throw new CliError(`Several certificates have the name; give an id:\n${ids.join('\n')}`, exitCodes.usage);
}

function describe(certificate: Certificate): string {
  return fields([
    ['certificate', certificate.id],
    ['names', certificate.names.map(shown)],
    ['for', certificate.domain === null ? certificate.purpose : shown(certificate.domain)],
    ['state', stateOf(certificate)],
    ['problem', certificate.problem ?? undefined],
    ['kind', certificate.kind],
    ['key', certificate.keyAlgorithm],
    ['issuer', certificate.issuer ?? undefined],
    ['serial', certificate.serialNumber ?? undefined],
    ['valid from', certificate.notBefore === null ? undefined : withRelative(certificate.notBefore)],
    ['expires', certificate.notAfter === null ? undefined : withRelative(certificate.notAfter)],
    ['next', next(certificate)],
  ]);
}

/** What is in use, and that its successor is in trouble; when that is tried again stands in `next`. */
function stateOf({ state, problem }: Certificate): string {
  return problem !== null && (state === 'valid' || state === 'expired') ? `${state}, renewal failed` : state;
}

function next(
  { nextAttemptAt, nextAttemptWhy }: Certificate,
  shownAs: (time: string) => string = (time) => `${time}, ${relative(time)}`,
): string | undefined {
  if (nextAttemptAt === null) return undefined;
  const time = shownAs(nextAttemptAt);
  return nextAttemptWhy === null ? time : `${time} (${nextAttemptWhy})`;
}

function attemptsOf({ attempts }: Certificate): string {
  if (attempts.length === 0) return 'Nothing was tried yet.';
  return attempts
    .map(({ startedAt, endedAt, step, problem, detail }) =>
      [
        `${startedAt}  ${step}${endedAt === null ? ', running' : ''}`,
        ...(problem === null ? [] : [`    ${problem}`]),
        ...(detail === null ? [] : [`    ${detail}`]),
      ].join('\n'),
    )
    .join('\n');
}
