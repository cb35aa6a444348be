import {
  ActionIcon,
  Box,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { TakesPart } from './takes-part.tsx';

const kinds = ['redirect', 'permanent-redirect', 'proxy'] as const;
type Rule = queries.WebSite['rules'][number];
const fresh: Rule = { path: '/', kind: 'redirect', to: '' };
const MOST = 50;

/** The web site of a domain: whether there is one, and what it is besides its files. */
export function DomainWeb() {
  const { t } = useTexts();
  const { domain: name } = useParams({ from: '/inside/domains/$domain' });
  const { data: domain } = useQuery(queries.domain(name));
  const { data, error, refetch } = useQuery({ ...queries.webSite(name), enabled: domain?.web === true });
  if (!domain) return null;
  return (
    <Stack>
      <TakesPart domain={domain} part="web" />
      {domain.web && (
        <Section title={t.webSite.title} lead={t.webSite.lead(name)}>
          {error && <Problem error={error} retry={() => void refetch()} />}
          {!data && !error && <WaitingRows count={2} />}
          {data && <Form domain={name} site={data} />}
        </Section>
      )}
    </Stack>
  );
}

function Form({ domain, site }: { domain: string; site: queries.WebSite }) {
  const { t } = useTexts();
  const mayChange = useMay('admin');
  const [changed, setChanged] = useState<queries.WebSite>();
  const { rules, hsts } = changed ?? site;
  const put = (some: Partial<queries.WebSite>): void => setChanged({ ...(changed ?? site), ...some });
  const save = useAction(async () => {
    const json = { rules, hsts };
    const saved = await answerOf(api.domains[':domain'].web.$put({ param: { domain }, json }));
    client.setQueryData(queries.webSite(domain).queryKey, saved);
    setChanged(undefined);
    notifications.show({ message: t.common.saved });
  });
  const replace = (index: number, rule: Rule): void =>
    put({ rules: rules.map((one, place) => (place === index ? rule : one)) });
  return (
    <form onSubmit={save.submit}>
      <fieldset disabled={!mayChange} className="bare">
        <Stack>
          {rules.length === 0 && (
            <Text size="sm" c="dimmed">
              {t.webSite.none}
            </Text>
          )}
          <Box className="rows">
            {rules.map((rule, index) => (
              <RuleFields
                key={index}
                rule={rule}
                put={(next) => replace(index, next)}
                remove={() => put({ rules: rules.filter((_, place) => place !== index) })}
                fieldError={(field) => save.fieldError(`rules[${index}].${field}`)}
              />
            ))}
          </Box>
          {mayChange && rules.length < MOST && (
            <Group>
              <Button
                size="xs"
                variant="light"
                leftSection={<Plus size={14} aria-hidden />}
                onClick={() => put({ rules: [...rules, fresh] })}
              >
                {t.webSite.add}
              </Button>
            </Group>
          )}
          <Hsts hsts={hsts} put={(next) => put({ hsts: next })} error={save.fieldError('hsts.seconds')} />
          {save.error !== undefined && <Problem error={save.error} />}
          {mayChange && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.busy} disabled={!changed}>
                {t.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

interface RuleFieldsProps {
  rule: Rule;
  put: (rule: Rule) => void;
  remove: () => void;
  fieldError: (field: string) => string | undefined;
}

function RuleFields({ rule, put, remove, fieldError }: RuleFieldsProps) {
  const { t } = useTexts();
  return (
    <Group py="xs" gap="sm" align="flex-start">
      <TextInput
        label={t.webSite.path}
        value={rule.path}
        onChange={(event) => put({ ...rule, path: event.currentTarget.value })}
        spellCheck={false}
        error={fieldError('path')}
        style={{ flex: '1 1 120px' }}
      />
      <Select
        label={t.webSite.kind}
        data={kinds.map((value) => ({ value, label: t.webSite.kinds[value] }))}
        value={rule.kind}
        onChange={(kind) => kind !== null && put({ ...rule, kind })}
        allowDeselect={false}
        style={{ flex: '1 1 170px' }}
      />
      <TextInput
        label={t.webSite.to}
        placeholder={rule.kind === 'proxy' ? 'http://127.0.0.1:3000' : 'https://example.net'}
        value={rule.to}
        onChange={(event) => put({ ...rule, to: event.currentTarget.value })}
        spellCheck={false}
        required
        withAsterisk={false}
        error={fieldError('to')}
        style={{ flex: '2 1 220px' }}
      />
      <ActionIcon
        variant="subtle"
        color="red"
        mt={28}
        aria-label={t.webSite.removeOf(rule.path)}
        onClick={remove}
      >
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

const DAY = 86_400;
const HALF_A_YEAR = 180 * DAY;

function Hsts({
  hsts,
  put,
  error,
}: {
  hsts: queries.WebSite['hsts'];
  put: (hsts: queries.WebSite['hsts']) => void;
  error: string | undefined;
}) {
  const { t } = useTexts();
  return (
    <Stack gap="xs">
      <Switch
        label={t.webSite.hsts}
        description={t.webSite.hstsHelp}
        checked={hsts !== null}
        onChange={(event) =>
          put(event.currentTarget.checked ? { seconds: HALF_A_YEAR, subdomains: false } : null)
        }
      />
      {hsts && (
        <Group align="flex-end" gap="md">
          <NumberInput
            label={t.webSite.hstsDays}
            value={hsts.seconds / DAY}
            onChange={(days) => days !== '' && put({ ...hsts, seconds: Math.round(Number(days) * DAY) })}
            min={0}
            max={730}
            hideControls
            error={error}
            w={200}
          />
          <Switch
            label={t.webSite.hstsSubdomains}
            checked={hsts.subdomains}
            onChange={(event) => put({ ...hsts, subdomains: event.currentTarget.checked })}
          />
        </Group>
      )}
    </Stack>
  );
}
