import {
  Alert,
  Box,
  Button,
  Group,
  List,
  NumberInput,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type Answer, answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { JobProgress } from '../../parts/job-progress.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

type BoxSettings = Answer<Awaited<ReturnType<typeof api.box.$get>>>;
type Preview = Answer<Awaited<ReturnType<typeof api.box.preview.$post>>>;

const separators = [',', ' ', ';'];

/** What the box is called and where it is; what a change of it means is said before it is made. */
export function Settings() {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.box);
  return (
    <Page title={t.settings.title} lead={t.settings.lead} width={760}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows />}
      {data && <Form box={data} />}
    </Page>
  );
}

function Form({ box }: { box: BoxSettings }) {
  const { t } = useTexts();
  const form = useSettings(box);
  const { values, put, look, save } = form;
  if (form.job !== undefined) {
    return (
      <Section title={t.settings.publishing} lead={t.settings.publishingLead}>
        <JobProgress id={form.job} close={form.forgetJob} />
      </Section>
    );
  }
  return (
    <Stack component="form" className="card" p="lg" onSubmit={look.submit}>
      <TextInput
        label={t.setup.hostname}
        value={values.hostname}
        onChange={(event) => put({ hostname: event.currentTarget.value })}
        autoCapitalize="none"
        spellCheck={false}
        error={look.fieldError('hostname')}
      />
      <TagsInput
        label={t.setup.ipv4}
        value={values.ipv4}
        onChange={(ipv4) => put({ ipv4 })}
        splitChars={separators}
        acceptValueOnBlur
      />
      <TagsInput
        label={t.setup.ipv6}
        value={values.ipv6}
        onChange={(ipv6) => put({ ipv6 })}
        splitChars={separators}
        acceptValueOnBlur
      />
      <TextInput
        label={t.settings.adminEmail}
        description={t.settings.adminEmailHelp}
        type="email"
        value={values.adminEmail}
        onChange={(event) => put({ adminEmail: event.currentTarget.value })}
        error={look.fieldError('adminEmail')}
      />
      <NumberInput
        label={t.settings.ttl}
        description={t.settings.ttlHelp}
        value={values.ttl}
        onChange={(ttl) => ttl !== '' && put({ ttl: Number(ttl) })}
        min={0}
        max={2_147_483_647}
        allowDecimal={false}
        error={look.fieldError('ttl')}
      />
      {look.error !== undefined && <Problem error={look.error} />}
      {form.preview && <Consequences preview={form.preview} />}
      {save.error !== undefined && <Problem error={save.error} />}
      <Group justify="flex-end">
        {form.preview ? (
          <Button loading={save.busy} onClick={save.run}>
            {t.settings.saveNow}
          </Button>
        ) : (
          <Button type="submit" loading={look.busy} disabled={form.isSame}>
            {t.common.save}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function valuesOf({ hostname, ipv4, ipv6, adminEmail, ttl }: BoxSettings) {
  return { hostname: hostname ?? '', ipv4, ipv6, adminEmail: adminEmail ?? '', ttl };
}

/** The values; a look at what they would change; and the change. */
function useSettings(box: BoxSettings) {
  const { t } = useTexts();
  const before = valuesOf(box);
  const [changed, setChanged] = useState<Partial<typeof before>>({});
  // What nobody changed here is as it is now, whoever changed it elsewhere.
  const values = { ...before, ...changed };
  const [preview, setPreview] = useState<Preview>();
  const [job, setJob] = useState<string>();
  const json = { ...box, ...values, adminEmail: values.adminEmail === '' ? null : values.adminEmail };
  const save = useAction(async () => {
    const saved = await answerOf(api.box.$put({ json }));
    setPreview(undefined);
    setChanged({});
    if (saved.job === null) notifications.show({ message: t.common.saved });
    else setJob(saved.job);
    await client.invalidateQueries();
  });
  const look = useAction(async () => {
    const found = await answerOf(api.box.preview.$post({ json }));
    if (found.zones > 0 || found.steps.length > 0 || found.remarks.length > 0) setPreview(found);
    else save.run();
  });
  return {
    ...{ values, preview, job, save, look },
    isSame: JSON.stringify(values) === JSON.stringify(before),
    put: (some: Partial<typeof before>): void => {
      setPreview(undefined);
      setChanged({ ...changed, ...some });
    },
    forgetJob: () => setJob(undefined),
  };
}

function Consequences({ preview: { zones, steps, remarks, certificates } }: { preview: Preview }) {
  const { t, format } = useTexts();
  return (
    <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} title={t.settings.means}>
      <Stack gap="xs">
        {zones > 0 && <Text size="sm">{t.settings.zones(format.number(zones))}</Text>}
        {[...certificates, ...remarks].map((sentence) => (
          <Text key={sentence} size="sm">
            <Said>{sentence}</Said>
          </Text>
        ))}
        {steps.length > 0 && (
          <Box>
            <Text size="sm" fw={600}>
              {t.settings.steps}
            </Text>
            <List type="ordered" size="sm">
              {steps.map((step) => (
                <List.Item key={step}>
                  <Said>{step}</Said>
                </List.Item>
              ))}
            </List>
          </Box>
        )}
      </Stack>
    </Alert>
  );
}
