import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import * as queries from '../../api/queries.ts';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { AboutYou } from './about-you.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { Passkeys } from './passkeys.tsx';
import { SecondFactor } from './second-factor.tsx';

/** What somebody does with the account that they are signed in to. */
export function OwnAccount() {
  const { t } = useTexts();
  const { data } = useQuery(queries.session);
  if (!data?.account) return null;
  const { account, passkeys } = data;
  const isMailbox = account.role === 'mailbox-user';
  return (
    <Page title={t.ownAccount.title} lead={t.ownAccount.lead} width={760}>
      <Stack>
        {!isMailbox && <AboutYou key={account.displayName ?? ''} account={account} />}
        <OwnPassword name={account.name} isMailbox={isMailbox} />
        <SecondFactor account={account} />
        <Passkeys here={passkeys} />
        <OwnSessions />
      </Stack>
    </Page>
  );
}
