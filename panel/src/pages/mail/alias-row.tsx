import { ActionIcon, Badge, Group, Text } from '@mantine/core';
import { AtSign, Pencil } from 'lucide-react';
import type { Alias } from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Pixels. */
export const ROW_HEIGHT = 58;

export function AliasRow({ alias, edit }: { alias: Alias; edit: () => void }) {
  const { t } = useTexts();
  const { address, targets, enabled, source } = alias;
  return (
    <Group h={ROW_HEIGHT - 1} px="md" gap="sm" wrap="nowrap">
      <AtSign size={17} aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap="xs" wrap="nowrap">
          <Text fw={550} truncate>
            {address}
          </Text>
          {source === 'required' && (
            <Badge size="sm" tt="none" color="gray" style={{ flexShrink: 0 }}>
              {t.aliases.required}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {targets.length === 0 ? t.aliases.noTarget : `→ ${targets.join(', ')}`}
        </Text>
      </div>
      {!enabled && (
        <State tone="none" size="xs">
          {t.mailboxes.disabled}
        </State>
      )}
      {source === 'own' && (
        <ActionIcon variant="subtle" color="gray" aria-label={t.aliases.editOf(address)} onClick={edit}>
          <Pencil size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}
