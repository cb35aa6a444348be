import type { Box } from '../zones/model.ts';
import type { RegistrarView } from '../zones/registrar/view.ts';
import { type Check, finding, type Finding, good } from './check.ts';
import { incomingPort, outgoingPort } from './port-25.ts';
import { type Found, told } from './sentences.ts';

/** The mail servers of the machine, as far as it matters here. */
export interface MailServersSeen {
  servers: readonly { name: string; managed: boolean; running: boolean; problem?: string | undefined }[];
  agentProblem: string | undefined;
  accepted: boolean;
}

/** What HTTPS shows at the box's own name. */
export interface CertificateSeen {
  kind: 'self-signed' | 'acme' | 'own';
  /** RFC 3339. */
  notAfter: string;
}

/** Where the checks look. Whatever is not asked for over the network is in memory. */
export interface CheckSources {
  box: () => Box | undefined;
  /** Sentences on zones that are not served as they should be. */
  zones(): readonly string[];
  /** Whether each worker of the nameserver runs. */
  workers(): readonly boolean[];
  secondaries(): readonly Found[];
  /** Asks the parent of the zone with the box's own name. */
  parent(): Promise<RegistrarView['parent']>;
  /** The names of an address of the box (PTR); rejects when nobody answers. */
  reverse: (address: string) => Promise<readonly string[]>;
  mail: () => Promise<MailServersSeen>;
  /** The first line of the mail server at port 25 of a host; rejects with the system's code. */
  greeting: (host: string) => Promise<string>;
  /** The host that takes all mail for elsewhere, if one is set. */
  relay: () => string | undefined;
  /** Whether mail ever came and went; a sentence where that could not be looked for. */
  firstMail: () => Promise<{ received: boolean; sent: boolean; problem: string | undefined }>;
  mailDirectory(): readonly string[];
  dkim(): readonly Found[];
  certificate(): CertificateSeen;
  hooks(): readonly Found[];
  database(): readonly string[];
  copies(): readonly string[];
}

/** All checks of the box, in the order in which a new one is set up. */
export function boxChecks(sources: CheckSources, now: () => number): Check[] {
  return [
    {
      id: 'zones',
      group: 'nameserver',
      title: 'Every zone is served as it should be',
      why: 'A zone that cannot be published keeps its last version, and one that cannot be read is not found at all.',
      mend: 'Each sentence says what hinders it. signpost zone rebuild makes a zone anew from what is stored.',
      look: () => finding(sources.zones(), 'bad'),
    },
    {
      id: 'workers',
      group: 'nameserver',
      title: 'Every worker of the nameserver runs',
      why: 'Queries are spread over the workers; the share of one that is away is answered late.',
      mend: 'A worker is replaced by itself within seconds. If it is not, the log says why; restart the box.',
      look: () =>
        finding(
          sources
            .workers()
            .flatMap((runs, worker) => (runs ? [] : [told('worker-stopped', { worker: `${worker}` })])),
          'bad',
        ),
    },
    {
      id: 'secondaries',
      group: 'nameserver',
      title: 'Every secondary nameserver has the newest zones',
      why: 'Whoever asks a secondary that is behind is told what was so before.',
      mend: 'Look at the log of the secondary, and whether it reaches this box on port 53 (TCP and UDP).',
      look: () => finding(sources.secondaries(), 'attention'),
    },
    {
      id: 'delegation',
      group: 'name',
      title: 'The world finds the box by its name',
      why: 'All domains name this box as their nameserver and mail server: without its own name nobody finds any of them.',
      mend: 'Set nameservers, glue and the DS record at the registrar of the domain that the name is in.',
      look: async () => (sources.box() ? ofParent(await sources.parent()) : noName),
    },
    {
      id: 'reverse-name',
      group: 'name',
      title: 'Its addresses lead back to its name (PTR)',
      why: 'Many mail servers refuse mail from an address whose reverse name is not that of the sender.',
      mend: 'Set the reverse name of each address where the machine is rented: in most panels it is called reverse DNS, rDNS or PTR.',
      look: () => reverseNames(sources),
    },
    {
      id: 'mail-servers',
      group: 'mail',
      title: 'The mail servers run as they were configured',
      why: 'A server that does not run takes no mail, or lets nobody read it.',
      mend: 'See the plan and apply it (signpost mail plan, signpost mail apply); each sentence says what is amiss.',
      look: async () => mailServers(await sources.mail()),
    },
    {
      id: 'port-25-out',
      group: 'mail',
      title: 'Mail can leave by port 25',
      why: 'Mail servers hand mail to each other at port 25 alone; many providers block it for new machines.',
      mend: 'Ask the provider of the machine to open port 25 for outgoing connections. Until then mail can leave by a relay host: signpost mail settings set --relay HOST:587 --relay-user USER.',
      look: outgoingPort({ ...sources, now }),
    },
    {
      id: 'port-25-in',
      group: 'mail',
      title: 'Mail can come in by port 25',
      why: 'Others bring mail to port 25 of the addresses of the box, and keep what they cannot hand over for some days.',
      mend: 'Open port 25 in the firewall of the machine and in that of the provider, and see that the mail servers run: signpost mail status.',
      look: () => incoming(sources),
    },
    {
      id: 'first-received',
      group: 'mail',
      title: 'A first message arrived from elsewhere',
      why: 'It shows that the world finds the box, and that the box takes its mail.',
      mend: 'Write to one of your mailboxes from an address elsewhere. What does not arrive comes back to its sender with the reason.',
      look: () => firstMail(sources, 'received'),
    },
    {
      id: 'first-sent',
      group: 'mail',
      title: 'A first message was sent',
      why: 'It shows that a person can sign in to send, and that mail is signed on its way.',
      mend: 'Set up a mail program with one of your mailboxes, and write to an address elsewhere; signpost mail queue list says what waits.',
      look: () => firstMail(sources, 'sent'),
    },
    {
      id: 'mail-directory',
      group: 'mail',
      title: 'The mail servers know the mailboxes as they are',
      why: 'They read who there is from a directory that the box writes; if it cannot be written, new mailboxes get no mail.',
      mend: 'Make room on the disk of the data folder, and see that the user of the box may write there.',
      look: () => finding(sources.mailDirectory(), 'bad'),
    },
    {
      id: 'dkim',
      group: 'mail',
      title: 'DKIM keys are replaced in time',
      why: 'Keys that stay for years can be broken or leak unseen. Until they are replaced, the ones of before sign on.',
      mend: 'Each sentence says what it waits for; it is tried again by itself.',
      look: () => finding(sources.dkim(), 'attention'),
    },
    {
      id: 'certificate',
      group: 'certificates',
      title: 'The box has a certificate that everybody trusts',
      why: 'Mail programs and browsers warn of any other, and MTA-STS needs it.',
      mend: 'It comes by itself once the world finds the box by its name; signpost cert list says how far it is.',
      look: () => certificate(sources.certificate(), now()),
    },
    {
      id: 'hooks',
      group: 'certificates',
      title: 'Hooks succeed',
      why: 'A program that a hook tells of a new certificate goes on with the old one when the hook fails.',
      mend: 'Run the hook by hand, as the sentence says; it is tried again by itself.',
      look: () => finding(sources.hooks(), 'attention'),
    },
    {
      id: 'database',
      group: 'machine',
      title: 'The database is whole and can be written',
      why: 'Everything that the box knows is in it.',
      mend: 'Make room on the disk. If it is damaged, stop the box and start it once with --restore newest, which puts the last copy back.',
      look: () => finding(sources.database(), 'bad'),
    },
    {
      id: 'copies',
      group: 'machine',
      title: 'The database is copied every day',
      why: 'The copy is what is left when the database is damaged.',
      mend: 'Make room on the disk, and see that the user of the box may write to the folder of the copies.',
      look: () => finding(sources.copies(), 'attention'),
    },
  ];
}

