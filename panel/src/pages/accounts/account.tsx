import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { SessionList } from '../../parts/session-list.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { AccountActions } from './account-actions.tsx';
import { AccountRights } from './account-rights.tsx';
import { AccountSignIn } from './account-sign-in.tsx';
import { AccountState } from './account-state.tsx';

/** The account of somebody: what it may do, and how the person gets in. */
export function AccountPage() {
  const { t } = useTexts();
  const { name } = useParams({ from: '/inside/accounts/$name' });
  const { data, error, refetch } = useQuery(queries.account(name));
  const { data: session } = useQuery(queries.session);
  const mayOwners = useMay('owners');
  const isOwn = data !== undefined && session?.account?.id === data.id;
  const mayTouch = data !== undefined && !isOwn && (data.role !== 'owner' || mayOwners);
  return (
    <Page
      title={name}
      above={<BackLink to="/accounts">{t.accounts.title}</BackLink>}
      lead={data?.displayName}
      actions={mayTouch && <AccountActions account={data} />}
      width={760}
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows />}
      {data && (
        <Stack>
          <AccountState account={data} />
          {isOwn && (
            <Alert color="post" icon={false}>
              <Text size="sm">
                {t.accounts.own} <TextLink to="/account">{t.accounts.toOwn}</TextLink>
              </Text>
            </Alert>
          )}
          {!isOwn && !mayTouch && <Text size="sm">{t.accounts.ownerOnly}</Text>}
          {mayTouch && (
            <>
              {/* Its fields begin anew with what is saved. */}
              <AccountRights key={`${data.role} ${data.domains.join()}`} account={data} />
              <AccountSignIn account={data} />
            </>
          )}
          <Sessions name={data.name} />
        </Stack>
      )}
    </Page>
  );
}

function Sessions({ name }: { name: string }) {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.sessionsOf(name));
  return (
    <Section title={t.sessions.title} lead={t.sessions.leadOf}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows count={2} />}
      {data && (
        <SessionList
          sessions={data.items}
          end={async (id) => {
            await answerOf(
              api.accounts[':name'].sessions[':id'].$delete({ param: { name: inPath(name), id } }),
            );
            await client.invalidateQueries({ queryKey: ['sessions'] });
          }}
        />
      )}
    </Section>
  );
}
