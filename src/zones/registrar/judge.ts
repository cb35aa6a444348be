import type { ExpectedDelegation, Finding } from './delegation.ts';
import type { ParentState } from '../model.ts';
import { needsGlue } from './expected.ts';
import { dsNames, judgeDs } from './judge-ds.ts';
import { namesUs, serverProblems } from './judge-servers.ts';
import { list, sentence } from './phrases.ts';

export interface Judgement {
  state: ParentState;
  /** One sentence on what to do. */
  message: string;
}

/**
 * What the parent's data means for the zone. The worse comes first: a zone that nobody is led to, then one that validating
 * resolvers refuse, then one that is found by luck.
 */
export function judge(expected: ExpectedDelegation, finding: Finding | undefined): Judgement {
  if (!finding) return { state: 'unknown', message: 'The parent has not been asked yet; refresh to ask it.' };
  switch (finding.kind) {
    case 'failed':
      return {
        state: 'unknown',
        message: `The parent's servers could not be asked (${finding.detail}); try again in some minutes.`,
      };
    case 'not-delegated':
      return { state: 'not-delegated', message: notDelegated(expected, finding) };
    case 'delegated':
      return judgeDelegation(expected, finding);
  }
}

type Delegated = Extract<Finding, { kind: 'delegated' }>;

function judgeDelegation(expected: ExpectedDelegation, finding: Delegated): Judgement {
  const { nameservers, ds: found } = finding;
  if (!namesUs(expected, nameservers))
    return { state: 'not-delegated', message: delegatedElsewhere(expected, finding) };
  const servers = serverProblems(expected, nameservers);
  const ds = judgeDs(expected, found);
  if (ds.state === 'bogus') {
    const reason = 'resolvers refuse the zone, as no DS record at the parent matches its key';
    return { state: 'bogus', message: sentence([reason, ...ds.problems, ...servers]) };
  }
  if (servers.length > 0) return { state: 'glue-wrong', message: sentence([...servers, ...ds.problems]) };
  if (ds.problems.length > 0) return { state: ds.state, message: sentence(ds.problems) };
  return { state: ds.state, message: 'Nothing to do: delegation and DS are right.' };
}

function notDelegated(
  expected: ExpectedDelegation,
  { reason, parent }: Extract<Finding, { kind: 'not-delegated' }>,
): string {
  const zone = expected.zone.toText();
  const above = parent.isRoot ? 'the root zone' : parent.toText();
  switch (reason) {
    case 'nxdomain':
      return sentence([
        `there is no ${zone} in ${above}: register it if it is not yours, and ${setServers(expected)}`,
      ]);
    case 'nodata':
      return sentence([`there are no nameservers of ${zone} in ${above}: ${setServers(expected)}`]);
    case 'alias':
      return sentence([
        `the name ${zone} is an alias in ${above}: remove its CNAME or DNAME there, and ${setServers(expected)}`,
      ]);
  }
}

function delegatedElsewhere(expected: ExpectedDelegation, { nameservers, ds }: Delegated): string {
  const others = list(nameservers.map(({ name }) => name.toText()));
  // With the old DS and the new servers the zone would be bogus until the DS has left all caches.
  const first = ds.length > 0 ? `remove the DS record ${dsNames(ds)} first, and a day later ` : '';
  return sentence([`the nameservers are ${others}: ${first}${setServers(expected)} instead`]);
}

function setServers(expected: ExpectedDelegation): string {
  const { zone, nameservers, glue, hostDomain } = expected;
  const servers = nameservers.map((name) => {
    const addresses = glue.find((server) => server.name.equals(name))?.addresses ?? [];
    const shown = needsGlue(zone, name) && addresses.length > 0;
    return shown ? `${name.toText()} (${addresses.join(', ')})` : name.toText();
  });
  const apart = zone.isAtOrBelow(hostDomain) || nameservers.some((name) => needsGlue(zone, name));
  const host = apart ? '' : ` (their addresses are host records at the registrar of ${hostDomain.toText()})`;
  return `set the nameservers ${list(servers)}${host}`;
}
