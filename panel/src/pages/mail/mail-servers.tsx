import { Alert, Box, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Info, Play } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { CopyValue } from '../../parts/copy.tsx';
import { DiffLines } from '../../parts/diff-lines.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { State, type Tone } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ServerLog } from './server-log.tsx';

/** What would change in the mail servers, file by file, and the button that does it. */
export function MailServers() {
  const { t } = useTexts();
  const { data, error, isPending, refetch } = useQuery(queries.mailPlan);
  return (
    <Page title={t.mailServers.title} lead={t.mailServers.lead}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <WaitingRows />}
      {data && (
        <Stack>
          {data.agentProblem !== null && (
            <Alert color="orange" icon={<Info size={18} aria-hidden />} title={t.mailServers.noAgent}>
              {data.agentProblem}
            </Alert>
          )}
          {data.install !== null && (
            <Section title={t.mailServers.install} lead={t.mailServers.installLead}>
              <CopyValue value={data.install} what={t.mailServers.command} />
            </Section>
          )}
          {data.lastApplied && <LastApplied last={data.lastApplied} />}
          {data.servers.length > 0 && <Plan plan={data} />}
        </Stack>
      )}
    </Page>
  );
}

function LastApplied({
  last: { at, problem, servers },
}: {
  last: NonNullable<queries.MailPlan['lastApplied']>;
}) {
  const { t } = useTexts();
  const failed = servers.filter(({ outcome }) => outcome === 'refused' || outcome === 'rolled-back');
  return (
    <Section title={t.mailServers.last}>
      <State tone={problem === null && failed.length === 0 ? 'good' : 'bad'}>
        <Time value={at} />
      </State>
      {problem !== null && (
        <Text size="sm">
          <Said>{problem}</Said>
        </Text>
      )}
      {failed.map(({ name, outcome, detail }) => (
        <Text key={name} size="sm">
          {`${name}: ${t.mailServers.outcomes[outcome]}. `}
          {detail !== null && <Said>{detail}</Said>}
        </Text>
      ))}
    </Section>
  );
}

function Plan({ plan }: { plan: queries.MailPlan }) {
  const { t } = useTexts();
  const [replaceEdited, setReplaceEdited] = useState(false);
  const files = plan.servers.flatMap((server) => server.files);
  const none = plan.agentProblem === null ? t.mailServers.nothing : t.mailServers.notKnown;
  const lead = files.length === 0 ? none : t.mailServers.planLead;
  const apply = useAction(async () => {
    await answerOf(api.mail.apply.$post({ json: { replaceEdited } }));
    await client.invalidateQueries({ queryKey: ['mail'] });
  });
  return (
    <Section
      title={t.mailServers.plan}
      lead={lead}
      actions={
        <Button
          leftSection={<Play size={16} aria-hidden />}
          loading={apply.busy}
          onClick={apply.run}
          disabled={files.length === 0}
        >
          {t.mailServers.apply}
        </Button>
      }
    >
      {apply.error !== undefined && <Problem error={apply.error} />}
      {files.some(({ edited }) => edited) && (
        <Checkbox
          mb="sm"
          label={t.mailServers.replaceEdited}
          checked={replaceEdited}
          onChange={(event) => setReplaceEdited(event.currentTarget.checked)}
        />
      )}
      <Box className="rows">
        {plan.servers.map((server) => (
          <Server key={server.name} server={server} />
        ))}
      </Box>
    </Section>
  );
}

function Server({
  server: { name, version, managed, running, problem, files },
}: {
  server: queries.MailPlan['servers'][number];
}) {
  const { t } = useTexts();
  const [tone, word]: [Tone, string] =
    version === null
      ? ['none', t.mailServers.missing]
      : running
        ? ['good', t.mailServers.running]
        : [managed ? 'bad' : 'none', t.mailServers.stopped];
  return (
    <Box py="sm">
      <Group justify="space-between" gap="sm">
        <Text fw={600}>
          {name}{' '}
          <Text span size="sm" c="dimmed" fw={400}>
            {version}
          </Text>
        </Text>
        <State tone={tone}>{word}</State>
      </Group>
      {problem !== null && (
        <Text size="sm">
          <Said>{problem}</Said>
        </Text>
      )}
      {files.length > 0 && managed && running && (
        <Text size="sm" c="dimmed">
          {t.mailServers.reloads}
        </Text>
      )}
      {files.map(({ path, change, edited, diff }) => (
        <Box key={path} component="details" mt={6}>
          <summary className="mono">
            {`${path} · ${t.mailServers.changes[change]}${edited ? ` · ${t.mailServers.edited}` : ''}`}
          </summary>
          {diff === null ? (
            <Text size="sm" c="dimmed">
              {t.mailServers.secret}
            </Text>
          ) : (
            <DiffLines lines={diff.split('\n')} label={path} />
          )}
        </Box>
      ))}
      {version !== null && <ServerLog server={name} />}
    </Box>
  );
}
