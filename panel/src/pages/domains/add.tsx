import { Box, Button, Checkbox, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import * as queries from '../../api/queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { WhatIsMade } from './what-is-made.tsx';

const EXAMPLE = 'example.com';

/** Pixels: two columns, the form and what comes of it. */
const WIDTH = 960;

export function AddDomain() {
  const { t } = useTexts();
  const form = useAddDomain();
  return (
    <Page
      title={t.addDomain.title}
      lead={t.addDomain.lead}
      above={<BackLink to="/domains">{t.domains.title}</BackLink>}
      width={WIDTH}
    >
      <Group align="flex-start" gap="lg">
        <form onSubmit={form.action.submit} style={{ flex: '1 1 340px', minWidth: 0 }}>
          <Stack className="card" p="lg">
            <TextInput
              label={t.addDomain.name}
              description={t.addDomain.nameHelp}
              placeholder={EXAMPLE}
              size="md"
              autoFocus
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              required
              withAsterisk={false}
              value={form.name}
              onChange={(event) => form.setName(event.currentTarget.value)}
              error={form.nameError}
            />
            <Radio.Group label={t.addDomain.dns} value={form.dns} onChange={(value) => form.setDns(value)}>
              <Stack gap="xs" mt={6}>
                <Radio value="local" label={t.addDomain.local} description={t.addDomain.localHelp} />
                <Radio value="external" label={t.addDomain.external} description={t.addDomain.externalHelp} />
              </Stack>
            </Radio.Group>
            <Stack gap="xs" role="group" aria-label={t.addDomain.uses}>
              <Text size="sm" fw={500} aria-hidden>
                {t.addDomain.uses}
              </Text>
              <Checkbox
                label={t.addDomain.mail}
                description={t.addDomain.mailHelp}
                checked={form.mail}
                onChange={(event) => form.setMail(event.currentTarget.checked)}
              />
              <Checkbox
                label={t.addDomain.web}
                description={t.addDomain.webHelp}
                checked={form.web}
                onChange={(event) => form.setWeb(event.currentTarget.checked)}
              />
            </Stack>
            {form.action.error !== undefined && form.nameError === undefined && (
              <Problem error={form.action.error} />
            )}
            <Button type="submit" loading={form.action.busy} size="md">
              {t.addDomain.submit}
            </Button>
          </Stack>
        </form>
        <Box style={{ flex: '1 1 380px', minWidth: 0 }}>
          <WhatIsMade
            name={form.name.trim().toLowerCase()}
            mail={form.mail}
            web={form.web}
            external={form.dns === 'external'}
          />
        </Box>
      </Group>
    </Page>
  );
}

function useAddDomain() {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [dns, setDns] = useState<'local' | 'external'>('local');
  const [mail, setMail] = useState(true);
  const [web, setWeb] = useState(true);
  const navigate = useNavigate();
  const action = useAction(async () => {
    const added = await answerOf(api.domains.$post({ json: { name: name.trim(), dns, mail, web } }));
    client.setQueryData(queries.domain(added.name).queryKey, added);
    const params = { domain: added.name };
    if (dns === 'local')
      await navigate({ to: '/domains/$domain/registrar', params, search: { fresh: true } });
    else await navigate({ to: '/domains/$domain', params });
  });
  return {
    ...{ name, dns, setDns, mail, setMail, web, setWeb, action },
    nameError:
      action.fieldError('name') ??
      (isProblem(action.error, 'already-exists') ? t.said(action.error.message) : undefined),
    setName(value: string) {
      action.forget();
      setName(value);
    },
  };
}
