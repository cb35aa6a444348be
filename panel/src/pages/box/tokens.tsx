import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeySquare } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { NewSecret, SecretRow } from '../../parts/secret-row.tsx';
import { Time } from '../../parts/time.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { MakeToken } from './make-token.tsx';

/** What programs sign in with. */
export function Tokens() {
  const { t } = useTexts();
  const { data, error, isPending, refetch } = useQuery(queries.tokens);
  const [made, setMade] = useState<{ name: string; secret: string }>();
  return (
    <Page title={t.tokens.title} lead={t.tokens.lead} width={860}>
      {made && (
        <NewSecret
          title={t.tokens.made(made.name)}
          lead={t.tokens.once}
          value={made.secret}
          what={t.tokens.token}
        />
      )}
      <Section title={t.tokens.make} lead={t.tokens.makeLead}>
        <MakeToken made={(name, secret) => setMade({ name, secret })} />
      </Section>
      <section className="card" aria-label={t.tokens.title}>
        {error && <Problem error={error} retry={() => void refetch()} />}
        {isPending && <WaitingRows count={3} />}
        {data?.items.length === 0 && <Empty icon={KeySquare} title={t.tokens.none} />}
        <Box className="rows" px="md">
          {data?.items.map((token) => (
            <Row key={token.id} token={token} />
          ))}
        </Box>
      </section>
    </Page>
  );
}

function Row({
  token: { id, name, scopes, addresses, createdAt, lastUsedAt, expiresAt },
}: {
  token: queries.Token;
}) {
  const { t } = useTexts();
  const rights = scopes.map(({ scope, zones, names }) => {
    const limits = [...zones, ...names];
    return limits.length === 0 ? t.tokens.scopes[scope] : `${t.tokens.scopes[scope]}: ${limits.join(', ')}`;
  });
  return (
    <SecretRow
      name={name}
      words={{
        label: t.tokens.revokeOf(name),
        title: t.tokens.revokeTitle(name),
        lead: t.tokens.revokeLead,
        action: t.tokens.revoke,
      }}
      remove={async () => {
        await answerOf(api.tokens[':id'].$delete({ param: { id } }));
        await client.invalidateQueries({ queryKey: ['tokens'] });
      }}
    >
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {[...rights, ...(addresses.length > 0 ? [t.tokens.from(addresses.join(', '))] : [])].join('; ')}
      </Text>
      <Text size="xs" c="dimmed">
        {t.tokens.createdAt} <Time value={createdAt} /> · {t.tokens.lastUsed}{' '}
        {lastUsedAt === null ? t.tokens.never : <Time value={lastUsedAt} />}
        {expiresAt !== null && (
          <>
            {' · '}
            {t.tokens.expires} <Time value={expiresAt} />
          </>
        )}
      </Text>
    </SecretRow>
  );
}
