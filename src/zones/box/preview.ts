import { isPublic } from '../../dns/client/public-address.ts';
import type { Name } from '../../dns/wire/name.ts';
import { isBoxName, namesOf, nameservers, ns1, ns2 } from '../box-names.ts';
import type { Box } from '../model.ts';

/** What other settings would change outside of the box, and what a person has to do about it. Sentences are for people. */
export interface BoxPreview {
  /** Zones that are published again. */
  zones: number;
  /** Whether the NS records, the names or the addresses of the nameservers change: then parents must follow. */
  delegations: boolean;
  nameservers: Name[];
  /** Addresses of those of them that the box has itself. */
  glue: { name: Name; addresses: string[] }[];
  certificates: string[];
  /** In this order. */
  steps: string[];
  /** What is allowed and seldom meant. */
  remarks: string[];
}

export interface PreviewOptions {
  /** undefined: the box has no hostname yet. */
  before: Box | undefined;
  after: Box;
  /** Zones that are served. */
  zones: number;
  /** Whether zones are other ones with the new settings. */
  changesZones: boolean;
  /** Whether the hostname of now has a zone of its own, and is no domain: then it has a delegation of its own, too. */
  alone: boolean;
}

/** Looks at the settings alone: nothing is changed. */
export function previewOf({ before, after, zones, changesZones, alone }: PreviewOptions): BoxPreview {
  const glue = glueOf(after);
  const delegations = before !== undefined && delegationOf(before) !== delegationOf(after);
  const moves = before !== undefined && !before.hostname.equals(after.hostname);
  return {
    zones: changesZones ? zones : 0,
    delegations,
    nameservers: nameservers(after),
    glue,
    certificates: moves
      ? [
          `A certificate for ${after.hostname.toText()} is ordered; until it is there, HTTPS at that name shows one that the box signed itself. That of ${before.hostname.toText()} is kept and renewed while this name answers.`,
        ]
      : [],
    steps: delegations ? stepsOf({ before, after, moves, alone }) : [],
    remarks: remarksOf(after),
  };
}

function glueOf(box: Box): { name: Name; addresses: string[] }[] {
  const own = [ns1(box), ...(box.secondaries.length > 0 ? [] : [ns2(box)])];
  return own.map((name, i) => ({
    name,
    // ns1 gets the first address of each kind, ns2 the second where there is one.
    addresses: [box.ipv4, box.ipv6].flatMap((list) => list[i] ?? list[0] ?? []),
  }));
}

/** What a parent has of the box. */
function delegationOf(box: Box): string {
  const glue = glueOf(box).map(({ name, addresses }) => `${name.toText()} ${addresses.join(' ')}`);
  return [...nameservers(box).map((name) => name.toText()), ...glue].join('\n');
}

function stepsOf(options: { before: Box; after: Box; moves: boolean; alone: boolean }): string[] {
  const { before, after, moves, alone } = options;
  const registrar = `At the registrar of each domain set the nameservers ${list(nameservers(after))}, and the addresses of those that lie in it (glue).`;
  const check = 'Ask what each parent has: signpost registrar DOMAIN --refresh';
  if (!moves)
    return [
      'Keep the addresses of before answering, if there are such, until the parents have the new ones and two days (the usual TTL of a delegation) are over.',
      registrar,
      check,
    ];
  const old = before.hostname.toText();
  return [
    `See that ${after.hostname.toText()} and its nameservers are found: its own parent first.`,
    registrar,
    check,
    'Have the reverse names (PTR) of the addresses changed where the addresses come from: they should give the new hostname.',
    'Have programs that were told the old hostname told the new one.',
    ...(alone
      ? [
          `When no domain names it any more, remove the delegation of ${old} itself, or set the new nameservers there.`,
        ]
      : []),
    `${list(namesOf(before))} answer on by themselves until all parents were seen without them and caches have forgotten them: signpost box show says what is awaited. signpost box retire ${old} ends it at once.`,
  ];
}

function remarksOf(box: Box): string[] {
  const inner = [...box.ipv4, ...box.ipv6].filter((address) => !isPublic(address));
  const own = glueOf(box);
  const same = own.length > 1 && own[0]!.addresses.join() === own[1]!.addresses.join();
  return [
    ...(inner.length > 0
      ? [`${inner.join(', ')}: no address of the public internet; others cannot reach the box there.`]
      : []),
    ...(same
      ? [
          `${list(own.map(({ name }) => name))} have one address: when that cannot be reached, all domains are gone, and some registrars refuse it. A second address or a secondary nameserver (--secondary) helps.`,
        ]
      : []),
    ...box.secondaries
      .filter((name) => isBoxName(box, name))
      .map((name) => `${name.toText()} is the box itself, and no secondary nameserver.`),
  ];
}

function list(names: readonly Name[]): string {
  const texts = names.map((name) => name.toText());
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`;
}
