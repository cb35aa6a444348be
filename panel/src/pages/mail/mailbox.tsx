import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { ArchiveRestore, ArchiveX, PartyPopper } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AppPasswords } from './app-passwords.tsx';
import { Forwarding } from './forwarding.tsx';
import { Limits } from './limits.tsx';
import { MailboxSettings } from './mailbox-settings.tsx';
import { SetupSheet } from './setup-sheet.tsx';

const one = api.mailboxes[':address'];

export function MailboxPage() {
  const { t } = useTexts();
  const { address } = useParams({ from: '/inside/mailboxes/$address' });
  const { fresh } = useSearch({ from: '/inside/mailboxes/$address' });
  const mayWrite = useMay('mail:write');
  const { data, error, refetch } = useQuery(queries.mailbox(address));
  return (
    <Page
      title={address}
      above={mayWrite && <BackLink to="/mailboxes">{t.mailboxes.title}</BackLink>}
      lead={data?.displayName}
      actions={mayWrite && data?.state === 'active' && <Retire address={address} />}
      width={860}
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows />}
      {data?.state === 'retired' && <Retired mailbox={data} />}
      {data?.state === 'active' && (
        <Stack>
          {fresh && (
            <Alert color="post" icon={<PartyPopper size={18} aria-hidden />} title={t.mailbox.added}>
              {t.mailbox.addedLead}
            </Alert>
          )}
          <Limits mailbox={data} own={!mayWrite} />
          <SetupSheet address={address} />
          {/* Its fields begin anew with what is saved. */}
          {mayWrite && <MailboxSettings key={`settings ${data.displayName} ${data.quota}`} mailbox={data} />}
          <Forwarding key={`forward ${data.keepCopy} ${data.forwardTo.join()}`} mailbox={data} />
          <AppPasswords address={address} />
        </Stack>
      )}
    </Page>
  );
}

function Retired({ mailbox: { address, retiredAt } }: { mailbox: queries.Mailbox }) {
  const { t } = useTexts();
  const restore = useAction(async () => {
    await answerOf(one.restore.$post({ param: { address: inPath(address) } }));
    await client.invalidateQueries({ queryKey: ['mailboxes'] });
  });
  return (
    <Alert color="orange" icon={<ArchiveX size={18} aria-hidden />} title={t.mailbox.retired}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {t.mailbox.retiredLead} {retiredAt !== null && <Time value={retiredAt} />}
        </Text>
        {restore.error !== undefined && <Problem error={restore.error} />}
        <Button
          leftSection={<ArchiveRestore size={16} aria-hidden />}
          loading={restore.busy}
          onClick={restore.run}
        >
          {t.mailbox.restore}
        </Button>
      </Stack>
    </Alert>
  );
}

function Retire({ address }: { address: string }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <Group>
      <Button
        variant="default"
        leftSection={<ArchiveX size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {t.mailbox.retire}
      </Button>
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.mailbox.retireTitle(address)}
        action={t.mailbox.retire}
        destroy={async () => {
          await answerOf(one.$delete({ param: { address: inPath(address) } }));
          await client.invalidateQueries({ queryKey: ['mailboxes'] });
        }}
      >
        {t.mailbox.retireLead}
      </DestroyDialog>
    </Group>
  );
}
