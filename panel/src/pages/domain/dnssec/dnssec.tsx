import { Badge, Box, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import * as queries from '../../../api/queries.ts';
import { CopyValue } from '../../../parts/copy.tsx';
import { Section } from '../../../parts/page.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { WaitingRows } from '../../../parts/rows.tsx';
import { State } from '../../../parts/state.tsx';
import { TextLink } from '../../../parts/text-link.tsx';
import { Time } from '../../../parts/time.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useTexts } from '../../../texts/use-texts.ts';
import { Digest } from './digest.tsx';
import { Schedule } from './schedule.tsx';

/** The keys that sign the zone, and whether the world can check them. */
export function Dnssec() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  const zone = domain?.zone ?? name;
  const keys = useQuery(queries.keys(zone));
  const details = useQuery(queries.zone(zone));
  const registrar = useQuery(queries.registrar(name));
  const now = useNow();
  return (
    <Stack>
      <Chain domain={name} />
      {keys.data && details.data && (
        <Schedule
          domain={name}
          keys={keys.data.items}
          signatures={details.data.signatures}
          parent={registrar.data?.parent}
          now={now}
        />
      )}
      <Section title={t.dnssec.keys} lead={t.dnssec.keysLead}>
        {keys.error && <Problem error={keys.error} retry={() => void keys.refetch()} />}
        {keys.isPending && <WaitingRows count={2} />}
        <Box className="rows">
          {keys.data?.items.map((key) => (
            <Key key={`${key.keyTag} ${key.createdAt}`} zoneKey={key} />
          ))}
        </Box>
        {details.data && (
          <Text size="sm" c="dimmed" mt="sm">
            {t.dnssec.denial[details.data.denial]}
          </Text>
        )}
      </Section>
      {details.data && <Digest zone={details.data} />}
    </Stack>
  );
}

/** From the root to an answer: which links of the chain hold. */
function Chain({ domain }: { domain: string }) {
  const { t } = useTexts();
  const { data } = useQuery(queries.registrar(domain));
  if (!data) return <WaitingRows count={2} />;
  const { state } = data.parent;
  const tone = state === 'secure' ? 'good' : state === 'bogus' ? 'bad' : 'wait';
  return (
    <Section title={t.dnssec.chain} lead={t.dnssec.chainLead}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
        <ChainLink title={t.dnssec.signed} lead={t.dnssec.signedLead} tone="good" />
        <ChainLink
          title={t.dnssec.ds}
          lead={
            <TextLink to="/domains/$domain/registrar" params={{ domain }} inherit>
              {t.dnssec.seeRegistrar}
            </TextLink>
          }
          tone={tone}
        />
        <ChainLink
          title={t.dnssec.validated}
          lead={t.dnssec.validatedLead[tone]}
          tone={tone === 'wait' ? 'none' : tone}
        />
      </SimpleGrid>
    </Section>
  );
}

function ChainLink({
  title,
  lead,
  tone,
}: {
  title: string;
  lead: React.ReactNode;
  tone: 'good' | 'wait' | 'bad' | 'none';
}) {
  return (
    <Box component="li" className="code" p="sm">
      <State tone={tone}>{title}</State>
      <Text size="sm" c="dimmed" mt={2}>
        {lead}
      </Text>
    </Box>
  );
}

function Key({ zoneKey: { keyTag, algorithm, role, state, createdAt, ds } }: { zoneKey: queries.ZoneKey }) {
  const { t } = useTexts();
  const states: Record<string, string> = t.dnssec.states;
  return (
    <Box py="sm">
      <Group gap="sm" mb={4}>
        <KeyRound size={18} aria-hidden />
        <Text fw={600}>{t.dnssec.key(keyTag)}</Text>
        <Badge tt="none">{states[state] ?? state}</Badge>
        <Text size="sm" c="dimmed">
          {[role, t.registrar.algorithms(algorithm) ?? algorithm].join(' · ')} · {t.dnssec.made}{' '}
          <Time value={createdAt} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {t.dnssec.roles[role]}
      </Text>
      {ds.map(({ digestType, digest }) => (
        <CopyValue
          key={digest}
          value={`${keyTag} ${algorithm} ${digestType} ${digest}`}
          what={t.dnssec.dsOf(keyTag)}
        />
      ))}
    </Box>
  );
}
