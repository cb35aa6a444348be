import { Switch } from '@mantine/core';
import { answerOf, api } from '../../api/client.ts';
import * as queries from '../../api/queries.ts';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useAction } from '../../parts/use-action.ts';
import { client } from '../../query-client.ts';
import { useMay } from '../../session/use-may.ts';
import { useTexts } from '../../texts/use-texts.ts';

/** Whether a domain takes part in mail, or in web; what follows in the DNS does so at once. */
export function TakesPart({ domain, part }: { domain: queries.Domain; part: 'mail' | 'web' }) {
  const { t } = useTexts();
  const mayChange = useMay('domains:write');
  const { title, lead, label } = t.takesPart[part];
  const change = useAction(async () => {
    const param = { domain: domain.name };
    const changed = await answerOf(api.domains[':domain'].$patch({ param, json: { [part]: !domain[part] } }));
    client.setQueryData(queries.domain(domain.name).queryKey, changed);
    await client.invalidateQueries({ queryKey: ['records'] });
  });
  return (
    <Section title={title} lead={lead}>
      <Switch
        label={label}
        // What was chosen is shown at once; what the box refuses goes back.
        checked={change.busy ? !domain[part] : domain[part]}
        disabled={!mayChange || change.busy}
        onChange={change.run}
      />
      {change.error !== undefined && <Problem error={change.error} />}
    </Section>
  );
}
