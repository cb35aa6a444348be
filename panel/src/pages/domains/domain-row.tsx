import { ChevronRight, Mail, Server } from 'lucide-react';
import type { Domain } from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';
import { toneOf } from '../domain/parent-state.ts';

/** Pixels. */
export const ROW_HEIGHT = 58;

export function DomainRow({ domain: { name, dns, mail, web, parent } }: { domain: Domain }) {
  const { t } = useTexts();
  const uses = [mail && t.domains.mail, web && t.domains.web].filter((use) => use !== false);
  return (
    <a href={`/domains/${encodeURIComponent(name)}`} className="row-link list-row">
      {mail ? <Mail size={17} aria-hidden /> : <Server size={17} aria-hidden />}
      <div className="list-row-text">
        <div className="list-row-name">{name}</div>
        <div className="list-row-facts">
          {[dns === 'local' ? t.domains.local : t.domains.external, ...uses].join(' · ')}
        </div>
      </div>
      {parent !== null && (
        <State tone={toneOf(parent)} size="xs">
          {t.parent.short[parent]}
        </State>
      )}
      <ChevronRight size={16} aria-hidden color="var(--mantine-color-dimmed)" />
    </a>
  );
}
