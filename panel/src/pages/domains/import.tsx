import { Button, Checkbox, FileButton, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { type Answer, answerOf, api } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ImportPreview } from './import-preview.tsx';
import { zoneNameIn } from './zone-name-in.ts';

const EXAMPLE = 'example.com';

/** Pixels: lines of zone files are long. */
const WIDTH = 860;

/** What the box would do with a zone file, or did. */
export type ImportResult = Answer<Awaited<ReturnType<typeof api.zones.import.$post>>>;

/** Takes a zone over from a zone file: what would come of it is shown first, and nothing happens before that. */
export function ImportZone() {
  const { t } = useTexts();
  const form = useImport();
  const { preview, look } = form;
  return (
    <Page
      title={t.importZone.title}
      lead={t.importZone.lead}
      above={<BackLink to="/domains">{t.domains.title}</BackLink>}
      width={WIDTH}
    >
      <form onSubmit={look.submit}>
        <Stack className="card" p="lg">
          <Textarea
            label={t.importZone.text}
            description={t.importZone.textHelp}
            value={form.text}
            onChange={(event) => form.setText(event.currentTarget.value)}
            autosize
            minRows={6}
            maxRows={14}
            spellCheck={false}
            required
            withAsterisk={false}
            classNames={{ input: 'mono' }}
          />
          <Group>
            <FileButton onChange={(file) => void file?.text().then(form.setText)}>
              {(props) => (
                <Button {...props} variant="default" size="xs" leftSection={<FileUp size={14} aria-hidden />}>
                  {t.addMany.file}
                </Button>
              )}
            </FileButton>
          </Group>
          <TextInput
            label={t.addDomain.name}
            placeholder={EXAMPLE}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            required
            withAsterisk={false}
            value={form.zone}
            onChange={(event) => form.setZone(event.currentTarget.value)}
            error={look.fieldError('zone')}
          />
          <Stack gap="xs" role="group" aria-label={t.importZone.ifNew}>
            <Checkbox
              label={t.importZone.mail}
              checked={form.mail}
              onChange={(event) => form.setMail(event.currentTarget.checked)}
            />
            <Checkbox
              label={t.importZone.web}
              checked={form.web}
              onChange={(event) => form.setWeb(event.currentTarget.checked)}
            />
          </Stack>
          {look.error !== undefined && <Refused error={look.error} />}
          <Group justify="flex-end">
            <Button type="submit" variant={preview ? 'default' : 'filled'} loading={look.busy}>
              {t.importZone.look}
            </Button>
          </Group>
        </Stack>
      </form>
      {preview && <ImportPreview preview={preview} take={form.take} />}
    </Page>
  );
}

/** What cannot be read of a file, line by line. */
function Refused({ error }: { error: unknown }) {
  const lines = error instanceof ApiProblem && error.code === 'invalid-zonefile' ? error.sentences : [];
  return (
    <>
      <Problem error={error} />
      {lines.length > 1 && (
        <pre className="mono code" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
          {lines.join('\n')}
        </pre>
      )}
    </>
  );
}

function useImport() {
  const { t, format } = useTexts();
  const navigate = useNavigate();
  const { zone: given = '' } = useSearch({ from: '/inside/domains/import' });
  const [text, setText] = useState('');
  const [zone, setZone] = useState(given);
  const [mail, setMail] = useState(true);
  const [web, setWeb] = useState(true);
  const [preview, setPreview] = useState<ImportResult>();
  const ask = (dryRun: boolean) => {
    const from = { kind: 'zonefile' as const, text };
    return answerOf(api.zones.import.$post({ json: { zone: zone.trim(), from, dryRun, mail, web } }));
  };
  const look = useAction(async () => setPreview(await ask(true)));
  const take = useAction(async () => {
    const { imported } = await ask(false);
    await client.invalidateQueries();
    notifications.show({ message: t.importZone.done(format.number(imported.length)) });
    await navigate({ to: '/domains/$domain', params: { domain: zone.trim().toLowerCase() } });
  });
  /** What was looked at is what is taken over. */
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      setPreview(undefined);
      look.forget();
      take.forget();
      set(value);
    };
  return {
    ...{ text, zone, mail, web, preview, look, take },
    setZone: changing(setZone),
    setMail: changing(setMail),
    setWeb: changing(setWeb),
    setText: changing((value: string) => {
      setText(value);
      if (zone === '') setZone(zoneNameIn(value) ?? '');
    }),
  };
}
