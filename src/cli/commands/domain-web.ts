import type { Command } from 'commander';
import { contextOf, segment } from '../context.ts';
import { CliError } from '../error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { seconds } from '../values.ts';

interface WebRule {
  path: string;
  kind: string;
  to: string;
}

interface WebSite {
  hsts: { seconds: number; subdomains: boolean } | null;
  rules: WebRule[];
}

interface Options {
  redirect?: string[];
  permanent?: string[];
  proxy?: string[];
  remove?: string[];
  hsts?: string;
  subdomains?: boolean;
}

function describe({ hsts, rules }: WebSite): string {
  const told = hsts ? `${hsts.seconds} s${hsts.subdomains ? ', names below it, too' : ''}` : 'no';
  const head = fields([
    ['HTTPS alone', told],
    ['the rest', 'files'],
  ]);
  if (rules.length === 0) return head;
  return `${head}\n\n${table(
    ['path', 'is a', 'to'],
    rules.map(({ path, kind, to }) => [path, kind, to]),
  )}`;
}

/** `signpost domain web` */
export function addDomainWeb(domain: Command): void {
  domain
    .command('web <name>')
    .description('show what the web site of a domain is besides its files, and change what is given')
    .option('--redirect <path=url...>', 'a path that leads elsewhere for now')
    .option('--permanent <path=url...>', 'a path that leads elsewhere for good')
    .option('--proxy <path=url...>', 'a path that a program answers, such as /app=http://127.0.0.1:3000')
    .option('--remove <path...>', 'paths that are files again')
    .option('--hsts <time>', 'for how long browsers use HTTPS alone, such as 180d, or none')
    .option('--subdomains', 'with --hsts: for the names below it, too')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost domain web example.org --permanent /=https://example.com\n' +
        '  signpost domain web example.com --proxy /app=http://127.0.0.1:3000 --hsts 180d',
    )
    .action(async (name: string, options: Options, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/domains/${segment(nameIn(name, 'domain'))}/web`;
      const site = (await client({ method: 'GET', path })) as WebSite;
      const changed =
        Object.keys(options).length === 0
          ? site
          : ((await client({ method: 'PUT', path, body: withOptions(site, options) })) as WebSite);
      show(changed, () => describe(changed));
    });
}

function withOptions(site: WebSite, options: Options): WebSite {
  const { redirect = [], permanent = [], proxy = [], remove = [], hsts } = options;
  if (options.subdomains && hsts === undefined)
    throw new CliError('Give --subdomains with --hsts.', exitCodes.usage);
  const rules = [
    ...redirect.map((text) => ruleIn(text, 'redirect', '--redirect')),
    ...permanent.map((text) => ruleIn(text, 'permanent-redirect', '--permanent')),
    ...proxy.map((text) => ruleIn(text, 'proxy', '--proxy')),
  ];
  const paths = new Set([...rules.map(({ path }) => path), ...remove]);
  return {
    hsts: hsts === undefined ? site.hsts : hstsIn(hsts, options.subdomains === true),
    rules: [...site.rules.filter(({ path }) => !paths.has(path)), ...rules],
  };
}

const hstsIn = (text: string, subdomains: boolean): WebSite['hsts'] =>
  text === 'none' ? null : { seconds: seconds(text, '--hsts'), subdomains };

function ruleIn(text: string, kind: string, option: string): WebRule {
  const at = text.indexOf('=');
  if (at > 0) return { path: text.slice(0, at), kind, to: text.slice(at + 1) };
  throw new CliError(
    `${option} must be a path and a URL such as /=https://example.org, not "${text}".`,
    exitCodes.usage,
  );
}
