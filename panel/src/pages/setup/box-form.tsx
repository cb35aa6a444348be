import { Anchor, Button, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Answer, answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useTexts } from '../../texts/use-texts.ts';

type Box = Answer<Awaited<ReturnType<typeof api.box.$get>>>;

const EXAMPLE = 'box.example.com';

/** What separates addresses that somebody pastes. */
const separators = [',', ' ', ';'];

/** The name and the addresses of the box; what was found on the machine is offered. */
export function BoxForm({ box, email, done }: { box: Box; email: string; done: () => void }) {
  const { t } = useTexts();
  const client = useQueryClient();
  const [hostname, setHostname] = useState(box.hostname ?? '');
  const [ipv4, setIpv4] = useState(box.ipv4.length > 0 ? box.ipv4 : box.detected.ipv4);
  const [ipv6, setIpv6] = useState(box.ipv6.length > 0 ? box.ipv6 : box.detected.ipv6);
  const found = box.detected.ipv4.length + box.detected.ipv6.length > 0;

  const action = useAction(async () => {
    const adminEmail = box.adminEmail ?? (email.includes('@') ? email : null);
    const saved = await answerOf(api.box.$put({ json: { ...box, hostname, ipv4, ipv6, adminEmail } }));
    client.setQueryData(queries.box.queryKey, saved);
    await client.invalidateQueries();
    done();
  });
  return (
    <form onSubmit={action.submit}>
      <Stack>
        <TextInput
          label={t.setup.hostname}
          description={t.setup.hostnameHelp}
          placeholder={EXAMPLE}
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          autoFocus
          value={hostname}
          onChange={(event) => setHostname(event.currentTarget.value)}
          error={action.fieldError('hostname')}
        />
        <TagsInput
          label={t.setup.ipv4}
          description={found ? t.setup.addressesFound : t.setup.addressesNotFound}
          value={ipv4}
          onChange={setIpv4}
          splitChars={separators}
          acceptValueOnBlur
        />
        <TagsInput
          label={t.setup.ipv6}
          description={t.setup.ipv6Help}
          value={ipv6}
          onChange={setIpv6}
          splitChars={separators}
          acceptValueOnBlur
        />
        <Text size="xs" c="dimmed">
          {t.setup.acmeTerms}{' '}
          <Anchor href="https://letsencrypt.org/repository/" target="_blank" rel="noreferrer" inherit>
            {t.setup.acmeTermsLink}
          </Anchor>
        </Text>
        {action.error !== undefined && <Problem error={action.error} />}
        <Button type="submit" loading={action.busy}>
          {t.setup.saveBox}
        </Button>
      </Stack>
    </form>
  );
}