const noName = finding([told('no-hostname')], 'bad');

const parentStates: Record<RegistrarView['parent']['state'], Finding['state']> = {
  unknown: 'unknown',
  'not-delegated': 'bad',
  'glue-wrong': 'bad',
  insecure: 'attention',
  secure: 'good',
  bogus: 'bad',
};

function ofParent({ state, message }: RegistrarView['parent']): Finding {
  return state === 'secure' ? good : finding([message], parentStates[state]);
}

async function reverseNames({ box, reverse }: CheckSources): Promise<Finding> {
  const settings = box();
  if (!settings) return noName;
  const hostname = settings.hostname.toText().replace(/\.$/, '').toLowerCase();
  let silent = 0;
  const found = await Promise.all(
    [...settings.ipv4, ...settings.ipv6].map(async (address): Promise<Found[]> => {
      try {
        const names = (await reverse(address)).map((name) => name.replace(/\.$/, '').toLowerCase());
        if (names.includes(hostname)) return [];
        if (names.length === 0) return [told('reverse-name-missing', { address, hostname })];
        return [told('reverse-name-other', { address, hostname, names: names.join(', ') })];
      } catch {
        silent++;
        return [told('reverse-name-unknown', { address })];
      }
    }),
  );
  const sentences = found.flat();
  return finding(sentences, sentences.length === silent ? 'unknown' : 'bad');
}

function mailServers({ agentProblem, accepted, servers }: MailServersSeen): Finding {
  // Who takes the box for a nameserver alone has none.
  if (!accepted) return finding([told('mail-not-configured')], 'attention');
  if (agentProblem !== undefined) return finding([agentProblem], 'bad');
  const found = servers
    .filter(({ managed }) => managed)
    .flatMap(({ name, running, problem }): Finding['found'] => {
      if (problem !== undefined) return [`${name}: ${problem}`];
      return running ? [] : [told('mail-server-stopped', { server: name })];
    });
  return finding(found, 'bad');
}

/** Where mail has come in, the port is open, whatever the box can see from behind a router. */
async function incoming({ box, greeting, firstMail: seen, mail }: CheckSources): Promise<Finding> {
  const settings = box();
  if (!settings) return noName;
  const { accepted } = await mail();
  if (!accepted) return mailServers({ accepted, servers: [], agentProblem: undefined });
  const found = await incomingPort([...settings.ipv4, ...settings.ipv6], greeting);
  return found.state === 'unknown' && (await seen()).received ? good : found;
}

async function firstMail({ firstMail: seen }: CheckSources, way: 'received' | 'sent'): Promise<Finding> {
  const { problem, ...found } = await seen();
  if (found[way]) return good;
  return problem === undefined ? finding([told(`none-${way}`)], 'attention') : finding([problem], 'unknown');
}

const DAY = 86_400_000;

function certificate({ kind, notAfter }: ReturnType<CheckSources['certificate']>, now: number): Finding {
  if (kind === 'self-signed') return finding([told('certificate-self-signed')], 'attention');
  const left = Date.parse(notAfter) - now;
  if (left < 0) return finding([told('certificate-expired')], 'bad');
  return left < DAY ? finding([told('certificate-expires')], 'bad') : good;
}
