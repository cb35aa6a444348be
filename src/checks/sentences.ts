/** Who, since when it is so, and when it is looked at again. */
type SecondaryValues = Record<'secondary' | 'since' | 'again', string>;
type HookValues = Record<'hook' | 'name' | 'reason' | 'again', string>;

/** What checks find themselves, by code: whoever has other words for it puts the values into those. */
export const sentences = {
  'no-hostname': () => 'The box has no hostname yet: set it in the settings.',
  'worker-stopped': ({ worker }: { worker: string }) => `Worker ${worker} does not run.`,
  'reverse-name-missing': ({ address, hostname }: { address: string; hostname: string }) =>
    `${address} has no reverse name; it should be ${hostname}.`,
  'reverse-name-other': ({
    address,
    hostname,
    names,
  }: {
    address: string;
    hostname: string;
    names: string;
  }) => `${address} leads back to ${names}; it should be ${hostname}.`,
  'reverse-name-unknown': ({ address }: { address: string }) =>
    `The reverse name of ${address} could not be asked for.`,
  'mail-not-configured': () => 'The mail servers were not configured from here yet.',
  'mail-server-stopped': ({ server }: { server: string }) => `${server} does not run.`,
  'port-25-no-network': () =>
    'No mail server elsewhere was found: the machine has no resolver, or no network.',
  'port-25-blocked': ({ hosts }: { hosts: string }) => `None of ${hosts} answers at port 25.`,
  'port-25-no-mail': ({ address, line }: { address: string; line: string }) =>
    `What answers at ${address}, port 25, does not take mail: ${line}`,
  'port-25-closed': ({ address }: { address: string }) => `Nothing answers at ${address}, port 25.`,
  'port-25-unreachable': ({ address }: { address: string }) =>
    `The box cannot reach ${address} itself, which may be so behind a router.`,
  'none-received': () => 'No message from elsewhere arrived yet.',
  'none-sent': () => 'Nobody sent a message yet.',
  'certificate-self-signed': () => 'It is self-signed: browsers and mail programs warn of it.',
  'certificate-expired': () => 'It has expired.',
  'certificate-expires': () => 'It expires within a day.',
  'secondary-silent': ({ secondary, since, again }: SecondaryValues) =>
    `The secondary ${secondary} does not answer since ${since}; certificates are ordered without it. It is asked again at ${again}.`,
  'secondary-unresolved': ({ secondary, since, again }: SecondaryValues) =>
    `The secondary ${secondary} has no address since ${since}; certificates are ordered without it. It is asked again at ${again}.`,
  'secondary-behind': ({ secondary, since, again }: SecondaryValues) =>
    `The secondary ${secondary} does not have the newest version of its zones since ${since}, and certificates for these wait for it, for six hours at most: see to it that it gets the zones of the box, or take it from the box settings. It is asked again at ${again}.`,
  'hook-refused': ({ reason }: { reason: string }) => `A hook is not run: ${reason}.`,
  'hook-failed': ({ hook, name, reason, again }: HookValues) =>
    `The hook ${hook} failed for the certificate of ${name} (${reason}); it is tried again at ${again}, and the log has what it printed.`,
  'hooks-failed': ({ count }: { count: string }) =>
    `Hooks failed for ${count} more certificates; the log names them.`,
  'dkim-waits': ({ domain, reason }: { domain: string; reason: string }) =>
    `The DKIM keys of ${domain} cannot be replaced, and those of before go on: ${reason}`,
  'dkim-waits-more': ({ count }: { count: string }) =>
    `The same goes for the DKIM keys of ${count} other domains.`,
  late: () => 'It could not be told in time. Look again.',
  failed: () => 'It could not be looked at: the log says why.',
};

/** What a finding is about. */
export type FoundCode = keyof typeof sentences;
/** What stands in a sentence, by name. */
export type Values = Readonly<Record<string, string>>;

/** All of them, in the order of the table. */
export const foundCodes = Object.keys(sentences) as readonly FoundCode[];

/** Something that was found: its sentence, and where checks made that themselves its code with the values in it. */
export interface Found {
  code: FoundCode | null;
  values: Values;
  sentence: string;
}

/** What a check found by itself: the sentence of a code with the values in it. */
export function told<C extends FoundCode>(code: C, ...values: Parameters<(typeof sentences)[C]>): Found {
  const [named = {}]: readonly Values[] = values;
  return { code, values: named, sentence: (sentences[code] as (values: Values) => string)(named) };
}

/** A sentence of another part of the box, which has no code. */
export const said = (sentence: string): Found => ({ code: null, values: {}, sentence });
