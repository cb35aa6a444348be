import { Alert, Button, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { PartyPopper, RotateCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { CopyText, CopyValue } from '../../parts/copy.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { State, StateIcon, type Tone } from '../../parts/state.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { Time } from '../../parts/time.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { toneOf } from './parent-state.ts';
import { partsOf } from './registrar-parts.ts';

/** Milliseconds between two questions to the parent while somebody waits for it. */
const AGAIN = 20_000;

/** What to type at the registrar, and whether it has arrived. Asks again by itself until all of it has. */
export function RegistrarTab() {
  const { domain } = useParams({ from: '/inside/domains/$domain' });
  const { fresh } = useSearch({ from: '/inside/domains/$domain/registrar' });
  const { data, error, refetch } = useQuery(queries.registrar(domain));
  const asking = useQuery({
    queryKey: ['ask-parent', domain],
    queryFn: () => askParent(domain),
    enabled: data !== undefined && data.parent.state !== 'secure',
    refetchInterval: ({ state }) => (state.data === 'secure' ? false : AGAIN),
    staleTime: AGAIN,
  });
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <WaitingRows />;
  return (
    <Stack>
      {fresh && data.parent.state !== 'secure' && <Added domain={domain} />}
      {asking.error && <Problem error={asking.error} />}
      <ParentCard parent={data.parent} busy={asking.isFetching} ask={() => void asking.refetch()} />
      <Nameservers data={data} />
      {data.glue.length > 0 && <Glue data={data} domain={domain} />}
      {data.ds.length > 0 && <Ds data={data} />}
    </Stack>
  );
}

/** Has the box ask the parent's servers now; all that shows the domain learns of it. */
async function askParent(domain: string): Promise<queries.Registrar['parent']['state']> {
  const asked = await answerOf(
    api.domains[':domain'].registrar.$get({ param: { domain }, query: { refresh: 'true' } }),
  );
  client.setQueryData(queries.registrar(domain).queryKey, asked);
  return asked.parent.state;
}

function Added({ domain }: { domain: string }) {
  const { t } = useTexts();
  return (
    <Alert color="post" icon={<PartyPopper size={18} aria-hidden />} title={t.registrar.added(domain)}>
      <Text size="sm">
        {t.registrar.addedLead}{' '}
        <TextLink to="/domains/$domain" params={{ domain }} inherit>
          {t.registrar.seeRecords}
        </TextLink>
      </Text>
    </Alert>
  );
}

function ParentCard({
  parent: { state, message, checkedAt },
  busy,
  ask,
}: {
  parent: queries.Registrar['parent'];
  busy: boolean;
  ask: () => void;
}) {
  const { t } = useTexts();
  return (
    <section className="card" aria-label={t.registrar.status}>
      <Group p="md" gap="sm" wrap="nowrap" align="flex-start">
        <StateIcon tone={toneOf(state)} size={28} />
        <Stack gap={2} style={{ flex: 1, minWidth: 0 }} aria-live="polite">
          <Text fw={600} size="lg" component="h2">
            {t.parent.long[state]}
          </Text>
          <Text size="sm">
            <Said>{message}</Said>
          </Text>
          <Text size="xs" c="dimmed" mt={4}>
            {checkedAt !== null && (
              <>
                {t.registrar.asked} <Time value={checkedAt} />
                {'. '}
              </>
            )}
            {state !== 'secure' && t.registrar.asksAgain}
          </Text>
        </Stack>
        <Button
          variant="default"
          size="xs"
          loading={busy}
          leftSection={<RotateCw size={14} aria-hidden />}
          onClick={ask}
        >
          {t.registrar.askNow}
        </Button>
      </Group>
    </section>
  );
}

function Part({
  title,
  lead,
  tone,
  children,
  copy,
}: {
  title: string;
  lead: ReactNode;
  tone: Tone;
  children: ReactNode;
  copy?: ReactNode;
}) {
  const { t } = useTexts();
  return (
    <Section
      title={title}
      lead={lead}
      actions={
        <Group gap="sm">
          <State tone={tone}>{t.registrar.tones[tone]}</State>
          {copy}
        </Group>
      }
    >
      {children}
    </Section>
  );
}

function Nameservers({ data }: { data: queries.Registrar }) {
  const { t } = useTexts();
  const { nameservers } = partsOf(data);
  return (
    <Part
      title={t.registrar.nameservers}
      lead={t.registrar.nameserversLead}
      tone={nameservers}
      copy={<CopyText value={data.nameservers.join('\n')}>{t.common.copyAll}</CopyText>}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {data.nameservers.map((name, index) => (
          <Field key={name} label={t.registrar.nameserver(index + 1)} value={name} />
        ))}
      </SimpleGrid>
      {data.parent.nameservers.length > 0 && nameservers !== 'good' && (
        <Text size="sm" c="dimmed" mt="sm">
          {t.registrar.hasNow} <span className="mono">{data.parent.nameservers.join(', ')}</span>
        </Text>
      )}
    </Part>
  );
}

function Glue({ data, domain }: { data: queries.Registrar; domain: string }) {
  const { t } = useTexts();
  const isBelow = data.glue.every(({ name }) => name.endsWith(`.${domain}`));
  return (
    <Part
      title={t.registrar.glue}
      lead={isBelow ? t.registrar.glueLead : t.registrar.glueElsewhere}
      tone={partsOf(data).glue}
    >
      <Stack gap="xs">
        {data.glue.map(({ name, addresses }) => (
          <SimpleGrid key={name} cols={{ base: 1, sm: 2 }} spacing="xs">
            <Field label={t.registrar.host} value={name} />
            <Stack gap="xs">
              {addresses.map((address) => (
                <Field
                  key={address}
                  label={address.includes(':') ? t.registrar.ipv6 : t.registrar.ipv4}
                  value={address}
                />
              ))}
            </Stack>
          </SimpleGrid>
        ))}
      </Stack>
    </Part>
  );
}

function Ds({ data }: { data: queries.Registrar }) {
  const { t } = useTexts();
  const [form, setForm] = useState<'ds' | 'dnskey'>('ds');
  return (
    <Part title={t.registrar.ds} lead={t.registrar.dsLead} tone={partsOf(data).ds}>
      <SegmentedControl
        mb="sm"
        size="xs"
        aria-label={t.registrar.dsForm}
        value={form}
        onChange={(value) => setForm(value)}
        data={[
          { value: 'ds', label: t.registrar.asDs },
          { value: 'dnskey', label: t.registrar.asDnskey },
        ]}
      />
      <Stack gap="md">
        {form === 'ds'
          ? data.ds.map(({ keyTag, algorithm, digestType, digest }) => (
              <div key={digest}>
                <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
                  <Field label={t.registrar.keyTag} value={String(keyTag)} />
                  <Field
                    label={t.registrar.algorithm}
                    value={String(algorithm)}
                    help={t.registrar.algorithms(algorithm)}
                  />
                  <Field
                    label={t.registrar.digestType}
                    value={String(digestType)}
                    help={t.registrar.digestTypes(digestType)}
                  />
                </SimpleGrid>
                <Field label={t.registrar.digest} value={digest} />
              </div>
            ))
          : data.dnskey.map(({ flags, protocol, algorithm, publicKey }) => (
              <div key={publicKey}>
                <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
                  <Field label={t.registrar.flags} value={String(flags)} help={t.registrar.flagsHelp} />
                  <Field
                    label={t.registrar.protocol}
                    value={String(protocol)}
                    help={t.registrar.protocolHelp}
                  />
                  <Field
                    label={t.registrar.algorithm}
                    value={String(algorithm)}
                    help={t.registrar.algorithms(algorithm)}
                  />
                </SimpleGrid>
                <Field label={t.registrar.publicKey} value={publicKey} />
              </div>
            ))}
      </Stack>
    </Part>
  );
}

/** One field of a registrar's form, as it is called there. */
function Field({ label, value, help }: { label: string; value: string; help?: string | undefined }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2} mt={4}>
        {help === undefined ? label : `${label} · ${help}`}
      </Text>
      <CopyValue value={value} what={label} />
    </div>
  );
}
