import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../../api/client.ts';
import * as queries from '../../../api/queries.ts';
import { Section } from '../../../parts/page.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { WaitingRows } from '../../../parts/rows.tsx';
import { ScoreFields, SendLimitFields } from '../../../parts/mail-fields.tsx';
import { useAction } from '../../../parts/use-action.ts';
import { client } from '../../../query-client.ts';
import { useMay } from '../../../session/use-may.ts';
import { useTexts } from '../../../texts/use-texts.ts';

/** What happens to mail for the domain, and how much its mailboxes may send. */
export function Delivery({ domain }: { domain: string }) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.mailDomain(domain));
  return (
    <Section title={t.delivery.title} lead={t.delivery.lead}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows count={3} />}
      {data && <Form domain={domain} settings={data} />}
    </Section>
  );
}

function Form({ domain, settings }: { domain: string; settings: queries.MailDomain }) {
  const { t, format } = useTexts();
  const mayChange = useMay('mail:write');
  const [changed, setChanged] = useState<Partial<queries.MailDomain>>({});
  const values = { ...settings, ...changed };
  const { totalSending: total } = settings;
  const totalSent = total
    ? t.delivery.totalSent(format.number(total.sent), format.number(total.messages))
    : '';
  const put = (some: Partial<queries.MailDomain>): void => setChanged({ ...changed, ...some });
  const save = useAction(async () => {
    const json = { ...changed, ...(values.nextHop?.host === '' && { nextHop: null }) };
    const saved = await answerOf(api.domains[':domain'].mail.$patch({ param: { domain }, json }));
    client.setQueryData(queries.mailDomain(domain).queryKey, saved);
    setChanged({});
    notifications.show({ message: t.common.saved });
  });
  return (
    <form onSubmit={save.submit}>
      <fieldset disabled={!mayChange} className="bare">
        <Stack>
          <Switch
            label={t.delivery.spamFilter}
            description={t.delivery.spamFilterHelp}
            checked={values.spamFilter}
            onChange={(event) => put({ spamFilter: event.currentTarget.checked })}
          />
          {values.spamFilter && (
            <ScoreFields
              scores={values.scores}
              put={(scores) => put({ scores })}
              fieldError={save.fieldError}
            />
          )}
          <Group align="flex-start" gap="sm">
            <TextInput
              label={t.delivery.nextHop}
              description={t.delivery.nextHopHelp}
              value={values.nextHop?.host ?? ''}
              onChange={(event) =>
                put({ nextHop: { port: 25, ...values.nextHop, host: event.currentTarget.value.trim() } })
              }
              autoCapitalize="none"
              spellCheck={false}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              error={save.fieldError('nextHop.host') ?? save.fieldError('nextHop')}
              style={{ flex: '3 1 260px' }}
            />
            <NumberInput
              label={t.delivery.port}
              value={values.nextHop?.port ?? 25}
              onChange={(port) =>
                port !== '' && put({ nextHop: { host: '', ...values.nextHop, port: Number(port) } })
              }
              min={1}
              max={65_535}
              allowDecimal={false}
              hideControls
              error={save.fieldError('nextHop.port')}
              style={{ flex: '1 1 80px' }}
            />
          </Group>
          <SendLimitFields
            name="sendLimit"
            help={t.delivery.sendLimitHelp}
            limit={values.sendLimit}
            put={(sendLimit) => put({ sendLimit })}
            fieldError={save.fieldError}
          />
          <SendLimitFields
            name="totalSendLimit"
            help={`${t.delivery.totalSendLimitHelp} ${totalSent}`.trim()}
            limit={values.totalSendLimit}
            put={(totalSendLimit) => put({ totalSendLimit })}
            fieldError={save.fieldError}
          />
          {save.error !== undefined && <Problem error={save.error} />}
          {mayChange && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.busy} disabled={Object.keys(changed).length === 0}>
                {t.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}
