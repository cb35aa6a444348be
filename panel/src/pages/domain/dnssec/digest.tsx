import { Alert, Switch, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { answerOf, api } from '../../../api/client.ts';
import * as queries from '../../../api/queries.ts';
import { Section } from '../../../parts/page.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { Said } from '../../../parts/said.tsx';
import { useAction } from '../../../parts/use-action.ts';
import { client } from '../../../query-client.ts';
import { useTexts } from '../../../texts/use-texts.ts';

/** Whether each version of the zone carries a digest of all its records (ZONEMD, RFC 8976), and why it does not where it should. */
export function Digest({ zone: { name, zonemd, zonemdWarning } }: { zone: queries.ZoneDetail }) {
  const { t } = useTexts();
  const change = useAction(async () => {
    await answerOf(api.zones[':zone'].$patch({ param: { zone: name }, json: { zonemd: !zonemd } }));
    await Promise.all([
      client.invalidateQueries({ queryKey: queries.zone(name).queryKey }),
      client.invalidateQueries({ queryKey: ['records'] }),
    ]);
  });
  return (
    <Section title={t.digest.title} lead={t.digest.lead}>
      <Switch
        label={t.digest.label}
        description={t.digest.limit}
        // What was chosen is shown at once; what the box refuses goes back.
        checked={change.busy ? !zonemd : zonemd}
        disabled={change.busy}
        onChange={change.run}
      />
      {zonemdWarning !== null && (
        <Alert
          mt="sm"
          color="orange"
          variant="light"
          icon={<TriangleAlert size={16} aria-hidden />}
          title={t.digest.leftOut}
        >
          <Text size="sm">
            <Said>{zonemdWarning}</Said>
          </Text>
        </Alert>
      )}
      {change.error !== undefined && <Problem error={change.error} />}
    </Section>
  );
}
