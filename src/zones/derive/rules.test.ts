import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { box, domain, n, zoneInput } from '../../../test/zones/input.ts';
import { printRecord } from '../../dns/zonefile/print.ts';
import type { SourcedRecord, ZoneInput } from '../model.ts';
import { noMail, noMailDmarc } from './no-mail.ts';
import type { DomainRule, RuleInput, ZoneRule } from './rule.ts';
import { domainRules, sourced, subjects, zoneRules } from './rules.ts';

const goldens = fileURLToPath(new URL('../../../test/goldens/derive/', import.meta.url));

/** Inputs that together take every branch of the rules. */
const variants: readonly [title: string, input: ZoneInput][] = [
  ['example.com, the zone of box.example.com, with everything', zoneInput()],
  ['the same with nothing yet: no key, no certificate, no account', bare()],
  ['example.net: another zone of the box, NSEC3, secondaries, web only', other()],
  ['box.example.com alone: the box, and no domain', alone()],
  ['old.example.org: a hostname of before, and no domain', former()],
];

function bare(): ZoneInput {
  const nothing = { dkimKeys: [], tlsaKeys: [], sshFingerprints: [], dnskeys: [], cds: [], cdnskey: [] };
  return zoneInput({
    ...nothing,
    box: { ...box, ipv4: ['192.0.2.1'], ipv6: [], adminEmail: undefined },
    acmeAccountUri: undefined,
    mtaStsPolicies: new Map(),
    acmeChallenges: [],
    davDomains: new Set(),
    bimiLogos: new Map(),
    reportingDomains: [],
    signalledZones: [],
  });
}

function other(): ZoneInput {
  return zoneInput({
    box: { ...box, secondaries: [n('ns.example.org')], caaIssuer: undefined },
    zone: { name: n('example.net'), ttl: 600, denial: 'nsec3', serial: undefined },
    domains: [domain('example.net', { mail: false }), domain('sub.example.net', { web: false, ttl: 60 })],
    holdsHostname: false,
    reportingDomains: [],
    signalledZones: [],
  });
}

function alone(): ZoneInput {
  return zoneInput({
    zone: { name: n('box.example.com'), ttl: undefined, denial: 'nsec', serial: undefined },
    domains: [],
  });
}

function former(): ZoneInput {
  const formerHostnames = [{ hostname: n('old.example.org'), since: 0, leftAt: undefined, longestTtl: 3600 }];
  return zoneInput({
    box: { ...box, formerHostnames },
    zone: { name: n('old.example.org'), ttl: undefined, denial: 'nsec', serial: undefined },
    domains: [],
    holdsHostname: false,
    reportingDomains: [],
    signalledZones: [],
    tlsaKeys: [],
  });
}

function rulesOf(input: ZoneInput): RuleInput {
  return { ...input, customAt: () => [] };
}

function render(
  rule: { why: string; level: string; rfc: string },
  derive: (input: ZoneInput) => SourcedRecord[],
) {
  const head = `; ${rule.why}\n; ${rule.level}, ${rule.rfc}\n`;
  const parts = variants.map(
    ([title, input]) =>
      `\n; --- ${title}\n${derive(input)
        .map((record) => `${printRecord(record)}\n`)
        .join('')}`,
  );
  return head + parts.join('');
}

function renderZone(rule: ZoneRule): string {
  return render(rule, (input) => sourced(input, rule, rule.derive(rulesOf(input))));
}

function renderDomain(rule: DomainRule): string {
  return render(rule, (input) =>
    subjects(input).flatMap((subject) =>
      sourced(input, rule, rule.derive(rulesOf(input), subject), subject.ttl),
    ),
  );
}

function expectGolden(id: string, text: string): void {
  const file = `${goldens}${id}.zone`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(goldens, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}

type Rendered = [id: string, rfc: string, text: () => string];

const rendered: readonly Rendered[] = [
  ...zoneRules.map((rule): Rendered => [rule.id, rule.rfc, () => renderZone(rule)]),
  ...domainRules.map((rule): Rendered => [rule.id, rule.rfc, () => renderDomain(rule)]),
  ['no-mail', noMail.rfc, renderNoMail],
];

function renderNoMail(): string {
  const names = ['www.example.com', '*.example.com', '_x.example.com'].map(n);
  const input = zoneInput();
  const records = names.flatMap((name) => [
    ...sourced(input, noMail, noMail.derive(name)),
    ...sourced(input, noMailDmarc, noMailDmarc.derive(name)),
  ]);
  return `; ${noMail.why}\n${records.map((record) => `${printRecord(record)}\n`).join('')}`;
}

describe('a rule gives what its golden says (UPDATE_GOLDEN=1 records it again)', () => {
  test.each(rendered)('%s (%s)', (id, _, text) => {
    expectGolden(id, text());
  });

  test('and there is no golden without a rule', () => {
    expect(readdirSync(goldens).sort()).toEqual(rendered.map(([id]) => `${id}.zone`).sort());
  });
});

test('a domain whose name leaves no room keeps the records that fit', () => {
  const long = `${'abcdefg.'.repeat(30)}example`;
  const input = zoneInput({
    zone: { name: n(long), ttl: undefined, denial: 'nsec', serial: undefined },
    domains: [domain(long)],
    mtaStsPolicies: new Map([[n(long).key, '1']]),
    holdsHostname: false,
  });
  const [subject] = subjects(input);
  const owners = domainRules
    .flatMap((rule) => rule.derive(rulesOf(input), subject!))
    .map(({ owner }) => owner);
  expect(owners.some((owner) => owner.equals(n(long)))).toBe(true);
  expect(owners.some((owner) => owner.toText().startsWith('_autodiscover'))).toBe(false);
});
