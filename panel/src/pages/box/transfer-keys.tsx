import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { answerOf, api, inPath } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { NewSecret, SecretRow } from '../../parts/secret-row.tsx';
import { Time } from '../../parts/time.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { MakeTransferKey } from './make-transfer-key.tsx';

/** What nameservers and programs sign their messages with (TSIG), and what each key opens. */
export function TransferKeys() {
  const { t } = useTexts();
  const { data, error, isPending, refetch } = useQuery(queries.tsigKeys);
  const [made, setMade] = useState<{ name: string; secret: string }>();
  return (
    <Page title={t.transferKeys.title} lead={t.transferKeys.lead} width={860}>
      {made && (
        <NewSecret
          title={t.transferKeys.made(made.name)}
          lead={t.transferKeys.once}
          value={made.secret}
          what={t.transferKeys.secret}
        />
      )}
      <Section title={t.transferKeys.make} lead={t.transferKeys.makeLead}>
        <MakeTransferKey made={(name, secret) => setMade({ name, secret })} />
      </Section>
      <section className="card" aria-label={t.transferKeys.title}>
        {error && <Problem error={error} retry={() => void refetch()} />}
        {isPending && <WaitingRows count={3} />}
        {data?.items.length === 0 && <Empty icon={KeyRound} title={t.transferKeys.none} />}
        <Box className="rows" px="md">
          {data?.items.map((key) => (
            <Row key={key.name} tsigKey={key} />
          ))}
        </Box>
      </section>
    </Page>
  );
}

function Row({ tsigKey: { name, algorithm, transfer, update, createdAt } }: { tsigKey: queries.TsigKey }) {
  const { t } = useTexts();
  const rights = [
    ...transferRights(transfer, t.transferKeys),
    ...update.map(({ zone, owners, types }) => t.transferKeys.updates(zone, owners, types)),
  ];
  return (
    <SecretRow
      name={name}
      words={{
        label: t.transferKeys.removeOf(name),
        title: t.transferKeys.removeTitle(name),
        lead: t.transferKeys.removeLead,
        action: t.common.remove,
      }}
      remove={async () => {
        await answerOf(api['tsig-keys'][':key'].$delete({ param: { key: inPath(name) } }));
        await client.invalidateQueries({ queryKey: ['tsig-keys'] });
      }}
    >
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {rights.length === 0 ? t.transferKeys.opens.none : rights.join('; ')}
      </Text>
      <Text size="xs" c="dimmed">
        {algorithm} · {t.transferKeys.createdAt} <Time value={createdAt} />
      </Text>
    </SecretRow>
  );
}

function transferRights(
  transfer: queries.TsigKey['transfer'],
  texts: { opens: { all: string }; transfers: (zones: string) => string },
): string[] {
  if (transfer === 'all') return [texts.opens.all];
  return transfer.length === 0 ? [] : [texts.transfers(transfer.join(', '))];
}
