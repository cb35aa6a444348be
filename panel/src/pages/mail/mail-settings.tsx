import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { ScoreFields, SendLimitFields } from '../../parts/mail-fields.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AppliedState } from './applied-state.tsx';
import { RelayFields, type RelayValues, relayJson, relayValues } from './relay-fields.tsx';
import { useSettingsVerdict } from './settings-verdict.ts';

const MEBI = 2 ** 20;

/** What holds for the mail servers as a whole. */
export function MailSettings() {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.mailSettings);
  return (
    <Page title={t.mailSettings.title} lead={t.mailSettings.lead} width={760}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows />}
      {data && <Form settings={data} />}
    </Page>
  );
}

function Form({ settings }: { settings: queries.MailSettings }) {
  const { t } = useTexts();
  const { values, relay, put, putRelay, isSame, save, fieldError, reloads } = useMailSettings(settings);
  return (
    <Stack component="form" onSubmit={save.submit}>
      <Section title={t.mailSettings.now}>
        <AppliedState />
      </Section>
      <Section title={t.mailSettings.relay} lead={t.mailSettings.relayLead}>
        <RelayFields
          values={relay}
          isKept={settings.relay?.hasPassword === true}
          put={putRelay}
          fieldError={fieldError}
        />
      </Section>
      <Section title={t.mailSettings.spam} lead={t.mailSettings.spamLead}>
        <Stack>
          <ScoreFields
            scores={values.scores}
            put={(scores) => put({ scores })}
            fieldError={fieldError}
            isOfBox
          />
          <Switch
            label={t.mailSettings.greylisting}
            description={t.mailSettings.greylistingHelp}
            checked={values.greylisting}
            onChange={(event) => put({ greylisting: event.currentTarget.checked })}
          />
        </Stack>
      </Section>
      <Section title={t.mailSettings.limits}>
        <Stack>
          <NumberInput
            label={t.mailSettings.size}
            description={t.mailSettings.sizeHelp}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={values.messageSizeLimit === null ? '' : values.messageSizeLimit / MEBI}
            onChange={(size) =>
              put({ messageSizeLimit: size === '' ? null : Math.round(Number(size) * MEBI) })
            }
            placeholder={t.mailSettings.sizeUsual}
            max={2047}
            hideControls
            decimalScale={2}
            error={fieldError('messageSizeLimit')}
          />
          <SendLimitFields
            name="sendLimit"
            help={t.mailSettings.sendLimitHelp}
            limit={values.sendLimit}
            put={(sendLimit) => put({ sendLimit })}
            fieldError={fieldError}
          />
          <SendLimitFields
            name="totalSendLimit"
            help={t.mailSettings.totalSendLimitHelp}
            limit={values.totalSendLimit}
            put={(totalSendLimit) => put({ totalSendLimit })}
            fieldError={fieldError}
          />
        </Stack>
      </Section>
      {save.error !== undefined && <Problem error={save.error} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed" aria-live="polite" style={{ flex: '1 1 220px' }}>
          {reloads}
        </Text>
        <Button type="submit" loading={save.busy} disabled={isSame}>
          {t.common.save}
        </Button>
      </Group>
    </Stack>
  );
}

type Values = Pick<queries.MailSettings, 'greylisting' | 'sendLimit' | 'totalSendLimit'> & {
  /** null: as it comes. */
  messageSizeLimit: number | null;
  scores: queries.MailSettings['scores'] | null;
};

/** What is typed, what the box says of it, and the change. */
function useMailSettings(settings: queries.MailSettings) {
  const { t } = useTexts();
  const [changed, setChanged] = useState<Partial<Values>>({});
  const [relayChanged, setRelay] = useState<Partial<RelayValues>>({});
  // What nobody changed here is as it is now, whoever changed it elsewhere.
  const values: Values = { ...settings, ...changed };
  const relay = { ...relayValues(settings.relay), ...relayChanged };
  const json = { ...changed, ...(Object.keys(relayChanged).length > 0 && { relay: relayJson(relay) }) };
  const isSame = Object.keys(json).length === 0;
  const verdict = useSettingsVerdict(json);
  const save = useAction(async () => {
    const saved = await answerOf(api.mail.settings.$patch({ json }));
    client.setQueryData(queries.mailSettings.queryKey, saved);
    setChanged({});
    setRelay({});
    // Whether the servers have it is said above, once they do.
    await client.invalidateQueries({ queryKey: queries.mailStatus.queryKey });
  });
  return {
    ...{ values, relay, isSame, save },
    put: (some: Partial<Values>): void => {
      save.forget();
      setChanged({ ...changed, ...some });
    },
    putRelay: (some: Partial<RelayValues>): void => {
      save.forget();
      setRelay({ ...relayChanged, ...some });
    },
    fieldError: (name: string): string | undefined => {
      const sentence = verdict?.fields.get(name);
      return save.fieldError(name) ?? (sentence === undefined ? undefined : t.said(sentence));
    },
    reloads: verdict?.reloads && t.mailSettings.reloads(verdict.reloads),
  };
}
