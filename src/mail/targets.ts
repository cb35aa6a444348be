import { AppError } from '../core/errors.ts';
import { Name } from '../dns/wire/name.ts';
import { domainOf, localOf, parseTarget } from './address.ts';
import { type MailDomains, requiredAt, takesMail } from './directory/required.ts';
import type { MailReads } from './store.ts';

export interface MailState {
  zones: MailDomains;
  mail: MailReads;
}

/** Addresses that are walked through for a circle. */
const MOST_STEPS = 2000;

/**
 * The targets of an alias or a forwarding mailbox, as they are kept. @throws AppError invalid-address, no-such-target, mail-loop with the
 * reason for the first that cannot be one; `field` is that of the request
 */
export function checkTargets(
  state: MailState,
  source: string,
  texts: readonly string[],
  field: string,
): string[] {
  const targets = texts.map((text, index) => {
    const refuse = refusal(`${field}[${index}]`);
    const result = parseTarget(text, (domain) => takesMail(state.zones, domain));
    if (!result.ok) throw refuse('invalid-address', `${result.message}.`);
    const { text: target } = result.address;
    if (target.startsWith('@') && !(source.startsWith('@') && texts.length === 1))
      throw refuse(
        'invalid-address',
        `${target} is a whole domain: only a whole domain leads to one, and to nothing else.`,
      );
    const missing = whyMissing(state, source, target);
    if (missing !== undefined) throw refuse('no-such-target', missing);
    return target;
  });
  const unique = [...new Set(targets)];
  unique.forEach((target, index) => {
    const way = wayBack(state, source, target);
    if (way) throw refusal(`${field}[${index}]`)('mail-loop', loopSentence(source, way));
  });
  return unique;
}

function refusal(path: string) {
  return (code: 'invalid-address' | 'no-such-target' | 'mail-loop', message: string): AppError =>
    new AppError(code, message, { errors: [{ path, message }] });
}

function loopSentence(source: string, way: readonly string[]): string {
  if (way.length === 1) return `${source} would lead to itself.`;
  return `${source} would lead to itself: ${[source, ...way].join(' → ')}.`;
}

/** Why nobody takes mail at a target; undefined: somebody does, or it is elsewhere. */
function whyMissing({ zones, mail }: MailState, source: string, target: string): string | undefined {
  const domain = Name.parse(domainOf(target));
  if (!takesMail(zones, domain)) return undefined;
  // A whole domain: each of its addresses is looked for when mail comes.
  if (target.startsWith('@') || target === source) return undefined;
  const mailbox = mail.mailbox(target);
  if (mailbox?.state === 'active' || mail.alias(target)) return undefined;
  if (requiredAt(zones, domain).includes(target) || mail.alias(`@${domainOf(target)}`)) return undefined;
  return mailbox
    ? `The mailbox ${target} is retired: restore it, or name another.`
    : `There is no mailbox and no alias ${target}: make it first, or correct the address.`;
}

/** The addresses by which mail to the target comes back to the source; undefined: it does not. */
function wayBack(state: MailState, source: string, target: string): string[] | undefined {
  const seen = new Set<string>();
  const waiting: string[][] = [[target]];
  for (let way = waiting.pop(); way && seen.size < MOST_STEPS; way = waiting.pop()) {
    const at = way.at(-1)!;
    if (at === source) return way;
    if (seen.has(at)) continue;
    seen.add(at);
    const { from, targets } = nextOf(state, source, at);
    if (from === source) return [...way, source];
    for (const next of targets) waiting.push([...way, next]);
  }
  return undefined;
}

/** Where mail to an address goes on to, and by what: its own alias or mailbox, else that of the whole domain. */
function nextOf(
  { zones, mail }: MailState,
  source: string,
  at: string,
): { from: string | undefined; targets: string[] } {
  if (at.startsWith('@')) return { from: at, targets: mail.targets(at) };
  const mailbox = mail.mailbox(at);
  if (mail.alias(at) || mailbox?.state === 'active') return { from: at, targets: mail.targets(at) };
  const domain = domainOf(at);
  if (requiredAt(zones, Name.parse(domain)).includes(at)) return { from: undefined, targets: [] };
  const whole = `@${domain}`;
  if (whole !== source && !mail.alias(whole)) return { from: undefined, targets: [] };
  const targets = mail.targets(whole).map((to) => (to.startsWith('@') ? `${localOf(at)}${to}` : to));
  return { from: whole, targets };
}

/** @throws AppError in-use when something leads to the address, which is to be no more */
export function nothingLeadsTo(mail: MailReads, address: string, what: string): void {
  const sources = mail.sourcesTo(address, 4);
  if (sources.length === 0) return;
  const named = sources.slice(0, 3).join(', ');
  throw new AppError(
    'in-use',
    `${sources.length > 3 ? `${named} and others lead` : `${named} ${sources.length === 1 ? 'leads' : 'lead'}`} to ${address}: change ${sources.length === 1 ? 'it' : 'them'} before ${what}.`,
  );
}
