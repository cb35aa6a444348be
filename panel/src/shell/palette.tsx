import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Globe, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import * as queries from '../api/queries.ts';
import { useTexts } from '../texts/use-texts.ts';
import { useMay } from '../session/use-may.ts';
import { onOpenPalette } from './open-palette.ts';
import { placesFor } from './places.ts';

/** Milliseconds without a key after which the box is asked. */
const PAUSE = 120;
/** Domains that are offered. */
const OFFERED = 7;

/** Ctrl+K: every page, and every domain by a part of its name. */
export function Palette() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const session = useQuery(queries.session);
  const mayAdd = useMay('domains:write');
  const mayRead = useMay('read');
  const [query, setQuery] = useState('');
  useEffect(() => onOpenPalette(spotlight.open), []);
  const [search] = useDebouncedValue(query.trim().toLowerCase(), PAUSE);
  const found = useInfiniteQuery({ ...queries.domains({ search }), enabled: mayRead && search !== '' });
  const places: SpotlightActionData[] = placesFor(session.data?.may ?? [])
    .flatMap(({ places }) => places)
    .map(({ to, label, words, icon: Icon }) => ({
      id: to,
      label: label(t),
      keywords: words(t),
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => void navigate({ to }),
    }));
  const add: SpotlightActionData = {
    id: 'add-domain',
    label: t.addDomain.title,
    leftSection: <Plus size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/domains/new' }),
  };
  const domains = (found.data?.pages[0]?.items ?? []).slice(0, OFFERED).map(({ name }) => ({
    id: `domain ${name}`,
    label: name,
    // What the box found stays, whatever of it the palette looks at.
    keywords: query,
    leftSection: <Globe size={18} aria-hidden />,
    onClick: () => void navigate({ to: '/domains/$domain', params: { domain: name } }),
  }));
  return (
    <Spotlight
      actions={[
        { group: t.shell.pages, actions: mayAdd ? [...places, add] : places },
        ...(domains.length > 0 ? [{ group: t.domains.title, actions: domains }] : []),
      ]}
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      tagsToIgnore={[]}
      nothingFound={t.shell.nothingFound}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <Search size={18} aria-hidden />,
        placeholder: t.shell.jumpTo,
        'aria-label': t.shell.jumpTo,
      }}
    />
  );
}
