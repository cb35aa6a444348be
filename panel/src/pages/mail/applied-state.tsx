import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { Said } from '../../parts/said.tsx';
import { State } from '../../parts/state.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { Time } from '../../parts/time.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Milliseconds: servers that were as they should be tell no event of it. */
const LOOK_AGAIN = 2000;

/** Whether the servers have what is kept: said only once the agent has put it in place. */
export function AppliedState() {
  const { data } = useQuery({
    ...queries.mailStatus,
    refetchInterval: ({ state }) => (state.data?.waiting ? LOOK_AGAIN : false),
  });
  return (
    <div aria-live="polite">
      <Stack gap={4}>{data && <Standing status={data} />}</Stack>
    </div>
  );
}

function Standing({ status }: { status: queries.MailStatus }) {
  const { t } = useTexts();
  const { agentProblem, accepted, waiting, lastApplied } = status;
  if (agentProblem !== null) {
    return (
      <>
        <State tone="none">{t.mailSettings.noAgent}</State>
        <Text size="sm">
          <Said>{agentProblem}</Said>
        </Text>
      </>
    );
  }
  if (!accepted) {
    return (
      <>
        <State tone="none">{t.mailSettings.notAccepted}</State>
        <TextLink to="/mail-servers" size="sm">
          {t.mailSettings.toPlan}
        </TextLink>
      </>
    );
  }
  const problems = problemsOf(lastApplied);
  if (problems.length > 0) {
    return (
      <>
        <State tone="bad">{t.mailSettings.failed}</State>
        {problems.map((problem) => (
          <Text key={problem} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <Said>{problem}</Said>
          </Text>
        ))}
        <TextLink to="/mail-servers" size="sm">
          {t.mailSettings.toPlan}
        </TextLink>
      </>
    );
  }
  if (waiting) return <State tone="wait">{t.mailSettings.waiting}</State>;
  return (
    <State tone="good">
      {t.mailSettings.applied} {lastApplied && <Time value={lastApplied.at} />}
    </State>
  );
}

function problemsOf(last: queries.MailStatus['lastApplied']): string[] {
  if (last === null) return [];
  const failed = last.servers.filter(({ outcome }) => outcome === 'refused' || outcome === 'rolled-back');
  return [
    ...(last.problem === null ? [] : [last.problem]),
    ...failed.map(({ name, detail }) => `${name}: ${detail ?? ''}`),
  ];
}
