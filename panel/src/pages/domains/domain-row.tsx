import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Mail, Server } from 'lucide-react';
import * as queries from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { toneOf } from '../domain/parent-state.ts';

/** Pixels. */
export const ROW_HEIGHT = 58;

export function DomainRow({ domain: { name, dns, mail, web } }: { domain: queries.Domain }) {
  const { t } = useTexts();
  const uses = [mail && t.domains.mail, web && t.domains.web].filter((use) => use !== false);
  return (
    <Link to="/domains/$domain" params={{ domain: name }} className="row-link">
      <Group h={ROW_HEIGHT - 1} px="md" gap="sm" wrap="nowrap">
        {mail ? <Mail size={17} aria-hidden /> : <Server size={17} aria-hidden />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={550} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {[dns === 'local' ? t.domains.local : t.domains.external, ...uses].join(' · ')}
          </Text>
        </div>
        {dns === 'local' && <ParentState domain={name} />}
        <ChevronRight size={16} aria-hidden color="var(--mantine-color-dimmed)" />
      </Group>
    </Link>
  );
}

/** Rows that are seen alone ask for it: the list is as long as it may be. */
function ParentState({ domain }: { domain: string }) {
  const { t } = useTexts();
  const { data } = useQuery(queries.registrar(domain));
  if (!data) return null;
  const { state } = data.parent;
  return (
    <State tone={toneOf(state)} size="xs">
      {t.parent.short[state]}
    </State>
  );
}
