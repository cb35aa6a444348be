import { ActionIcon, Badge } from '@mantine/core';
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
    <div className="list-row">
      <AtSign size={17} aria-hidden />
      <div className="list-row-text">
        <div className="list-row-heading">
          <span className="list-row-name">{address}</span>
          {source === 'required' && (
            <Badge size="sm" tt="none" color="gray" style={{ flexShrink: 0 }}>
              {t.aliases.required}
            </Badge>
          )}
        </div>
        <div className="list-row-facts">
          {targets.length === 0 ? t.aliases.noTarget : `→ ${targets.join(', ')}`}
        </div>
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
    </div>
  );
}
