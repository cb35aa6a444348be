import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import * as queries from '../../api/queries.ts';
import { DestroyDialog } from '../../parts/destroy-dialog.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { WaitingRows } from '../../parts/rows.tsx';
import { SessionList } from '../../parts/session-list.tsx';
import { client } from '../../query-client.ts';
import { useTexts } from '../../texts/use-texts.ts';

const again = () => client.invalidateQueries({ queryKey: ['sessions'] });

async function end(id: string): Promise<void> {
  try {
    await answerOf(api.session.all[':id'].$delete({ param: { id } }));
  } catch (error) {
    // One that has ended meanwhile needs no end.
    if (!isProblem(error, 'not-found')) throw error;
  }
}

/** Where one is signed in, the one that asks included. */
export function OwnSessions() {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery(queries.ownSessions);
  const [asking, setAsking] = useState(false);
  const others = data?.items.filter(({ current }) => !current) ?? [];
  return (
    <Section
      title={t.sessions.title}
      lead={t.sessions.lead}
      actions={
        others.length > 1 && (
          <Button variant="default" size="xs" onClick={() => setAsking(true)}>
            {t.sessions.endOthers}
          </Button>
        )
      }
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows count={2} />}
      {data && <SessionList sessions={data.items} end={(id) => end(id).then(again)} />}
      <DestroyDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t.sessions.endOthersTitle}
        action={t.sessions.endOthers}
        destroy={async () => {
          for (const { id } of others) await end(id);
          await again();
        }}
      >
        {t.sessions.endOthersLead}
      </DestroyDialog>
    </Section>
  );
}
