import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { foundIn, textsOf } from '../../parts/check-texts.ts';
import type { Tone } from '../../parts/state.tsx';
import type { Texts } from '../../texts/en.ts';
import { useTexts } from '../../texts/use-texts.ts';

export interface Step {
  key: keyof Texts['checklist']['steps'];
  tone: Tone;
  /** What is wrong just now, in the words of the box. */
  detail?: string | undefined;
  /** Where it is done. */
  at?: Place | undefined;
}

export type Place =
  | { page: '/domains/new' | '/mailboxes' | '/certificates' | '/mail-servers' | '/checks' | '/mail-history' }
  | { page: 'registrar'; domain: string };

/** How far a new box is; undefined while that is being asked. */
export function useSteps(): Step[] | undefined {
  const { t } = useTexts();
  const { data: first } = useQuery(queries.firstDomain);
  const registrar = useQuery({ ...queries.registrar(first?.name ?? ''), enabled: Boolean(first) });
  const certificates = useQuery(queries.firstCertificates);
  const hasMailbox = useQuery(queries.anyMailbox).data;
  const servers = useQuery(queries.mailStatus);
  const checks = useQuery(queries.checks).data?.items;
  const ofCheck = (key: Step['key'], id: string): Step =>
    stepOf(
      key,
      checks?.find((check) => check.id === id),
      t,
    );
  if (first === undefined) return undefined;
  return [
    { key: 'name', tone: 'good' },
    { key: 'domain', tone: first ? 'good' : 'wait', at: { page: '/domains/new' } },
    ...ofRegistrar(first?.name, registrar.data, t),
    ofCertificate(certificates.data?.items, t),
    ofCheck('ptr', 'reverse-name'),
    ofServers(servers.data, t),
    ofCheck('port25Out', 'port-25-out'),
    ofCheck('port25In', 'port-25-in'),
    {
      key: 'mailbox',
      tone: !first ? 'none' : hasMailbox ? 'good' : 'wait',
      at: first ? { page: '/mailboxes' } : undefined,
    },
    ofCheck('received', 'first-received'),
    ofCheck('sent', 'first-sent'),
  ];
}

function ofRegistrar(domain: string | undefined, registrar: queries.Registrar | undefined, t: Texts): Step[] {
  if (domain === undefined) {
    return [
      { key: 'delegation', tone: 'none' },
      { key: 'ds', tone: 'none' },
    ];
  }
  const { state, message } = registrar?.parent ?? { state: 'unknown', message: undefined };
  const detail = said(message, t);
  const at = { page: 'registrar', domain } as const;
  const delegated = state === 'insecure' || state === 'secure' || state === 'bogus';
  const ds = { secure: 'good', bogus: 'bad', insecure: 'wait' } as const;
  return [
    { key: 'delegation', tone: delegated ? 'good' : 'wait', detail, at },
    {
      key: 'ds',
      tone: state in ds ? ds[state as keyof typeof ds] : 'none',
      ...(delegated && { detail, at }),
    },
  ];
}

/** That of the box itself: mail programs and browsers look at it. */
function ofCertificate(certificates: readonly queries.Certificate[] | undefined, t: Texts): Step {
  const own = certificates?.find(({ purpose }) => purpose === 'box');
  const isGood = own?.state === 'valid' || own?.state === 'renewing';
  return {
    key: 'certificate',
    tone: isGood ? 'good' : own?.state === 'failed' ? 'bad' : 'wait',
    detail: said(own?.problem, t),
    at: { page: '/certificates' },
  };
}

function ofServers(status: queries.MailStatus | undefined, t: Texts): Step {
  const isReady =
    status?.accepted === true && status.servers.every(({ managed, running }) => !managed || running);
  return {
    key: 'servers',
    tone: isReady ? 'good' : 'wait',
    detail: said(status?.agentProblem, t),
    at: { page: '/mail-servers' },
  };
}

const said = (sentence: string | null | undefined, t: Texts): string | undefined =>
  typeof sentence === 'string' ? t.said(sentence) : undefined;

const tones: Record<queries.Check['state'], Tone> = {
  good: 'good',
  attention: 'wait',
  bad: 'bad',
  unknown: 'none',
};

/** What the box looks at by itself; how it is mended is on the page of checks. */
function stepOf(key: Step['key'], check: queries.Check | undefined, t: Texts): Step {
  const words = check && [...check.findings.map((found) => foundIn(found, t)), textsOf(check, t).mend];
  return {
    key,
    tone: check ? tones[check.state] : 'none',
    detail: check?.state === 'good' ? undefined : words?.map(sentence).join(' '),
    at: { page: '/checks' },
  };
}

/** Some end with a command to copy, which has no stop. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
