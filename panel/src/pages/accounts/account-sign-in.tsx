import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import type { AccountEntry } from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { LinkOnce, type OneTimeLink } from './link-once.tsx';

/** How the person gets in, and the way back for who does not. */
export function AccountSignIn({ account }: { account: AccountEntry }) {
  const { t, format } = useTexts();
  const { name, secondFactor, passkeys, lastSignInAt } = account;
  const [lost, setLost] = useState(false);
  const [made, setMade] = useState<OneTimeLink>();
  const action = useAction(async () => {
    const { link } = await answerOf(
      api.accounts[':name'].reset.$post({
        param: { name: inPath(name) },
        json: { secondFactor: lost ? 'remove' : 'keep' },
      }),
    );
    setMade({ url: link.url ?? '', expiresAt: link.expiresAt });
    setLost(false);
    for (const key of ['accounts', 'sessions']) await client.invalidateQueries({ queryKey: [key] });
  });
  const factors = [
    ...(secondFactor ? [t.accounts.secondFactor] : []),
    ...(passkeys > 0 ? [t.accounts.passkeys(format.number(passkeys))] : []),
  ];
  return (
    <Section title={t.accounts.signIn} lead={t.accounts.signInLead}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {factors.map((factor) => `${factor} · `)}
          {lastSignInAt === null ? (
            t.accounts.neverSignedIn
          ) : (
            <>
              {t.accounts.lastSignIn} <Time value={lastSignInAt} />
            </>
          )}
        </Text>
        {factors.length > 0 && (
          <Checkbox
            label={t.accounts.lost}
            checked={lost}
            onChange={(event) => setLost(event.currentTarget.checked)}
          />
        )}
        {action.error !== undefined && <Problem error={action.error} />}
        <Group>
          <Button variant="light" loading={action.busy} onClick={action.run}>
            {t.accounts.newLink}
          </Button>
        </Group>
        {made && <LinkOnce name={name} link={made} />}
      </Stack>
    </Section>
  );
}
