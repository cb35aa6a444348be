import { NativeSelect } from '@mantine/core';
import { useTexts } from '../../texts/use-texts.ts';
import { type DomainSearch, domainStates } from './filter.ts';

/** Beside the search: which domains, and in which order. */
export function FilterFields({ filter, put }: { filter: DomainSearch; put: (next: DomainSearch) => void }) {
  const { t } = useTexts();
  return (
    <>
      <NativeSelect
        aria-label={t.domains.state}
        value={filter.state ?? 'all'}
        onChange={({ currentTarget: { value } }) =>
          put({ state: domainStates.find((state) => state === value) })
        }
        data={(['all', ...domainStates] as const).map((value) => ({ value, label: t.domains.states[value] }))}
      />
      <NativeSelect
        aria-label={t.domains.mailUse}
        value={filter.mail ?? 'all'}
        onChange={({ currentTarget: { value } }) =>
          put({ mail: (['yes', 'no'] as const).find((use) => use === value) })
        }
        data={(['all', 'yes', 'no'] as const).map((value) => ({ value, label: t.domains.mailUses[value] }))}
      />
      <NativeSelect
        aria-label={t.domains.sort}
        value={filter.sort ?? 'name'}
        onChange={({ currentTarget: { value } }) => put({ sort: value === 'newest' ? value : undefined })}
        data={(['name', 'newest'] as const).map((value) => ({ value, label: t.domains.sorts[value] }))}
      />
    </>
  );
}
